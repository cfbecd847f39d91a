#!/usr/bin/env bats
# New users as events, through nginx: as they come, after a break, and when the application is replaced.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
	followers=()
}

teardown() {
	end_followers
	finish
}

# follow FILE [CURL OPTION…]: writes what comes into FILE; listens when this returns. follower is its process.
follow() {
	: >"$1"
	curl --silent --no-buffer --max-time 120 --unix-socket "$dir/http.sock" --dump-header "$1.head" --output "$1" "${@:2}" \
		"http://rollcall.test/users/events" 3>&- &
	follower=$!
	followers+=("$follower")
	wait_for_line "$1" 'retry: ' "$follower"
}

# ids FILE: of the events that came, one a line.
ids() {
	sed -n 's/^id: //p' "$1"
}

# numbers FILE: of the users in them.
numbers() {
	ids "$1" | cut -d - -f 1
}

@test "each new user is an event, at once" {
	follow "$dir/events"
	grep -q -i '^Content-Type: text/event-stream' "$dir/events.head"
	grep -q -i '^Cache-Control: no-store' "$dir/events.head"
	[[ $(grep -c -i '^Content-Encoding' "$dir/events.head") -eq 0 ]]
	sign_up $'Ren\u00e9'
	wait_for_line "$dir/events" $'"username":"Ren\u00e9"' "$follower"
	sign_up bob
	wait_for_line "$dir/events" '"username":"bob"' "$follower"
	[[ $(numbers "$dir/events") == $'1\n2' ]]
	[[ $(grep -c '^event: user$' "$dir/events") -eq 2 ]]
	[[ $(grep -A 1 '^event: sheet$' "$dir/events") == *'"state":"open"'* ]]
	sed -n 's/^data: //p' "$dir/events" | jq -e -s '.[2] | .number == 2 and .username == "bob"' >/dev/null
}

@test "what becomes of users, and of the sheet, is an event" {
	sign_up alice
	sign_up bob
	follow "$dir/events"
	"$ROLLCALL" rename --data "$dir/data" --listen "unix:$dir/app.sock" bob 'Bob B'
	wait_for_line "$dir/events" 'data: {"number":2,"username":"Bob B",' "$follower"
	"$ROLLCALL" remove --data "$dir/data" --listen "unix:$dir/app.sock" alice
	wait_for_line "$dir/events" 'data: {"number":1}' "$follower"
	[[ $(sed -n 's/^event: //p' "$dir/events" | xargs) == 'sheet renamed removed' ]]
	sign_up carol
	follow "$dir/more" --header "Last-Event-ID: $(ids "$dir/events" | sed -n 1p)"
	wait_for_line "$dir/more" '"username":"carol"' "$follower"
	[[ $(sed -n 's/^event: //p' "$dir/more" | xargs) == 'sheet removed user' ]]
}

@test "a client that reconnects misses nobody" {
	local i

	for i in {1..5}; do
		sign_up "user$i"
	done
	follow "$dir/events" --header 'Last-Event-ID: 2'
	wait_for_line "$dir/events" 'id: 5-' "$follower"
	[[ $(numbers "$dir/events") == $'3\n4\n5' ]]
}

@test "when the application stops, streams end and nothing fails; the next one goes on" {
	follow "$dir/events"
	sign_up alice
	wait_for_line "$dir/events" 'id: 1-' "$follower"
	stop_rollcall
	wait "$follower" # a whole answer
	start_rollcall
	sign_up bob
	follow "$dir/more" --header "Last-Event-ID: $(ids "$dir/events" | tail -n 1)"
	wait_for_line "$dir/more" 'id: 2-' "$follower"
	[[ $(numbers "$dir/more") == $'1\n2' ]]
	grep -q '^event: reload$' "$dir/more" # the program does not know any more what became of users meanwhile
}

@test "thirty follow, and everybody hears of everybody" {
	local i

	for i in {1..30}; do
		follow "$dir/events-$i"
	done
	for i in {1..20}; do
		sign_up "user$i"
	done
	for i in {1..30}; do
		wait_for_line "$dir/events-$i" 'id: 20-' "${followers[i - 1]}"
		[[ $(numbers "$dir/events-$i") == "$(seq 20)" ]]
	done
}
