#!/usr/bin/env bats
# rollcall rename and add, without a server: a record that is on disk, and the rules for names.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

@test "a user is renamed, and keeps number and time" {
	local created

	put_records +alice +bob
	created=$(cut -f 4 "$users_log" | sed -n 3p)
	expect "$EX_OK" rename BOB Robert
	expect_silence
	expect_out 'renamed user 2, bob, to Robert'
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n=\t2\tRobert' ]]
	[[ $(head -n 1 "$users_log") == rollcall-users$'\t2\t'* ]]
	expect "$EX_OK" rename --number 2 Rob
	expect "$EX_OK" check
	expect_out 'records: 2 created, 0 removed, 2 renamed'
	expect "$EX_OK" export --format jsonl
	[[ $(jq -r 'select(.number == 2) | .username + " " + .created' <<<"$out") == "Rob $created" ]]
	expect "$EX_OK" backup "$dir/copy"
	expect_out "$dir/copy: 2 users"
	cmp "$dir/copy" "$users_log"
	expect "$EX_OK" compact
	[[ $(records) == $'+\t1\talice\n+\t2\tRob' ]]
	[[ $(head -n 1 "$users_log") == rollcall-users$'\t1\t'* ]]
}

@test "a user that has the name already" {
	put_records +alice +bob
	expect "$EX_OK" rename alice ' alice '
	expect_silence
	expect_out 'user 1 is called alice already: nothing was changed'
	expect_unchanged
}

@test "names that cannot be given" {
	put_records +alice +Cop
	expect "$EX_DATAERR" rename alice cop
	expect_err 'that name is taken by user 2, Cop'
	expect "$EX_DATAERR" rename alice Сор
	expect_err 'that name looks like that of user 2, Cop'
	expect "$EX_DATAERR" rename alice 'a!'
	expect "$EX_NOUSER" rename carol dave
	expect_err 'there is no user carol'
	expect "$EX_NOUSER" rename --number 3 dave
	expect_err 'there is no user with the number 3'
	expect "$EX_NOUSER" rename --number 2 alice dave
	expect "$EX_USAGE" rename dave
	expect_err 'a name or --number is missing'
	expect "$EX_USAGE" rename
	expect "$EX_USAGE" rename a b c
	expect_unchanged
	expect "$EX_OK" rename cop Сор
	expect_out 'renamed user 2, Cop, to Сор'
}

@test "of two users with one name the one that is meant" {
	put_records +Alice +alice
	expect "$EX_DATAERR" rename ALICE bob
	expect_err 'more than one user has that name'
	expect "$EX_OK" rename alice bob
	expect_out 'renamed user 2, alice, to bob'
}

@test "a user is added" {
	put_records +alice -1:alice
	expect "$EX_OK" add 'Bob  Smith'
	expect_out 'added user 2, Bob Smith'
	expect "$EX_DATAERR" add 'bob smith'
	expect_err 'that name is taken by user 2, Bob Smith'
	expect "$EX_DATAERR" add ''
	expect "$EX_USAGE" add
	[[ $(records) == $'+\t1\talice\n-\t1\talice\n+\t2\tBob Smith' ]]
}

@test "a user is removed by its number alone" {
	put_records +alice +bob
	expect "$EX_OK" remove --number 2
	expect_out 'removed user 2, bob'
	expect "$EX_NOUSER" remove --number 2
	expect_err 'there is no user with the number 2'
	expect "$EX_USAGE" remove
	expect_err 'a name or --number is missing'
}

@test "while a server runs they are refused" {
	put_records +alice
	start_rollcall
	expect "$EX_TEMPFAIL" rename alice bob
	expect "$EX_TEMPFAIL" add bob
	expect_unchanged
}
