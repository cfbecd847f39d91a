#!/usr/bin/env bats
# One address can take so much and no more: of live lists, of requests under way, of nginx's connections.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

LISTS=32
REQUESTS=100
WHOLE_LISTS=4

setup() {
	followers=()
	connections_open=()
	serve
}

# nginx waits for the connections that are open when it stops.
teardown() {
	local fd

	end_followers
	for fd in "${connections_open[@]}"; do
		exec {fd}>&-
	done
	finish
}

# Over TCP as well, where the loopback interface has addresses enough; over the unix socket the test says from which one
# it asks.
change_site() {
	port=$(free_port)
	sed -i -e "s|^\tlisten .*|&\n\tlisten 127.0.0.1:$port;|" \
		-e 's|^\tserver_name .*|&\n\tset_real_ip_from unix:;\n\treal_ip_header X-Address;|' "$dir/rollcall.conf"
	[[ -z ${connections-} ]] || sed -i -e "s|worker_connections .*|worker_connections $connections;|" \
		-e 's|^worker_processes .*|worker_processes 1;|' "$dir/nginx.conf"
}

# follow_from ADDRESS FILE [PATH]: listens when this returns. follower is its process.
follow_from() {
	: >"$2"
	curl --silent --no-buffer --max-time 120 --interface "$1" --output "$2" "http://127.0.0.1:$port${3-/users/events}" 3>&- &
	follower=$!
	followers+=("$follower")
	wait_for_line "$2" 'retry: ' "$follower"
}

# request_from ADDRESS PATH: as request, over TCP.
request_from() {
	asked=$2
	code=$(curl --silent --show-error --max-time 30 --interface "$1" --dump-header "$dir/headers" --output "$dir/body" \
		--write-out '%{http_code}' "http://127.0.0.1:$port$2")
	read_answer
}

# open_connections COUNT [TEXT]: from 127.0.0.1, which stay open; sends the text on each, and waits for the answer to begin.
open_connections() {
	local i fd -
	set +T

	for ((i = 1; i <= $1; i++)); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$port"
		connections_open+=("$fd")
		[[ -v 2 ]] || continue
		printf '%b' "$2" >&"$fd"
		read -r -t 60 -u "$fd"
	done
}

@test "live lists of one address: so many, then 429; others have theirs, and a list that is closed makes room" {
	local i

	for ((i = 1; i <= LISTS; i++)); do
		follow_from 127.0.0.2 "$dir/events-$i"
	done
	request_from 127.0.0.2 /users/events
	expect_page 429 'Too many requests'
	expect_header Retry-After 30
	request_from 127.0.0.2 /users
	expect_code 200
	follow_from 127.0.0.3 "$dir/elsewhere"
	sign_up alice
	wait_for_line "$dir/elsewhere" '"username":"alice"' "$follower"
	wait_for_line "$dir/events-$LISTS" '"username":"alice"' "${followers[LISTS - 1]}"
	kill "${followers[0]}"
	wait_for_line "$dir/access.log" 'request="GET /users/events HTTP/1.1"' "$nginx_pid" 2
	follow_from 127.0.0.2 "$dir/later"
	expect_nginx_error 'limiting connections by zone "rollcall_lists"'
}

@test "who follows the loop counts with the live lists, and not as a request: all else is answered" {
	local i path

	follow_from 127.0.0.1 "$dir/list"
	for ((i = 2; i <= LISTS; i++)); do
		follow_from 127.0.0.1 "$dir/events-$i" /loop/events
	done
	for path in /loop/events /users/events; do
		request_from 127.0.0.1 "$path"
		expect_page 429 'Too many requests'
		expect_header Retry-After 30
	done
	for path in / /users /healthz /readyz /metrics /loop; do
		request_from 127.0.0.1 "$path"
		expect_code 200
	done
	expect_nginx_error 'limiting connections by zone "rollcall_lists"'
}

# Each is a request whose body is still on its way: nginx has asked for it.
@test "requests under way of one address: so many, then 429; others are answered" {
	local path

	open_connections "$REQUESTS" \
		'GET /users HTTP/1.1\r\nHost: rollcall.test\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n'
	request_from 127.0.0.1 /style.css
	expect_page 429 'Too many requests'
	expect_retry
	for path in /healthz /readyz /metrics /loop; do
		request_from 127.0.0.1 "$path"
		expect_code 200
	done
	request_from 127.0.0.2 /users
	expect_code 200
	request /users
	expect_code 200
	expect_nginx_error 'limiting connections by zone "rollcall_requests"'
}

@test "whole lists of one address under way: so many, then 429; others have theirs" {
	local path

	open_connections "$WHOLE_LISTS" \
		'GET /users/print HTTP/1.1\r\nHost: rollcall.test\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n'
	for path in /users/print /users.csv /users.jsonl; do
		request_from 127.0.0.1 "$path"
		expect_code 429
		expect_retry
	done
	request_from 127.0.0.1 /users
	expect_code 200
	request_from 127.0.0.2 /users/print
	expect_code 200
	expect_nginx_error 'limiting connections by zone "rollcall_prints"'
}

@test "a header that comes slowly ends, however steadily" {
	local fd i status=142

	exec {fd}<>"/dev/tcp/127.0.0.1/$port"
	printf 'GET / HTTP/1.1\r\nHost: rollcall.test\r\nX-Slow: ' >&"$fd"
	trap '' PIPE # it may end just before a byte is sent
	for ((i = 0; i < 200 && status > 128; i++)); do
		printf a >&"$fd" || break
		status=0
		read -r -t 0.2 -u "$fd" || status=$?
	done 2>"$dir/cut"
	trap - PIPE
	[[ $i -lt 200 ]] || fail "still open"
	wait_for_line "$dir/access.log" 'status=408' "$nginx_pid"
}

@test "connections that say nothing shut nobody out" {
	stop_nginx
	connections=64
	start_nginx
	open_connections 200
	request_from 127.0.0.2 /users
	expect_code 200
	request_from 127.0.0.1 /style.css
	expect_code 200
	expect_nginx_error 'worker_connections are not enough, reusing connections'
}
