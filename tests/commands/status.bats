#!/usr/bin/env bats
# rollcall status: what a running server says of its load, in words and as JSON.

# shellcheck source=../support/shell/commands.bash
source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

status_of() {
	command status --listen "unix:$dir/app.sock" "$@"
}

@test "status: users, sign-ups and the loop, in a line" {
	put_records +alice +bob
	start_rollcall
	status_of
	[[ $status -eq 0 && $out =~ ^'2 users, 0 sign-ups in the last minute, loop '(0|<0.1|[0-9.]+)'% busy'$ ]] || fail "$(show_result)"
	command add --listen "unix:$dir/app.sock" carol
	status_of
	[[ $out == '3 users, '* ]] || fail "$(show_result)"
	expect_silence
}

@test "status: the same as JSON" {
	put_records +alice
	start_rollcall
	status_of --json
	[[ $out =~ '"loop_utilization":'[01]'.'[0-9]{6}, ]] || fail "$(show_result)" # without an exponent
	jq --exit-status '.users == 1 and .sign_ups_last_minute == 0 and .loop_utilization >= 0 and .loop_utilization <= 1
		and .ready == true and (has("reason") | not) and (.status | startswith("1 user, "))' <<<"$out" || fail "$(show_result)"
}

@test "status: no server" {
	command status --listen "unix:$dir/none.sock"
	[[ $status -eq 69 && $err == "rollcall: unix:$dir/none.sock: "* ]] || fail "$(show_result)"
	command status something
	[[ $status -eq 64 ]] || fail "$(show_result)"
}

@test "status: over TCP nobody is asked who there is" {
	start_app "$ROLLCALL" --listen tcp:127.0.0.1:0 --data "$dir/data"
	command status --listen "$(sed -n 's/.* address=\(tcp:[^ ]*\) .*/\1/p' "$app_log")"
	[[ $status -eq 77 ]] || fail "$(show_result)"
}
