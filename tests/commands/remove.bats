#!/usr/bin/env bats
# rollcall remove: the user is gone from the list, by a record that is on disk.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

@test "a user is removed by a record of it" {
	put_records +alice +bob
	expect "$EX_OK" remove bob
	expect_silence
	expect_out 'removed user 2, bob'
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n-\t2\tbob' ]]
	expect "$EX_OK" check
	expect_out 'users: 1'
	start_rollcall
	grep -q -F ' users=1' "$app_log"
}

@test "by any spelling that counts as the same" {
	put_records +Zoë
	expect "$EX_OK" remove "ＺＯE"$'\u0308'
	expect_out 'removed user 1, Zoë'
}

@test "of two users with one name, one after the other" {
	put_records +alice +ALICE
	expect "$EX_OK" remove alice
	expect "$EX_OK" remove alice
	expect "$EX_NOUSER" remove alice
	expect "$EX_OK" check
	expect_out 'users: 0'
}

@test "of two users with one name the one with exactly that spelling" {
	put_records +Alice +alice +bob
	expect "$EX_OK" remove alice
	expect_out 'removed user 2, alice'
	put_records +Alice +alice +bob
	expect "$EX_OK" remove Alice
	expect_out 'removed user 1, Alice'
}

@test "of two users with one name nobody, if neither spells it so: both are listed" {
	put_records +Alice +alice +ALIce -3:ALIce +bob +Bob
	expect "$EX_DATAERR" remove ALICE
	[[ $err == $'rollcall: more than one user has that name; --number says which:\n  1  Alice\n  2  alice' ]]
	expect_unchanged
	expect "$EX_OK" remove ALICE --number 1
	expect_out 'removed user 1, Alice'
	expect "$EX_OK" remove ALICE
	expect_out 'removed user 2, alice'
}

@test "of two users with one spelling the one with the number" {
	put_records +alice +alice
	expect "$EX_DATAERR" remove alice
	expect_unchanged
	expect "$EX_OK" remove --number 2 alice
	expect_out 'removed user 2, alice'
	[[ $(records) == $'+\t1\talice\n+\t2\talice\n-\t2\talice' ]]
}

@test "a number that is not of that name" {
	local number

	put_records +alice +bob -2:bob
	for number in 2 3 999999999999999999; do
		expect "$EX_NOUSER" remove alice --number "$number"
		expect_err "there is no user alice with the number $number"
	done
	for number in 0 01 -1 1x '' 1000000000000000000 18446744073709551617; do
		expect "$EX_USAGE" remove alice --number "$number"
		expect_err '--number: expected the number of a user'
	done
	expect "$EX_NOUSER" remove bob --number 1
	expect_unchanged
	expect "$EX_OK" remove alice --number 1
}

@test "nobody of that name" {
	put_records +alice -1:alice
	expect "$EX_NOUSER" remove alice
	expect_err 'there is no user alice'
	expect "$EX_DATAERR" remove $'\xff'
	expect_unchanged
}

@test "no file, and a mistyped directory stays as it was" {
	expect "$EX_NOINPUT" remove alice
	[[ -z $(ls -A "$dir/data") ]]
	expect "$EX_NOINPUT" remove --data "$dir/missing" alice
}

@test "while a server runs it is refused, and the server is named" {
	put_records +alice
	start_rollcall
	expect "$EX_TEMPFAIL" remove alice
	expect_err "in use by process $app_pid"
	expect_unchanged
}

@test "a torn end is cut off, saved and told first" {
	put_records +alice +bob
	truncate -s -3 "$users_log"
	expect "$EX_OK" remove alice
	expect_err "saved in $dir/data/users.log.torn-"
	[[ $(records) == $'+\t1\talice\n-\t1\talice' ]]
}

@test "the record is on disk before it is said" {
	put_records +alice
	# The leak sanitizer cannot run under a tracer.
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -e trace=pwrite64,fdatasync,write -o "$dir/trace" "$ROLLCALL" remove alice >"$dir/out"
	order=$(sed -n -e 's/.*pwrite64(\([0-9]*\), "[0-9a-f]*\\t-.*/append/p' -e 's/.*fdatasync(.*= 0$/sync/p' \
		-e 's/.*write(1, "removed.*/said/p' "$dir/trace" | xargs)
	[[ $order == 'append sync said' ]]
}
