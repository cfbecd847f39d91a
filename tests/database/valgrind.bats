#!/usr/bin/env bats
# Two nodes under valgrind, while people sign up at both of them and the server ends without warning.

source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
source "$BATS_TEST_DIRNAME/nodes.bash"

# A node that is run so takes its time.
CLIENT_PATIENCE=60000

setup() {
	new_directory
	new_database
	NODE_WRAPPER="valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible
		--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 --log-file=$dir/%p.valgrind"
	start_proxy a
	start_node a "$dir/a"
	start_node b "$DATABASE_SOCKETS"
	: >"$dir/answers"
}

teardown() {
	end_all
}

@test "valgrind finds nothing in nodes whose server fails, and that stop under load" {
	local fault name

	start_load 4 5 a.sock b.sock
	expect_answers 201 10 1 2
	for fault in cut-in-request swallow error:57P01 rollback warning; do
		fail_next a "next $fault create_users" "${fault%:*}"
		fail_next a "next $fault rollcall.changes" "${fault%:*}"
		expect_answers 201 5 1 2
	done
	pg_ctl stop --mode immediate
	start_server_anew
	expect_answers 201 10 1 2
	for name in a b; do
		stop_node "$name"
	done
	end_load
	judge "$CLIENT_PATIENCE"
	for name in "$dir"/*.valgrind; do
		[[ ! -s $name ]] || fail "$(<"$name")"
	done
}
