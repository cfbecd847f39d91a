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

@test "a backend is killed, and so the server begins anew" {
	local round

	for round in 1 2; do
		kill -KILL "$(sql "SELECT pid FROM pg_stat_activity
			WHERE datname = current_database() AND query LIKE '%create_users%' AND pid <> pg_backend_pid() LIMIT 1")"
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
