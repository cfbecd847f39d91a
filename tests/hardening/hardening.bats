#!/usr/bin/env bats
# What the flags of cmake/compile-options.cmake have made of the program, and of the one that holds sockets: looked for in the files
# that were built. What cannot be seen there, a program tries that is compiled in the same way.

# shellcheck source=../support/shell/hardened.bash
source "$BATS_TEST_DIRNAME/../support/shell/hardened.bash"

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# need NAME FLAG: skips the test if the compiler does not have this flag.
need() {
	grep -q "^ROLLCALL_HAS_$1:INTERNAL=1\$" "$BUILD/CMakeCache.txt" || skip "the compiler has no $2"
}

# expect_death WORDS WHAT: the probe is ended by the C library, with these words.
expect_death() {
	run "$PROBE" "$2"
	[[ $status -eq 134 && $output == *"$1"* ]] || fail "it ended with $status: $output"
}

@test "loaded anywhere, nothing can be both written and run, and all is linked before it starts" {
	expect_layout "$ROLLCALL"
	expect_layout "$SOCKET_HOLDER"
}

@test "an array on the stack that is overrun is noticed before the function returns" {
	need STACK_PROTECTOR -fstack-protector-strong
	expect_checks "$ROLLCALL"
	expect_checks "$SOCKET_HOLDER"
	expect_death 'stack smashing detected' stack
}

@test "calls of the C library know how long what they write to is" {
	expect_checks "$ROLLCALL" __memcpy_chk __snprintf_chk __vsnprintf_chk
}

@test "and also if only a variable knows it" {
	need FORTIFY_3 -D_FORTIFY_SOURCE=3
	expect_death 'buffer overflow detected' memory
}

@test "no step down the stack is longer than a page" {
	need STACK_CLASH -fstack-clash-protection
	expect_stack_probes "$ROLLCALL"
}

@test "functions that are called through a pointer are marked" {
	if [[ $(uname -m) == aarch64 ]]; then
		need BRANCH_PROTECTION -mbranch-protection=standard
	else
		need CF_PROTECTION -fcf-protection=full
	fi
	expect_branch_targets "$ROLLCALL"
	# The linker marks the program as a whole if all that it is made of is marked, also what the C library adds.
	if readelf --notes "$(gcc --print-file-name=crt1.o)" | grep -q -E 'IBT|BTI'; then
		readelf --notes "$ROLLCALL" | grep -q -E 'IBT, SHSTK|BTI, PAC'
	fi
}

@test "variables that nobody has set are zero, in every file of the program" {
	need AUTO_VAR_INIT -ftrivial-auto-var-init=zero
	"$PROBE" variables
	jq --raw-output '.[] | select(.file | test("/(app|packaging/holder)/")) | select(.command | contains(" -ftrivial-auto-var-init=zero ") | not) | .file' \
		"$BUILD/compile_commands.json" >"$BATS_TEST_TMPDIR/without"
	[[ ! -s $BATS_TEST_TMPDIR/without ]] || fail "$(<"$BATS_TEST_TMPDIR/without")"
}
