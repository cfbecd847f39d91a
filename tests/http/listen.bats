#!/usr/bin/env bats
# Other ways to be reached than a socket of its own making.

# shellcheck source=../support/http.bash
source "$BATS_TEST_DIRNAME/../support/http.bash"

setup() {
	prepare
}

teardown() {
	finish
}

@test "the socket on descriptor 0, as spawn-fcgi starts it" {
	start_app spawn-fcgi -n -s "$dir/app.sock" -M 0660 -- "$ROLLCALL" --listen "unix:$dir/unused.sock" --data "$dir/data"
	[[ ! -e $dir/unused.sock ]]
	start_nginx
	sign_up alice
	expect_created 1
	request /users
	[[ $(users) == alice ]]
	stop_rollcall
	# Whoever made the socket takes it away.
	[[ -S $dir/app.sock ]]
}

@test "TCP, on a port that the log names" {
	local port

	start_rollcall --listen tcp:127.0.0.1:0
	port=$(sed -n 's/.* event=ready address=tcp:127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$app_log")
	[[ $port -gt 0 ]]
	start_nginx "127.0.0.1:$port"
	sign_up alice
	expect_created 1
	request /users
	[[ $(users) == alice ]]
}
