#!/usr/bin/env bats
# script/container, with an engine that is made up: what it is told to make and run, and what becomes of the command's status.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# docker writes down its arguments; "run" is the container: it gets the checkout and leaves what is skipped.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p bin checkout/script checkout/tests/browser
	cp -R -- "$ROLLCALL_ROOT"/script/{container,test,lib} checkout/script
	program checkout/script/bootstrap ':'
	program checkout/script/docker-engine ':'
	# shellcheck disable=SC2016 # it is the program that expands it
	program bin/docker '
printf "%s\n" "$*" >>"$BATS_TEST_TMPDIR/calls"
case $1 in
image) wc -l <"$BATS_TEST_TMPDIR/calls" ;; # another one each time
build) ls "${@: -1}" >"$BATS_TEST_TMPDIR/image" ;;
run)
	tar --list >"$BATS_TEST_TMPDIR/packed"
	exit "${container_ends_with-0}"
	;;
cp) cd "$BATS_TEST_TMPDIR" && printf "unit\tonly root\n" >skips && tar --create skips ;;
esac'
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	unset CI SKIPS_FILE
	cd checkout || return
	git init -q
	printf 'build/\n' >.gitignore
	mkdir build
	touch build/old new
}

# program FILE TEXT
program() {
	printf '#!/bin/bash\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# expect STATUS COMMAND…
expect() {
	run "${@:2}"
	[[ $status -eq $1 ]] || fail "it ended with $status, not $1: $output"
}

# called WORD…: a call of docker that begins with the first.
called() {
	local call

	call=$(grep "^$1 " "$BATS_TEST_TMPDIR/calls")
	[[ " $call " == *" ${*:2} "* ]] || fail "$call"
}

@test "an ordinary user, on the files of the checkout and not on what git ignores" {
	expect 0 script/test --in debian:trixie-slim -L unit
	called build --build-arg IMAGE=debian:trixie-slim
	called run --user tester
	called run script/test -L unit
	grep -q -x new "$BATS_TEST_TMPDIR/packed"
	[[ $(<"$BATS_TEST_TMPDIR/packed") != *build/* ]]
}

@test "an image that another one takes the place of is removed" {
	expect 0 script/container debian:trixie-slim true
	called 'image rm' 1
}

@test "root, if that is asked for" {
	expect 0 script/container --root debian:trixie-slim true
	called run --user root
}

@test "the command's status is its own, and what was skipped is told whichever it is" {
	export SKIPS_FILE=$BATS_TEST_TMPDIR/gathered container_ends_with=3
	expect 3 script/container debian:trixie-slim false
	[[ $(<"$SKIPS_FILE") == $'unit\tonly root' ]]
	called rm --force --volumes
}

@test "without an engine it says why" {
	program script/docker-engine 'echo "docker-engine: no engine, made up" >&2; exit 1'
	expect 1 script/container debian:trixie-slim true
	[[ $output == 'container: docker-engine: no engine, made up' ]] || fail "$output"
}

@test "how it is called is said" {
	expect 0 script/container --help
	[[ $output == *'script/container debian:trixie-slim '* ]]
	expect 2 script/container
	expect 2 script/container debian:trixie-slim
}
