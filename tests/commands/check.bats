#!/usr/bin/env bats
# rollcall check: what it says of good, torn and damaged files, and that it changes nothing.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

damage() {
	# The first byte of line $1.
	sed -i "$1s/^./?/" "$users_log"
	cp -- "$users_log" "$dir/before"
}

@test "a good file: counts" {
	put_records +alice +bob +carol -2:bob +Bob
	expect "$EX_OK" check
	expect_silence
	expect_out 'users: 3'
	expect_out 'records: 4 created, 1 removed'
	expect_out "size: $(stat -c %s "$users_log") bytes"
	expect_out 'first bad line: none'
	expect_out 'torn end: no'
	expect_out "$users_log is good"
	expect_unchanged
}

@test "a file by its path" {
	put_records +alice
	mv -- "$users_log" "$dir/elsewhere"
	expect "$EX_OK" check "$dir/elsewhere"
	expect_out "$dir/elsewhere is good"
}

@test "a torn end: nothing is lost, and nothing changed" {
	put_records +alice +bob
	truncate -s -3 "$users_log"
	cp -- "$users_log" "$dir/before"
	expect "$EX_OK" check
	expect_out 'users: 1'
	expect_out 'first bad line: 3'
	expect_out 'torn end: '
	expect_out 'good up to there'
	expect_unchanged
}

@test "damage in the middle: the line, and where it begins" {
	put_records +alice +bob +carol
	damage 3
	expect "$EX_DATAERR" check
	expect_out 'users: 1, up to the first bad line'
	expect_out "first bad line: 3, at byte $(head -n 2 "$users_log" | wc -c)"
	expect_out 'torn end: no'
	expect_out 'is damaged: line 3 is bad, and good records follow it'
	expect_unchanged
}

@test "records that are whole but do not fit" {
	put_records +alice -2:bob +carol
	expect "$EX_DATAERR" check
	expect_out 'first bad line: 3'
	put_records +alice -1:alice -1:alice
	expect "$EX_DATAERR" check
	expect_out 'first bad line: 4'
}

@test "an empty file, or half a header: what to do" {
	: >"$users_log"
	expect "$EX_DATAERR" check
	expect_out "$users_log is empty. Put a backup in its place"
	expect "$EX_DATAERR" export
	expect_err "$users_log is empty. Put a backup in its place"
	printf 'rollcall-users' >"$users_log"
	expect "$EX_DATAERR" check
	expect_out 'only the beginning of a header'
}

@test "a last line without its line feed is a user" {
	put_records +alice +bob
	truncate -s -1 "$users_log"
	cp -- "$users_log" "$dir/before"
	expect "$EX_OK" check
	expect_out 'users: 2'
	expect_out 'first bad line: none'
	expect_out 'last line feed: missing; the next start adds it'
	expect "$EX_OK" export
	expect_out ',bob'
	expect "$EX_OK" repair
	expect_out 'nothing to repair: 2 users, 2 records'
	expect_unchanged
	expect "$EX_OK" remove alice
	expect_err 'the last line feed was missing'
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n-\t1\talice' ]]
	[[ -z $(find "$dir/data" -name '*torn*') ]]
}

@test "a number that nobody can have: the line" {
	put_records +alice +999999999999999999=bob +1000000000000000000=carol
	expect "$EX_DATAERR" check
	expect_out 'line 4 is bad: it has a number that no user can have'
	expect "$EX_DATAERR" remove alice
	expect_unchanged
}

@test "something else" {
	printf 'dear diary\n' >"$users_log"
	expect "$EX_DATAERR" check
	expect_out 'line 1 is not its header'
	expect "$EX_NOINPUT" check "$dir/missing"
	expect_err 'No such file or directory'
	expect "$EX_NOINPUT" check "$dir"
	expect_err 'Is a directory'
}

@test "names that are the same by the tables of today are told, and stay two" {
	put_records +alice +ALICE +bob
	expect "$EX_OK" check
	expect_out 'same name: user 2, ALICE, and user 1, alice'
	expect_out 'names that clash: 1'
	expect_out 'users: 3'
}

@test "while a server is at work, without a lock" {
	start_rollcall
	expect "$EX_OK" check
	expect_out 'users: 0'
}

@test "an answer that cannot be written is an error" {
	put_records +alice
	status=0
	"$ROLLCALL" check >/dev/full 2>"$dir/err" || status=$?
	[[ $status -eq $EX_IOERR ]]
	grep -q 'No space left on device' "$dir/err"
}

@test "so it is for --help and --version" {
	for option in --help --version; do
		status=0
		"$ROLLCALL" "$option" >/dev/full 2>"$dir/err" || status=$?
		[[ $status -eq $EX_IOERR ]]
		[[ $(<"$dir/err") == 'rollcall: cannot write to standard output: No space left on device' ]]
	done
}

@test "the example in the description of the format is a good file" {
	sed -n '/^rollcall-users/,/^```/p' "$ROLLCALL_ROOT/docs/flat-file.md" | sed '/^```/d' >"$users_log"
	expect "$EX_OK" check
	expect_out 'records: 2 created, 1 removed'
	expect_out 'torn end: no'
}
