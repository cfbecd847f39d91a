#!/usr/bin/env bats
# A node is killed, or stands still for a while, in each state of its two connections. The proxy in front of the server holds the
# node there. Meanwhile people sign up at another node, and none of them is kept waiting; in the end nobody is missing who was
# acknowledged, and nobody is there twice.

source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
source "$BATS_TEST_DIRNAME/nodes.bash"

# Clients of a node that stands still wait for it.
CLIENT_PATIENCE=60000

setup() {
	new_directory
	new_database
	start_proxy a
	start_node a "$dir/a"
	start_node b "$DATABASE_SOCKETS"
	: >"$dir/answers"
}

teardown() {
	end_all
}

# In the answers, b is node 1 and a node 2.
load_both() {
	start_load 4 5 b.sock a.sock
	expect_answers 201 5 1 2
}

load_b() {
	start_load 4 0 b.sock
	expect_answers 201 5 1
}

# let_go: nothing is held any more, and connections that hear nothing end.
let_go() {
	tell a off
	tell a release
	tell a 'connect served'
}

# begin_a_anew: kills what there is of it.
begin_a_anew() {
	kill -KILL "${node_pid[a]}"
	wait "${node_pid[a]}" || true
	expect_answers 201 20 1
	let_go
	start_node a "$dir/a"
}

stop_a_for_a_while() {
	kill -STOP "${node_pid[a]}"
	expect_answers 201 20 1
	let_go
	kill -CONT "${node_pid[a]}"
	wait_for_ready a
}

# finish [NODE…]: these take users again, and everything was right. Nobody at b was told to come back later.
finish() {
	expect_answers 201 10 "$@"
	end_load
	judge "$CLIENT_PATIENCE"
	! grep -m 5 -E '^1 [0-9]+ (0|1|503) ' "$dir/answers" || fail 'b kept people waiting'
}

# meet_in STATE LOAD NODE…: both faults, in the state that the function STATE brings a to.
meet_in() {
	local fault

	"$2"
	for fault in begin_a_anew stop_a_for_a_while; do
		"$1"
		"$fault"
	done
	finish "${@:3}"
}

# Both connections have said who they are, and hear nothing.
connecting() {
	local begin

	tell a 'connect mute'
	begin=$(wc -l <"$dir/a.proxy")
	tell a cut
	wait_for_more "$dir/a.proxy" "$begin" '^fired mute$' "${proxy_pid[a]}" 2
}

@test "connecting" {
	meet_in connecting load_both 1 2
}

# The first setting, of either connection.
preparing() {
	tell a 'next stall-request jit'
	fail_next a cut stall-request
}

@test "preparing its statements" {
	meet_in preparing load_both 1 2
}

idle() {
	wait_for_ready a
}

@test "idle" {
	meet_in idle load_b 1
}

sending() {
	fail_next a 'next stall-request create_users' stall-request
}

@test "a batch is sent, and has not arrived" {
	meet_in sending load_both 1 2
}

# A node that stands still has sent all of the batch: so this is for one that is killed.
storing() {
	fail_next a 'next stall-sync create_users' stall-sync
}

@test "a batch is done, and neither committed nor answered" {
	load_both
	storing
	begin_a_anew
	finish 1 2
}

stored() {
	fail_next a 'next stall-answer create_users' stall-answer
}

@test "a batch is stored, and not answered" {
	meet_in stored load_both 1 2
}

half_answered() {
	fail_next a 'next stall-ready create_users' stall-ready
}

@test "a batch is answered, but for the end of its commit" {
	meet_in half_answered load_both 1 2
}

# The first answer is lost while no connection can be made, and what is sent again has no answer either.
sending_again() {
	tell a 'connect refused'
	fail_next a 'next swallow create_users' swallow
	tell a 'next stall-answer create_users'
	fail_next a 'connect served' stall-answer
}

@test "a batch whose answer was lost is sent again, and not answered" {
	meet_in sending_again load_both 1 2
}

# Behind a batch, by the connection for changes.
settling() {
	fail_next a 'next stall-answer rollcall.changes create_users' stall-answer
}

@test "a batch is answered, and the head is not read yet" {
	meet_in settling load_both 1 2
}

# By the connection for questions: nobody signs up at a.
reading() {
	fail_next a 'next stall-answer rollcall.changes' stall-answer
}

@test "the head is being read" {
	meet_in reading load_b 1
}

# Told to end, while a batch has no answer.
closing() {
	stored
	kill -TERM "${node_pid[a]}"
	wait_for_line "$dir/a.log" ' event=stopping ' "${node_pid[a]}"
}

@test "closing, and killed" {
	load_both
	closing
	begin_a_anew
	finish 1 2
}

@test "closing, and standing still meanwhile: it ends" {
	load_both
	closing
	kill -STOP "${node_pid[a]}"
	expect_answers 201 20 1
	let_go
	kill -CONT "${node_pid[a]}"
	wait "${node_pid[a]}"
	start_node a "$dir/a"
	finish 1 2
}
