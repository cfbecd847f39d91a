#!/usr/bin/env bats
# Two nodes of a list, and between each of them and the server a proxy that fails. Whatever happens: users who were acknowledged
# are there, once; nobody is told that their name is taken by their own request; every client is told something in time.

source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	new_directory
	new_database
	start_proxy a
	start_proxy b
	start_node a "$dir/a" --log-level warn
	start_node b "$dir/b" --log-level warn
	: >"$dir/answers"
}

teardown() {
	end_all
}

# finish: the load ends, and everything was right.
finish() {
	end_load
	judge
	expect_no_loss
}

@test "a query that fails at any point is sent again, and stored once" {
	local fault

	start_load 8 5 a.sock b.sock
	expect_answers 201 20 1 2
	for fault in cut-before-bind cut-in-request cut-before-sync rollback error:40001 error:40P01 error:25006 error:57P01 \
		error:53300 swallow cut-in-answer error-after:57P01 error-after:40003 warning; do
		fail_next a "next $fault create_users" "${fault%:*}"
		fail_next b "times 2 $fault create_users" "${fault%:*}"
		expect_answers 201 10 1 2
	done
	finish
}

# Before they are called back the node reads the newest part of the list again, by another query in the same round trip.
@test "what is read behind a change fails" {
	local fault

	start_load 8 5 a.sock b.sock
	for fault in swallow cut-before-bind cut-in-answer cut-before-sync error:40001 error:57P01 warning rollback; do
		fail_next a "times 3 $fault rollcall.changes" "${fault%:*}"
		expect_answers 201 10 1 2
	done
	finish
}

@test "queries that fail again and again" {
	local fault

	start_load 8 5 a.sock b.sock
	for fault in swallow cut-in-answer rollback error:40001 cut-before-sync warning; do
		tell a "every 3 $fault create_users"
		tell b "every 4 $fault create_users"
		expect_answers 201 40 1 2
	done
	tell a off
	tell b off
	expect_answers 201 20 1 2
	finish
}

@test "a query that arrives late changes nothing" {
	start_load 8 5 a.sock b.sock
	# When the same query has been sent again, and others after it.
	fail_next a 'next late create_users' late
	expect_answers 201 50 1 2
	release a late
	# At once.
	fail_next a 'next late create_users' late
	release a late
	expect_answers 201 20 1 2
	# After others, the last of which is in doubt.
	fail_next a 'next late create_users' late
	expect_answers 201 50 1 2
	fail_next a 'next late create_users' late
	release a late
	expect_answers 201 20 1 2
	finish
}

@test "a query that arrives late does not bring back a user who was removed" {
	start_load 1 0 a.sock
	fail_next a 'next late create_users' late
	expect_answers 201 5 1
	end_load
	sql "DELETE FROM rollcall.words; DELETE FROM rollcall.users; UPDATE rollcall.state SET users = 0, newest = 0"
	# This waits until the server has answered it: what it did is committed.
	release a late
	[[ $(sql 'SELECT count(*) FROM rollcall.users') -eq 0 ]] || fail "a removed user is back"
}

@test "a server that says nothing: clients are told so, the other node goes on" {
	start_load 4 0 a.sock b.sock
	fail_next a 'next stall-request create_users' stall-request
	expect_answers 201 50 2
	release a stall-request
	expect_answers 201 20 1 2
	fail_next b 'next stall-answer create_users' stall-answer
	expect_answers 201 50 1
	expect_answers 503 1 2
	# Nobody releases it: the node gives the connection up.
	expect_answers 201 20 1 2
	finish
}

# serve_again NAME: connections that were accepted before are no good.
serve_again() {
	tell "$1" 'connect served'
	tell "$1" cut
}

@test "no server, and one that takes no connections" {
	start_load 4 5 a.sock b.sock
	expect_answers 201 20 1 2
	tell a 'connect refused'
	tell a cut
	expect_answers 201 20 2
	tell b 'connect mute'
	tell b cut
	expect_answers 503 5 1 2
	serve_again a
	serve_again b
	expect_answers 201 20 1 2
	tell a 'connect error:53300'
	tell a cut
	expect_answers 201 20 2
	serve_again a
	expect_answers 201 20 1 2
	finish
}
