#!/usr/bin/env bats
# The page of the event loop through nginx: as a page, as JSON, and as events; on this machine only.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
	followers=()
}

teardown() {
	local each

	for each in "${followers[@]}"; do
		kill "$each" 2>/dev/null || true
		wait "$each" || true
	done
	finish
}

# follow FILE: writes the events of the loop into FILE; follower is its process.
follow() {
	: >"$1"
	curl --silent --no-buffer --max-time 120 --unix-socket "$dir/http.sock" --output "$1" http://rollcall.test/loop/events 3>&- &
	follower=$!
	followers+=("$follower")
	wait_for_line "$1" 'retry: ' "$follower"
}

@test "a page, or JSON" {
	request /loop
	[[ $code == 200 && $body == *'<h1>The event loop</h1>'* && $body == *'<svg id="ring"'* ]]
	request --header 'Accept: application/json' /loop
	[[ $code == 200 ]]
	jq -e '.state and .title and .detail and (.last_minute | type == "array") and .alive.listener.keeping == 1' <<<"$body" >/dev/null
	request --header 'Accept: image/png' /loop
	[[ $code == 200 && $body == '<!doctype html>'* ]]
	request --head /loop
	[[ $code == 200 && -z $body ]]
	request --head /loop/events
	[[ $code == 200 && -z $body ]]
	request --request GET --data x=1 /loop
	[[ $code == 200 ]]
	request --request POST /loop
	[[ $code == 405 ]]
}

# What is stored is there after at most a second, in the figures as on the page.
@test "events, one a second, for all who look" {
	follow "$dir/one"
	follow "$dir/other"
	sign_up alice
	wait_for_line "$dir/one" '<strong>1</strong> user there' "$follower"
	wait_for_line "$dir/other" '<strong>1</strong> user there' "$follower"
	[[ $(grep -c -v -E '^(data: .*|event: loop|retry: 2000|:|)$' "$dir/one") == 0 ]]
	[[ $(grep -c alice "$dir/one") == 0 ]]
	request --header 'Accept: application/json' /loop
	jq -e '.last_minute[0] | .disk.users == 1 and .streams.open == 2 and .seconds > 0' <<<"$body" >/dev/null
	jq -e '[.last_minute[].disk.stored] | add == 1' <<<"$body" >/dev/null
	jq -e '[.last_minute[].loop.phases.poll.callbacks] | add > 0' <<<"$body" >/dev/null
}
