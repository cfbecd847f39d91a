#!/usr/bin/env bats
# What every command has in common: --help, wrong options, exit status.

source "$BATS_TEST_DIRNAME/../support/commands.bash"

commands() {
	"$ROLLCALL" --help | sed -n 's/^  rollcall \([a-z]*\) .*/\1/p'
}

@test "--help of the program lists them, and each has a --help of its own" {
	local name

	[[ $(commands | wc -l) -ge 5 ]]
	for name in $(commands); do
		expect "$EX_OK" "$name" --help
		expect_silence
		[[ $out == "usage: rollcall $name "* ]]
		expect_out --help
		expect_out 'Exit status'
	done
}

@test "each is in the manual" {
	local name

	for name in $(commands); do
		grep -q "^\.It Cm $name" "$ROLLCALL_ROOT/man/rollcall.8" || fail "$name is not"
	done
}

@test "what no command takes" {
	local name

	for name in $(commands); do
		expect "$EX_USAGE" "$name" --nonsense
		expect_err "rollcall $name: --nonsense: no such option"
		expect_err "Try 'rollcall $name --help'."
		expect "$EX_USAGE" "$name" a b c
		expect_err 'too many'
	done
	for name in $(commands); do
		expect "$EX_OK" "$name" --help
		[[ $out == *' --data DIRECTORY'* ]] || continue
		expect "$EX_USAGE" "$name" --data
		expect_err 'a value is missing'
		expect "$EX_USAGE" "$name" --data ''
	done
	expect "$EX_USAGE" check -xy
	expect_err 'rollcall check: -x: no such option'
	expect "$EX_USAGE" check file --nonsense
	expect_err 'rollcall check: --nonsense: no such option'
	expect "$EX_USAGE" remove
	expect_err 'NAME: missing'
}

@test "a command that there is not" {
	expect "$EX_USAGE" destroy
	expect_err 'destroy: no such command'
}

@test "options may follow the operand, and count before the environment" {
	put_records +alice
	mkdir "$dir/other"
	mv -- "$users_log" "$dir/other"
	expect "$EX_OK" remove alice --data "$dir/other"
	expect "$EX_OK" check --data="$dir/other"
	expect_out 'users: 0'
}
