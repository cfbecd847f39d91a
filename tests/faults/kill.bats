#!/usr/bin/env bats
# The process is killed while people sign up. No user whose sign-up was confirmed may be missing from the list.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	serve
}

teardown() {
	# nginx has seen its upstream go away: that is what this is about.
	stop_nginx
	stop_rollcall
	drop_directory
}

kill_rollcall() {
	kill -KILL "$app_pid"
	wait "$app_pid" || true
}

@test "kill -9 under load, again and again: every acknowledged user is there exactly once" {
	local round

	for round in 1 2 3 4 5 6 7 8; do
		start_load "round$round" 400
		read_answers "$dir/all" $((round * 30))
		kill_rollcall
		end_load "$dir/all"
		start_rollcall
		expect_all_stored "$dir/all"
	done
	[[ $(acknowledged "$dir/all" | wc -l) -ge $((8 * 30)) ]]
	expect_listed "$(stored | wc -l)"
}
