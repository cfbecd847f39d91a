#!/usr/bin/env bats
# The server ends without warning, or a node does, or stands still, while people sign up at two nodes.

source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	new_directory
	new_database
	start_node a "$DATABASE_SOCKETS" --log-level warn
	start_node b "$DATABASE_SOCKETS" --log-level warn
	: >"$dir/answers"
	start_load 8 5 a.sock b.sock
	expect_answers 201 20 1 2
}

teardown() {
	end_all
}

@test "the server ends in the middle of everything, three times" {
	local round

	for round in 1 2 3; do
		pg_ctl stop --mode immediate
		start_server
		expect_answers 201 $((round * 20)) 1 2
	done
	end_load
	judge
	expect_no_loss
}

# find_backend: the process that serves a node, once there is one. The server may be recovering yet.
find_backend() {
	local tries

	for tries in {1..300}; do
		backend=$(sql "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'rollcall_app' LIMIT 1" \
			2>/dev/null) || true
		[[ -z $backend ]] || return 0
		sleep 0.1
	done
	fail "no backend of a node after $tries tries"
}

@test "a backend is killed, and so the server begins anew" {
	local round backend

	for round in 1 2; do
		find_backend
		kill -KILL "$backend"
		expect_answers 201 $((round * 20)) 1 2
	done
	end_load
	judge
	expect_no_loss
}

@test "the server is killed" {
	kill -KILL "$(head -n 1 "$DATABASE_DATA/postmaster.pid")"
	expect_answers 503 1 1 2
	start_server_anew
	expect_answers 201 20 1 2
	end_load
	judge
	expect_no_loss
}

@test "a node is killed: the other one goes on" {
	local round

	for round in 1 2 3 4 5; do
		kill -KILL "${node_pid[a]}"
		wait "${node_pid[a]}" || true
		expect_answers 201 50 2
		start_node a "$DATABASE_SOCKETS" --log-level warn
		expect_answers 201 $((round * 10)) 1 2
	done
	end_load
	judge
}

@test "a node stands still: the other one goes on" {
	local round

	for round in {1..20}; do
		kill -STOP "${node_pid[a]}"
		expect_answers 201 20 2
		kill -CONT "${node_pid[a]}"
		expect_answers 201 5 1
	done
	end_load
	# Clients of a node wait as long as it stands still.
	judge "$CLIENT_PATIENCE"
	expect_no_loss
}
