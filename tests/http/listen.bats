#!/usr/bin/env bats
# Other ways to be reached than a socket of its own making.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

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
	# The process that made the socket removes it.
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

@test "the site as it is shipped, over IPv4 and over IPv6" {
	local port

	has_ipv6 || skip 'this machine has no IPv6'
	port=$(free_port)
	change_site() {
		sed -n 's|^\(\tlisten \)\(.*80;\).*|\1\2|p' "$ROLLCALL_ROOT/nginx/rollcall.conf" >"$dir/listen.conf"
		[[ $(wc -l <"$dir/listen.conf") -eq 2 ]]
		sed -i -e "s|listen 80;|listen 127.0.0.1:$port;|" -e "s|\[::\]:80;|[::1]:$port;|" "$dir/listen.conf"
		sed -i "s|^\tlisten .*|\tinclude $dir/listen.conf;|" "$dir/rollcall.conf"
	}
	start_rollcall
	start_nginx
	[[ $(curl --silent --show-error --max-time 30 --data username=alice --output /dev/null --write-out '%{http_code}' \
		"http://127.0.0.1:$port/create-user") == 303 ]]
	[[ $(curl --silent --show-error --max-time 30 --data username=bob --header "Origin: http://[::1]:$port" --output /dev/null \
		--write-out '%{http_code}' "http://[::1]:$port/create-user") == 303 ]]
	[[ $(curl --silent --max-time 30 "http://[::1]:$port/healthz") == ok ]]
}
