#!/usr/bin/env bats
# rollcall compact: removed names are off the file, numbers are never given again.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

@test "removed users are gone from the file, the others stay as they were" {
	put_records +alice +bob +carol -2:bob
	expect "$EX_OK" compact
	expect_silence
	expect_out $'kept: 2 users\ndropped: 1 removed'
	[[ $(records) == $'+\t1\talice\n+\t3\tcarol' ]]
	run ! grep -q bob "$users_log"
	[[ $(sed -n 2p "$users_log") == $(sed -n 2p "$dir/before") ]]
	expect "$EX_OK" check
	expect_out 'users: 2'
	[[ ! -e $users_log.new ]]
}

@test "the number of a removed user is not given again" {
	put_records +alice +bob -2:bob
	expect "$EX_OK" compact
	expect "$EX_OK" compact
	printf 'username=carol' | env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST PATH_INFO=/create-user \
		CONTENT_TYPE=application/x-www-form-urlencoded CONTENT_LENGTH=14 "ROLLCALL_DATA=$dir/data" \
		"$ROLLCALL" >"$dir/out"
	grep -q 'Status: 303' "$dir/out"
	[[ $(records) == $'+\t1\talice\n+\t3\tcarol' ]]
}

@test "nobody is left" {
	put_records +alice -1:alice
	expect "$EX_OK" compact
	[[ $(wc -l <"$users_log") -eq 1 ]]
	expect "$EX_OK" check
	expect_out 'users: 0'
}

@test "mode and owner stay" {
	put_records +alice
	chmod 600 "$users_log"
	if [[ $EUID -eq 0 ]]; then
		chown 12345:12346 "$users_log"
	fi
	before=$(stat -c '%a %u %g' "$users_log")
	expect "$EX_OK" compact
	[[ $(stat -c '%a %u %g' "$users_log") == "$before" ]]
}

@test "while a server runs it is refused, and the server is named" {
	put_records +alice
	start_rollcall
	expect "$EX_TEMPFAIL" compact
	expect_err "in use by process $app_pid"
	expect_unchanged
}

@test "without room for a second file the first stays as it is" {
	put_records +alice +bob -2:bob
	# A file-size limit stands for the full disk.
	status=0
	err=$( (ulimit -f 0 && "$ROLLCALL" compact) 2>&1) || status=$?
	[[ $status -eq $EX_IOERR ]]
	[[ $err == *'cannot write users.log anew: File too large'* ]]
	expect_unchanged
	[[ ! -e $users_log.new ]]
}
