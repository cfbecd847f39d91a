#!/usr/bin/env bats
# What every command has in common: --help, wrong options, exit status.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

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
		grep -q "^\.It Cm $name" "$ROLLCALL_ROOT/docs/rollcall.8" || fail "$name is not"
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
	expect "$EX_USAGE" add
	expect_err 'NAME: missing'
}

@test "a command that there is not" {
	expect "$EX_USAGE" destroy
	expect_err 'destroy: no such command'
}

# each_way OPTION…: before the command `check` these options do what they do after it.
each_way() {
	local before

	command "$@" check
	before=$(show_result)
	command check "$@"
	[[ $before == "$(show_result)" ]] || fail "$*: before the command: $before" "$(show_result)"
}

@test "options may come before the command" {
	put_records +alice
	mkdir "$dir/other"
	mv -- "$users_log" "$dir/other"
	expect "$EX_OK" --data "$dir/other" export
	expect_out ',alice'
	expect "$EX_OK" --data="$dir/other" --format jsonl export
	expect_out '"username":"alice"'
	expect "$EX_OK" --dat "$dir/other" --form=csv export "$dir/other/users.log"
	expect_out ',alice'
	expect "$EX_OK" --data "$dir/other" remove --number 1 alice
	expect "$EX_OK" --data "$dir/other" check
	expect_out 'users: 0'
	expect "$EX_DATAERR" --data "$dir/other" --skip-invalid import --format csv
	expect_err 'there is no header row'
	expect "$EX_UNAVAILABLE" --live --listen "unix:$dir/none.sock" healthcheck
	expect "$EX_OK" --help export
	[[ $out == 'usage: rollcall export '* ]]
	# The last one counts, wherever it stands.
	expect "$EX_NOINPUT" --data "$dir/other" check --data "$dir/none"
}

@test "an option before the command is the command's, and means the same there" {
	put_records +alice
	each_way --data "$dir/data"
	each_way --data "$dir/none"
	each_way --data=
	each_way --help
	each_way --format csv
	each_way --log-level debug
	each_way --number 1
}

@test "the value of an option is no command" {
	cd -- "$dir"
	put_records +alice
	mkdir export
	cp -- "$users_log" export
	expect "$EX_OK" --data export check
	expect_out 'export/users.log is good'
	# These are wrong options of the server.
	expect 2 --data "$dir/data" something
	expect 2 -- check
	expect 2 --nonsense check
	expect "$EX_OK" --version check
	[[ $out == 'rollcall '* && $out != *users* ]]
}

@test "options may follow the operand, and count before the environment" {
	put_records +alice
	mkdir "$dir/other"
	mv -- "$users_log" "$dir/other"
	expect "$EX_OK" remove alice --data "$dir/other"
	expect "$EX_OK" check --data="$dir/other"
	expect_out 'users: 0'
}
