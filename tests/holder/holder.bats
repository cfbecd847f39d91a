#!/usr/bin/env bats
# What keeps the listening sockets while the programs that accept on them are replaced: the real one, with the real
# application and the real nginx.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

SOCKET_HOLDER=${SOCKET_HOLDER:-$ROLLCALL_ROOT/build/dev/holder/socket-holder}

setup() {
	prepare
	holder_pid=
	taker_pid=
	others=()
}

teardown() {
	local pid

	for pid in "$taker_pid" "$nginx_pid" "$holder_pid" "${others[@]}"; do
		[[ -z $pid ]] || kill "$pid" 2>/dev/null || true
	done
	wait
	drop_directory
}

# hold HANDOVER=ADDRESS…: what follows is done by this holder.
hold() {
	: >"$dir/holder.log"
	attached "$SOCKET_HOLDER" hold "$@" </dev/null 2>"$dir/holder.log" 3>&- &
	holder_pid=$!
	wait_for_line "$dir/holder.log" ' hands that over at ' "$holder_pid" $#
}

end_holder() {
	end_process "$holder_pid" TERM
	holder_pid=
}

# begin COMMAND…: beside the test, which ends it.
begin() {
	: >"$dir/out"
	"$@" </dev/null >"$dir/out" 3>&- &
	others+=("$!")
}

# take [OPTION…] HANDOVER COMMAND…: in the background; what it says is in $dir/taker.log, which ends where another begins.
take() {
	: >"$dir/taker.log"
	attached "$SOCKET_HOLDER" take "$@" </dev/null >"$dir/taker.out" 2>"$dir/taker.log" 3>&- &
	taker_pid=$!
}

take_rollcall() {
	take "$dir/take" "$ROLLCALL" --data "$dir/data"
	wait_for_line "$dir/taker.log" ' event=ready ' "$taker_pid"
}

# end_taker SIGNAL STATUS: with that status, and its watcher with it.
end_taker() {
	kill -s "$1" "$taker_pid"
	expect_end "$2"
}

# expect_end STATUS: the taker ends by itself, and nothing of its session is left.
expect_end() {
	local status=0

	timeout 60 tail --pid="$taker_pid" -s 0.1 -f /dev/null || fail "the taker is still there:" "$(<"$dir/taker.log")"
	wait "$taker_pid" || status=$?
	[[ $status -eq $1 ]] || fail "expected exit status $1, got $status:" "$(<"$dir/taker.log")"
	timeout 120 bash -c "while pgrep --session $taker_pid >/dev/null; do :; done" || fail "something is left: $(pgrep -a -s "$taker_pid")"
	taker_pid=
}

# says STATUS TEXT COMMAND…: the holder's program ends with this status, and has said this.
says() {
	local status=0 said

	said=$(timeout 60 "$SOCKET_HOLDER" "${@:3}" 2>&1 </dev/null) || status=$?
	[[ $status -eq $1 ]] || fail "${*:3}: expected exit status $1, got $status: $said"
	[[ $said == *"$2"* ]] || fail "${*:3}: expected '$2', got: $said"
}

@test "sockets are handed over from descriptor 3 on, and the program is told in both ways; its input stays its own" {
	local told

	hold "$dir/take=unix:$dir/a.sock,tcp:127.0.0.1:0,tcp:[::1]:0"
	[[ $(stat --format %a "$dir/a.sock") == 660 && $(stat --format %a "$dir/take") == 660 ]]
	told=$("$SOCKET_HOLDER" take "$dir/take" python3 -c '
import os, socket, stat, sys
print(os.environ["LISTEN_FDS"], os.environ["NGINX"], int(os.environ["LISTEN_PID"]) == os.getpid(), sys.stdin.read())
def is_socket(name):
    path = f"/proc/self/fd/{name}"
    return os.path.exists(path) and stat.S_ISSOCK(os.stat(path).st_mode)
for name in sorted(filter(is_socket, os.listdir("/proc/self/fd"))):
    listener = socket.socket(fileno=int(name))
    print(name, listener.family.name, listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN), os.get_blocking(int(name)))
' <<<'input' 3>&-)
	[[ $told == $'3 3;4;5; True input\n\n3 AF_UNIX 1 False\n4 AF_INET 1 False\n5 AF_INET6 1 False' ]] || fail "$told"
}

