# Images built from the checkout. Source this file.

# build_image TAG [DOCKER OPTION…] CONTEXT: the image that had this tag before is removed, unless a container uses it.
build_image() {
	local before after

	before=$(docker image inspect --format '{{.Id}}' "$1" 2>/dev/null) || before=
	docker build --tag "$@" || return
	after=$(docker image inspect --format '{{.Id}}' "$1") || return
	[[ -z $before || $before == "$after" ]] || docker image rm "$before" >/dev/null 2>&1 || true
}
