# shellcheck shell=bash
# What all files of this folder share: images of machines on which the application is built, made by the first test that needs
# one. WAYS_IMAGE=NAME in the environment keeps them for the next run: to work on a test, not to trust it.

setup_suite() {
	kept=${WAYS_IMAGE-}
	export WAYS_IMAGE=${kept:-rollcall-test-ways-$(stat --format %i "$BATS_RUN_TMPDIR")}
}

teardown_suite() {
	[[ -z $kept ]] || return 0
	command -v docker >/dev/null || return 0
	docker images --quiet --filter "reference=$WAYS_IMAGE" | sort -u | xargs --no-run-if-empty docker rmi --force >/dev/null
}
