#!/usr/bin/env bats
# Messages in systemd's journal: each line with its priority there, and with none anywhere else.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# says ARGUMENT…: what the program says on its standard error, which it takes for the journal.
says() {
	local stream

	: >"$dir/err"
	stream=$(stat --format=%d:%i "$dir/err")
	JOURNAL_STREAM=$stream "$ROLLCALL" "$@" </dev/null >"$dir/out" 2>>"$dir/err" 3>&- || true
	[[ -s $dir/err ]]
}

# expect_lines PRIORITY: all of them begin with it.
expect_lines() {
	! grep -v "^<$1>[^<]" "$dir/err" || fail "not all of them are of priority $1"
}

@test "what is wrong is an error, in all of its lines" {
	says --page-size 0
	expect_lines 3
	[[ $(wc -l <"$dir/err") -eq 2 ]]
	says no-such-command
	expect_lines 3
	[[ $(wc -l <"$dir/err") -eq 2 ]]
	says check --no-such-option
	expect_lines 3
	says check
	expect_lines 3
	says healthcheck --listen "unix:$dir/nobody.sock"
	expect_lines 3
	GATEWAY_INTERFACE=CGI/1.1 says check
	expect_lines 3
}

@test "what cannot be done with a list, or with a name, is an error" {
	put_records +alice +bob
	sed -i '2s/alice/alicf/' "$users_log"
	says backup --data "$dir/data" "$dir/copy"
	expect_lines 3
	put_records +Alice +alice +bob
	says remove aLICE
	expect_lines 3
	start_rollcall
	says remove --listen "unix:$dir/app.sock" aLICE
	expect_lines 3
	says rename --listen "unix:$dir/app.sock" bob ALICE
	expect_lines 3
	grep -q 'is taken by' "$dir/err"
}

@test "what was mended is a warning" {
	put_records +alice
	printf 'torn' >>"$users_log"
	rm -- "$dir/data/users.lock"
	says remove alice
	expect_lines 4
	[[ $(wc -l <"$dir/err") -eq 2 ]] || fail "$(<"$dir/err")"
}

@test "the refusal of a start is an error" {
	says --data "$dir/nowhere"
	expect_lines 3
}

@test "nobody else sees a priority: the variable is inherited, but standard error is not" {
	: >"$dir/other"
	for stream in "$(stat --format=%d:%i "$dir/other")" '' 0:0 nonsense; do
		JOURNAL_STREAM=$stream command --page-size 0
		[[ $err == 'rollcall: '* ]] || fail "$err"
	done
}

@test "text of others does not begin a line" {
	says check "$dir/a"$'\n<0>forged'
	expect_lines 3
	[[ $(wc -l <"$dir/err") -eq 1 ]]
}
