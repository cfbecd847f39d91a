#!/usr/bin/env bats
# rollcall repair: a file that the server refuses becomes one that it takes, and nothing is lost.

source "$BATS_TEST_DIRNAME/../support/commands.bash"

saved() {
	cat -- "$dir"/data/users.log.dropped-*
}

@test "damage in the middle: the rest is kept, the bad line saved, the server starts again" {
	put_records +alice +bob +carol +dave
	sed -i '3s/bob/bab/' "$users_log"
	bad=$(sed -n 3p "$users_log")
	expect 1 --listen "unix:$dir/app.sock"
	expect_err 'line 3 is bad'
	expect "$EX_OK" repair
	expect_silence
	expect_out 'first bad line: 3'
	expect_out 'kept: 3 records, 3 users'
	expect_out 'dropped: 0 records'
	expect_out "$dir/data/users.log.dropped-"
	[[ $(saved) == "$bad" ]]
	[[ $(records) == $'+\t1\talice\n+\t3\tcarol\n+\t4\tdave' ]]
	expect "$EX_OK" check
	start_rollcall
	grep -q -F ' event=ready ' "$app_log"
	grep -q -F ' users=3' "$app_log"
}

@test "blocks that were swapped are put in order, and nobody is lost" {
	put_records +alice +bob +carol +dave
	{
		sed -n 1,2p "$dir/before"
		sed -n 4,5p "$dir/before"
		sed -n 3p "$dir/before"
	} >"$users_log"
	expect "$EX_DATAERR" check
	expect "$EX_OK" repair
	expect_out 'kept: 4 records, 4 users'
	expect_unchanged
	[[ -z $(find "$dir/data" -name '*dropped*') ]]
}

@test "a good file is left alone" {
	put_records +alice +bob
	expect "$EX_OK" repair
	expect_out 'nothing to repair: 2 users, 2 records'
	expect_unchanged
}

@test "an empty file is no users.log, and nothing to be called good" {
	: >"$users_log"
	expect "$EX_DATAERR" repair
	expect_err 'is it a users.log?'
	[[ -f $users_log && ! -s $users_log ]]
}

@test "random damage: what check finds good is kept, nothing is lost, the result is good" {
	local _ names=()

	mapfile -t names < <(seq -f '+user%.0f' 200)
	for _ in {1..25}; do
		rm -f -- "$dir"/data/users.log.dropped-*
		put_records "${names[@]}" -3:user3
		size=$(stat -c %s "$users_log")
		# 1 to 64 bytes, anywhere after the header.
		seed=$RANDOM
		printf 'seed %s\n' "$seed"
		RANDOM=$seed
		head -c $((1 + RANDOM % 64)) /dev/urandom |
			dd of="$users_log" bs=1 seek=$((40 + (RANDOM * 32768 + RANDOM) % (size - 110))) conv=notrunc status=none
		cp -- "$users_log" "$dir/damaged"
		expect "$EX_OK" repair
		expect "$EX_OK" check
		# Every line that is still whole is in it, once, in the same order.
		grep -a -x -F -f "$dir/damaged" "$dir/before" >"$dir/whole"
		comm -23 <(sort "$dir/whole") <(sort "$users_log") >"$dir/lost"
		[[ ! -s $dir/lost ]] || fail "lost:" "$(<"$dir/lost")"
		[[ -z $(comm -13 <(sort "$dir/before") <(sort "$users_log")) ]]
		expect "$EX_OK" repair
		expect_out 'nothing to repair'
	done
}

@test "a file that is something else is left alone" {
	printf 'dear diary\n' >"$users_log"
	cp -- "$users_log" "$dir/before"
	expect "$EX_DATAERR" repair
	expect_err 'is it a users.log?'
	expect_unchanged
	rm -- "$users_log"
	expect "$EX_NOINPUT" repair
}

@test "while a server is at work it is refused, and who that is is said" {
	put_records +alice
	start_rollcall
	expect "$EX_TEMPFAIL" repair
	expect_err "in use by process $app_pid"
	expect_unchanged
}
