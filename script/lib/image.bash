# Images built from the checkout. Source this file.

# build_image TAG [DOCKER OPTION…] CONTEXT: the image that had this tag before is removed, unless a container uses it.
# Tests side by side share images: of two that make one from the same context, the second finds what the first has made.
build_image() {
	local before after turn status=0

	exec {turn}<"${*: -1}"
	flock "$turn"
	before=$(docker image inspect --format '{{.Id}}' "$1" 2>/dev/null) || before=
	docker build --tag "$@" {turn}<&- || status=$?
	after=$(docker image inspect --format '{{.Id}}' "$1" 2>/dev/null) || after=$before
	[[ -z $before || $before == "$after" ]] || docker image rm "$before" >/dev/null 2>&1 || true
	exec {turn}<&-
	return "$status"
}
