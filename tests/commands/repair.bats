#!/usr/bin/env bats
# rollcall repair: a file that the server refuses becomes one that it takes, and nothing is lost.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

saved() {
	cat -- "$dir"/data/users.log.dropped-*
}

@test "damage in the middle: the rest is kept, the bad line saved, the server starts again" {
	put_records +alice +bob +carol +dave
	sed -i '3s/bob/bab/' "$users_log"
	bad=$(sed -n 3p "$users_log")
	expect "$EX_DATAERR" --listen "unix:$dir/app.sock"
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
	expect_err "$users_log is empty. Put a backup in its place"
	[[ -f $users_log && ! -s $users_log ]]
}

@test "a removal whose user is unreadable has nobody to remove: it is saved too" {
	put_records +alice +bob +carol -2:bob
	sed -i '3s/bob/bab/' "$users_log"
	sed -n '3p;5p' "$users_log" >"$dir/expected"
	expect "$EX_OK" repair
	[[ $(records) == $'+\t1\talice\n+\t3\tcarol' ]]
	saved | cmp -- "$dir/expected" -
	expect "$EX_OK" check
}

# damage SEED: 1 to 64 bytes of $users_log, anywhere after the header, become others.
damage() {
	local size at length

	size=$(stat -c %s "$users_log")
	RANDOM=$1
	at=$((40 + (RANDOM * 32768 + RANDOM) % (size - 110)))
	for ((length = 1 + RANDOM % 64; length > 0; length--)); do
		# shellcheck disable=SC2059
		printf "\\x$(printf %x $((RANDOM % 256)))"
	done | dd of="$users_log" bs=1 seek="$at" conv=notrunc status=none
}

# lines_of_one A B: the lines of A that are not in B.
lines_of_one() {
	LC_ALL=C comm -23 <(LC_ALL=C sort "$1") <(LC_ALL=C sort "$2")
}

@test "random damage: what check finds good is kept, nothing is lost, the result is good" {
	local _ seed names=()

	mapfile -t names < <(seq -f '+user%.0f' 200)
	for _ in {1..25}; do
		rm -f -- "$dir"/data/users.log.dropped-*
		put_records "${names[@]}" -3:user3
		seed=$((SRANDOM % 32768))
		printf 'seed %s\n' "$seed"
		damage "$seed"
		cp -- "$users_log" "$dir/damaged"
		expect "$EX_OK" repair
		expect "$EX_OK" check
		# Nothing is invented; of the lines that are still whole every user's is there, and the removal at least saved.
		[[ -z $(lines_of_one "$users_log" "$dir/before") ]]
		LC_ALL=C grep -a -x -F -f "$dir/damaged" "$dir/before" >"$dir/whole"
		lines_of_one "$dir/whole" "$users_log" >"$dir/gone"
		if [[ -s $dir/gone ]]; then
			[[ $(cut -f 2,3 "$dir/gone") == $'-\t3' ]] || fail "lost:" "$(<"$dir/gone")"
			saved >"$dir/saved"
			grep -a -q -x -F -f "$dir/gone" "$dir/saved"
		fi
		expect "$EX_OK" repair
		expect_out 'nothing to repair'
	done
}

@test "a file that is something else is left alone" {
	printf 'dear diary\n' >"$users_log"
	cp -- "$users_log" "$dir/before"
	expect "$EX_DATAERR" repair
	expect_err 'is not a users.log: line 1 is not its header'
	expect_unchanged
	rm -- "$users_log"
	expect "$EX_NOINPUT" repair
}

@test "while a server runs it is refused, and the server is named" {
	put_records +alice
	start_rollcall
	expect "$EX_TEMPFAIL" repair
	expect_err "in use by process $app_pid"
	expect_unchanged
}
