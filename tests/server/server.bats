#!/usr/bin/env bats
# script/server as a person has it in a terminal: it builds, serves, and ends on a signal.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"

# So that a start waits for nothing but the program.
setup_file() {
	(cd "$ROLLCALL_ROOT" && cmake --preset release --log-level=WARNING && cmake --build --preset release) \
		>"$BATS_FILE_TMPDIR/build.log" 2>&1 || fail "$(tail -n 40 "$BATS_FILE_TMPDIR/build.log")"
}

setup() {
	new_directory
	port=$(free_port)
	start_server
}

# start_server [ARGUMENT...]
start_server() {
	: >"$dir/server.log"
	PORT=$port ROLLCALL_DATA=$dir/data attached "$ROLLCALL_ROOT/script/server" "$@" </dev/null >>"$dir/server.log" 2>&1 3>&- &
	server=$!
	wait_for_line "$dir/server.log" "server: http://localhost:$port " "$server"
}

teardown() {
	kill -TERM "$server" 2>/dev/null || true
	wait "$server" || true
	drop_directory
}

# stop_server: on SIGTERM it ends well, and nothing of it is left.
stop_server() {
	kill -TERM "$server"
	wait "$server" || fail "script/server ended with $?"
	[[ -z $(ps --no-headers -o pid -s "$server") ]] || fail "$(ps -o pid,args -s "$server")"
}

@test "it serves, and stores new users" {
	[[ $(curl -s -o /dev/null -w '%{http_code}' -d username=alice "http://localhost:$port/create-user") == 303 ]]
	stop_server
	grep -q $'\talice$' "$dir/data/users.log"
	[[ $(<"$dir/data/users.lock") == clean ]]
}

@test "a list that follows along is ended, not cut off" {
	: >"$dir/events"
	curl --silent --no-buffer --max-time 60 --output "$dir/events" "http://localhost:$port/users/events" 3>&- &
	local follower=$!
	wait_for_line "$dir/events" 'retry: ' "$follower"
	stop_server
	wait "$follower" || fail "curl ended with $?"
}

@test "a list that is missing is made anew with --new" {
	stop_server
	rm "$dir/data/users.log"
	PORT=$port ROLLCALL_DATA=$dir/data run timeout 60 "$ROLLCALL_ROOT/script/server"
	[[ $status -eq 66 && $output == *'made with --new'* ]] || fail "$output"
	start_server --new
	stop_server
	[[ $(wc -l <"$dir/data/users.log") -eq 1 ]]
}

@test "what it is not told about it refuses" {
	run timeout 60 "$ROLLCALL_ROOT/script/server" 8081
	[[ $status -eq 2 && $output == *'PORT=8081 script/server'* ]]
	"$ROLLCALL_ROOT/script/server" --help | grep -q -F 'PORT=8081 script/server'
}
