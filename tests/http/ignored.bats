#!/usr/bin/env bats
# Settings that have no effect: the log says so at the start.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	prepare
}

teardown() {
	finish
}

# start_held [VARIABLE=VALUE…] [OPTION…]: with a listening socket as descriptor 0, $dir/app.sock.
start_held() {
	rm -f -- "$dir/app.sock"
	start_app env ROLLCALL_DATA="$dir/data" spawn-fcgi -n -s "$dir/app.sock" -M 0660 -- /usr/bin/env "$@"
}

# expect_ignored FIELDS [LOG]: one event says so.
expect_ignored() {
	local log=${2-$app_log}

	[[ $(grep -c -F " level=warn event=setting-ignored $1" "$log") -eq 1 ]] || fail "not said once: $1" "$(<"$log")"
}

expect_none_ignored() {
	! grep -F setting-ignored "$app_log" || fail 'no setting is without effect'
}

@test "--listen, where the process is started with a socket elsewhere" {
	start_held ROLLCALL_LISTEN=tcp:127.0.0.1:9000 "$ROLLCALL"
	expect_ignored "name=listen value=tcp:127.0.0.1:9000 used=unix:$dir/app.sock reason="
	stop_rollcall
	start_held "$ROLLCALL" --listen "$dir/other.sock"
	expect_ignored "name=listen value=$dir/other.sock used=unix:$dir/app.sock reason="
	stop_rollcall
	# The same socket, written in another way; and the default, which nobody has set.
	start_held "$ROLLCALL" --listen "$dir/app.sock"
	expect_none_ignored
	stop_rollcall
	start_held "$ROLLCALL"
	expect_none_ignored
}

@test "the addresses of web servers, where the socket is a unix socket" {
	start_app env FCGI_WEB_SERVER_ADDRS=127.0.0.1 "$ROLLCALL" --listen "$dir/app.sock" --data "$dir/data"
	expect_ignored 'name=FCGI_WEB_SERVER_ADDRS value=127.0.0.1 reason='
	stop_rollcall
	start_app env FCGI_WEB_SERVER_ADDRS=127.0.0.1 "$ROLLCALL" --listen tcp:127.0.0.1:0 --data "$dir/data"
	expect_none_ignored
}

@test "more live lists than half of the connections, where somebody asked for them" {
	start_rollcall --max-connections 10 --max-streams 6
	expect_ignored 'name=max-streams value=6 used=5 reason='
	stop_rollcall
	start_rollcall --max-connections 10
	expect_none_ignored
}

@test "a variable that is no setting" {
	start_app env ROLLCALL_PAGESIZE=7 "$ROLLCALL" --listen "$dir/app.sock" --data "$dir/data"
	expect_ignored 'name=ROLLCALL_PAGESIZE reason="no such setting"'
}

@test "a variable that is no setting, where the start is refused because of it" {
	local status=0

	env ROLLCALL_DTAA="$dir/data" "$ROLLCALL" --listen "$dir/app.sock" --data "$dir/none" 2>"$dir/refused.log" || status=$?
	[[ $status -eq 66 ]]
	expect_ignored 'name=ROLLCALL_DTAA reason="no such setting"' "$dir/refused.log"
}

@test "a line of the file that something else counts before, at the start and when it is read again" {
	printf '%s\n' ROLLCALL_PAGE_SIZE=7 ROLLCALL_MAX_USERS=9 ROLLCALL_WORKERS=3 >"$dir/settings"
	start_app env ROLLCALL_PAGE_SIZE=8 ROLLCALL_WORKERS=3 "$ROLLCALL" --config "$dir/settings" --listen "$dir/app.sock" \
		--data "$dir/data"
	expect_ignored 'name=ROLLCALL_PAGE_SIZE reason='
	[[ $(grep -c -F setting-ignored "$app_log") -eq 1 ]]
	echo ROLLCALL_PAGE_SIZE=8 >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid"
	[[ $(grep -c -F setting-ignored "$app_log") -eq 1 ]]
	echo ROLLCALL_PAGE_SIZE=9 >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid" 2
	wait_for_line "$app_log" event=setting-ignored "$app_pid" 2
}
