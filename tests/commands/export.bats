#!/usr/bin/env bats
# rollcall export: every user, in a form that other programs read; and what cannot be written is noticed.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

time=2025-11-24T16:00:00.000Z

# More than a pipe holds.
put_many() {
	seq -f '+user%g' 5000 | xargs "$FLAT_FILE" >"$users_log"
}

@test "CSV, unless something else is asked for" {
	put_records +alice +Zoë +bob -3:bob +שלום '+a,b' '+say "hi"'
	printf '%s\r\n' number,created,username "1,$time,alice" "2,$time,Zoë" "4,$time,שלום" "5,$time,\"a,b\"" \
		"6,$time,\"say \"\"hi\"\"\"" >"$dir/expected"
	expect "$EX_OK" export
	expect_silence
	cmp -- "$dir/expected" "$dir/out"
	expect "$EX_OK" export --format csv
	cmp -- "$dir/expected" "$dir/out"
	expect_unchanged
}

@test "JSON Lines" {
	put_records +alice -1:alice +Zoë '+say "hi" \o/'
	printf '{"number":%s,"created":"%s","username":"%s"}\n' 2 "$time" Zoë 3 "$time" 'say \"hi\" \\o/' >"$dir/expected"
	expect "$EX_OK" export --format jsonl
	expect_silence
	cmp -- "$dir/expected" "$dir/out"
	[[ $(jq -r .username "$dir/out") == $'Zoë\nsay "hi" \\o/' ]]
}

@test "a format that there is not" {
	put_records +alice
	expect "$EX_USAGE" export --format xml
	expect_err '--format: expected csv or jsonl'
	expect "$EX_USAGE" export --skip-invalid
	[[ -z $out ]]
}

@test "nobody" {
	put_records
	expect "$EX_OK" export
	[[ $out == $'number,created,username\r' ]]
	expect "$EX_OK" export --format jsonl
	[[ ! -s $dir/out ]]
}

@test "a file by its path" {
	put_records +alice
	mv -- "$users_log" "$dir/elsewhere"
	expect "$EX_NOINPUT" export
	expect "$EX_OK" export "$dir/elsewhere"
	expect_out ",alice"
}

@test "more than one write takes" {
	put_many
	expect "$EX_OK" export
	[[ $(wc -l <"$dir/out") -eq 5001 ]]
	cmp -- <(cut -d , -f 3 "$dir/out") <(printf 'username\r\n'; seq -f $'user%g\r' 5000)
	expect "$EX_OK" export --format jsonl
	cmp -- <(jq -r .username "$dir/out") <(seq -f 'user%g' 5000)
}

@test "two users with one name by the tables of today are both there" {
	put_records +alice +ALICE
	expect "$EX_OK" export
	expect_out ",alice"
	expect_out ",ALICE"
}

@test "an end that is being written is left out, and left alone" {
	put_records +alice +bob
	truncate -s -3 "$users_log"
	cp -- "$users_log" "$dir/before"
	expect "$EX_OK" export
	expect_silence
	[[ $(wc -l <"$dir/out") -eq 2 ]]
	expect_unchanged
}

@test "of a damaged file nothing, rather than a part" {
	put_records +alice +bob +carol
	sed -i '3s/^./?/' "$users_log"
	expect "$EX_DATAERR" export
	expect_err 'line 3 is bad'
	[[ -z $out ]]
}

@test "while a server is at work, without a lock" {
	put_records +alice
	start_rollcall
	expect "$EX_OK" export
	expect_out ",alice"
}
