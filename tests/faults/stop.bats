#!/usr/bin/env bats
# The process is told to stop while people sign up.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	serve
}

teardown() {
	stop_nginx
	drop_directory
}

# What nginx may complain of is only that nobody listens any more. A request that had reached the application and came
# back without an answer would be a reset or a premature close.
expect_no_request_lost() {
	local lost

	lost=$(nginx_errors | grep -v -e 'connect() to unix:.* failed (2: ' -e 'connect() to unix:.* failed (111: ' || true)
	[[ -z $lost ]] || fail "requests without an answer:" "$lost"
}

@test "SIGTERM under load: what has arrived is answered and stored, exit code 0" {
	local round

	for round in 1 2 3 4 5; do
		start_load "round$round" 500
		read_answers "$dir/all" $((round * 60))
		stop_rollcall
		end_load "$dir/all"
		start_rollcall
	done
	expect_no_request_lost
	expect_all_stored "$dir/all"
	[[ $(acknowledged "$dir/all" | wc -l) -ge $((5 * 60)) ]]
	# Nobody was stored without being told, either.
	[[ $(stored | wc -l) -eq $(acknowledged "$dir/all" | wc -l) ]]
	stop_rollcall
}
