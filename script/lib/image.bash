# Images that are made of what is in the checkout. Source this file.

# build_image TAG [DOCKER OPTION…] CONTEXT: one that had this tag and is another one now is removed, unless a container has it.
build_image() {
	local before after

	before=$(docker image inspect --format '{{.Id}}' "$1" 2>/dev/null) || before=
	docker build --tag "$@" || return
	after=$(docker image inspect --format '{{.Id}}' "$1") || return
	[[ -z $before || $before == "$after" ]] || docker image rm "$before" >/dev/null 2>&1 || true
}