@test "the application is replaced: a request that comes between is answered by the next one" {
	hold "$dir/take=unix:$dir/app.sock"
	take_rollcall
	[[ $("$ROLLCALL" healthcheck --listen "$dir/app.sock") == ready ]]
	end_taker TERM 0
	"$ROLLCALL" healthcheck --listen "$dir/app.sock" >"$dir/answer" 3>&- &
	asked=$!
	take_rollcall
	wait "$asked"
	[[ $(<"$dir/answer") == ready ]]
	end_taker KILL 137
	take_rollcall
	[[ $("$ROLLCALL" healthcheck --listen "$dir/app.sock") == ready ]]
	end_taker TERM 0
	[[ -S $dir/app.sock ]]
}

# take_nginx: on a port and a unix socket of the holder.
take_nginx() {
	take "$dir/take" "${nginx_command[@]}"
	wait_for_line "$dir/taker.log" 'start worker process ' "$taker_pid"
	grep -q 'using inherited sockets from "3;4;"' "$dir/taker.log"
}

@test "nginx is replaced: a client that connects between is answered by the next one" {
	local port

	port=$(free_port)
	hold "$dir/take=tcp:127.0.0.1:$port,unix:$dir/http.sock"
	render_site "$dir" "127.0.0.1:$port" "unix:$dir/app.sock" "$ROLLCALL_WWW"
	sed -i "s|^\tlisten .*|&\n\tlisten \"unix:$dir/http.sock\";|" "$dir/rollcall.conf"
	nginx_command "$dir"
	take_nginx
	[[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/style.css") == 200 ]]
	[[ $(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$dir/http.sock" http://rollcall.test/style.css) == 200 ]]
	end_taker QUIT 0
	curl -s -m 60 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/style.css" >"$dir/tcp" 3>&- &
	asked=$!
	curl -s -m 60 -o /dev/null -w '%{http_code}' --unix-socket "$dir/http.sock" http://rollcall.test/style.css >"$dir/unix" 3>&- &
	asked_too=$!
	take_nginx
	wait "$asked"
	wait "$asked_too"
	[[ $(<"$dir/tcp") == 200 && $(<"$dir/unix") == 200 ]]
	# A reload keeps them, too.
	kill -s HUP "$taker_pid"
	wait_for_line "$dir/taker.log" 'gracefully shutting down' "$taker_pid"
	[[ $(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/style.css") == 200 ]]
	end_taker QUIT 0
}

@test "a holder that is not there yet is waited for" {
	take "$dir/take" "$ROLLCALL" --data "$dir/data"
	hold "$dir/take=unix:$dir/app.sock"
	wait_for_line "$dir/taker.log" ' event=ready ' "$taker_pid"
	end_taker TERM 0
	says 69 "$dir/nowhere: no sockets from there: No such file or directory" take -w 0 "$dir/nowhere" true
	says 69 "$dir/nowhere: No such file or directory" check "$dir/nowhere"
}

@test "what waits for a holder ends at once when it is told to" {
	local signal

	for signal in TERM INT QUIT; do
		take "$dir/take" true
		# Handlers are there when the first try has been made.
		timeout 120 bash -c "until (((0x\$(sed -n 's/^SigCgt:\t//p' /proc/$taker_pid/status) & 0x4006) == 0x4006)); do :; done" ||
			fail "no handlers:" "$(cat "/proc/$taker_pid/status")"
		end_taker "$signal" "$((128 + $(kill -l "$signal")))"
	done
}

@test "when the holder is killed the program ends, and the next one takes the sockets of the next holder" {
	hold "$dir/take=unix:$dir/app.sock"
	take_rollcall
	kill -KILL "$holder_pid"
	expect_end 0
	grep -q 'the holder has ended' "$dir/taker.log"
	[[ -S $dir/app.sock && -S $dir/take ]]
	says 69 'Connection refused' check "$dir/take"
	# Over what the last one has left.
	hold "$dir/take=unix:$dir/app.sock"
	"$SOCKET_HOLDER" check "$dir/take"
	take_rollcall
	[[ $("$ROLLCALL" healthcheck --listen "$dir/app.sock") == ready ]]
	end_taker TERM 0
	end_holder
}

@test "a program that misses the first signal gets another" {
	mkfifo "$dir/go"
	hold "$dir/take=unix:$dir/app.sock"
	# shellcheck disable=SC2016
	take "$dir/take" bash -c 'trap "" TERM; echo deaf; read -r <"$1"; trap "exit 7" TERM; while :; do read -r -t 60 <>"$1"; done' - "$dir/go"
	wait_for_line "$dir/taker.out" deaf "$taker_pid"
	kill -KILL "$holder_pid"
	wait_for_line "$dir/taker.log" 'the holder has ended' "$taker_pid"
	echo >"$dir/go"
	expect_end 7
}

@test "what is no listening socket is refused; a holder that sends nothing is asked again" {
	local kind status text

	while read -r kind status text; do
		begin python3 "$BATS_TEST_DIRNAME/fake_holder.py" "$dir/$kind" "$kind"
		wait_for_line "$dir/out" listening "$!"
		says "$status" "$dir/$kind: $text" take -w 0 "$dir/$kind" true
		says "$status" "$dir/$kind: " check "$dir/$kind"
	done <<-'END'
		connected 76 handed over what is not a listening socket
		file 76 handed over what is not a listening socket
		nothing 69 no sockets from there
		end 69 no sockets from there
	END
}

@test "64 takers at once; one more waits until another has gone" {
	local i

	hold "$dir/take=unix:$dir/app.sock"
	for ((i = 0; i < 64; i++)); do
		begin "$SOCKET_HOLDER" take "$dir/take" sleep 60
		timeout 120 bash -c "until [[ \$(cat /proc/$!/comm) == sleep ]]; do :; done"
	done
	says 69 "$dir/take: Connection reset by peer" check "$dir/take"
	take "$dir/take" echo taken
	kill "${others[0]}"
	expect_end 0
	[[ $(<"$dir/taker.out") == taken ]]
	kill -0 "${others[1]}"
}

@test "a second holder in the same place is refused, and the first is none the worse" {
	hold "$dir/take=unix:$dir/app.sock"
	says 75 "$dir/take: another holder is there" hold "$dir/take=unix:$dir/app.sock"
	take_rollcall
	timeout 60 bash -c "until '$ROLLCALL' healthcheck --listen '$dir/app.sock' >/dev/null; do :; done"
	end_taker TERM 0
	end_holder
}

@test "what cannot be held is said, and what is no socket stays" {
	local wrong

	echo kept >"$dir/file"
	says 71 "unix:$dir/file: Address already in use" hold "$dir/take=unix:$dir/file"
	[[ $(<"$dir/file") == kept ]]
	says 71 'Cannot assign requested address' hold "$dir/take=tcp:192.0.2.254:0"
	for wrong in tcp:127.0.0.1 tcp:127.0.0.1: tcp:127.0.0.1:65536 tcp:127.0.0.1:-1 tcp:127.0.0.1:+1 'tcp:127.0.0.1: 1' \
		tcp:localhost:80 tcp::80 'tcp:[::1:80' 'tcp:[]:80' tcp:::1:80 unix: "unix:$(printf 'x%.0s' {1..108})" /a b ''; do
		says 64 'expected unix:PATH, tcp:ADDRESS:PORT or tcp:[ADDRESS]:PORT' hold "$dir/take=$wrong"
	done
	says 64 'more than 8 sockets' hold "$dir/take=$(printf "unix:$dir/%d," {1..8})unix:$dir/9"
	says 64 'more than 8 hand-overs' hold "$dir/take="{1..9}
	says 64 'expected HANDOVER=ADDRESS' hold "$dir/take"
	says 64 'not a path that a socket can have' check "$(printf 'x%.0s' {1..108})"
	says 64 usage:
	for wrong in hold take "take $dir/take" 'take -w x a b' 'take -w 3601 a b' 'take -w 1 a' check 'check a b' 'keep a'; do
		# shellcheck disable=SC2086
		says 64 usage: $wrong
	done
	says 71 "unix:$dir/nothing/take: No such file or directory" hold "$dir/nothing/take=unix:$dir/a.sock"
}
