#!/usr/bin/env bats
# A commit waits for a standby, and there is none. Whoever ends that wait at the server makes the commit a success with a warning: it is
# no success for nodes and commands, whatever the role has set.

# shellcheck source=../support/shell/commands.bash
source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	new_directory
	input=/dev/null
	new_database
	sql "ALTER ROLE rollcall_app IN DATABASE $database SET client_min_messages = error"
}

# Commits go on before anything of the test is in the way.
teardown() {
	set_synchronous_commit on
	set_standbys ''
	end_all
}

# set_standbys NAMES: new sessions find it so when this returns. Not in one transaction: that would wait itself.
set_standbys() {
	printf '%s;\n' "SET synchronous_commit = off" "ALTER SYSTEM SET synchronous_standby_names = '$1'" 'SELECT pg_reload_conf()' |
		admin postgres >/dev/null
	until [[ $(admin postgres --command 'SHOW synchronous_standby_names') == "$1" ]]; do
		sleep 0.05
	done
}

set_synchronous_commit() {
	admin postgres --command "ALTER SYSTEM SET synchronous_commit = $1" --command 'SELECT pg_reload_conf()' >/dev/null
	until [[ $(admin postgres --command 'SHOW synchronous_commit') == "$1" ]]; do
		sleep 0.05
	done
}

# waiting: the backend that waits for a standby, and since when its transaction runs; nothing if there is none.
waiting() {
	sql "SELECT pid, xact_start FROM pg_stat_activity
		WHERE datname = '$database' AND usename = 'rollcall_app' AND wait_event = 'SyncRep'"
}

expect_no_success() {
	! grep -E '^added| 201 ' "$1" || fail 'it was told that it is done'
}

# wait_for_wait BEFORE FILE: for one that is another one than BEFORE, while the client has told of no success in FILE. Sets found.
wait_for_wait() {
	until found=$(waiting) && [[ -n $found && $found != "$1" ]]; do
		expect_no_success "$2"
		sleep 0.02
	done
	expect_no_success "$2" # it is not the wait of the next one, either
}

# cancel_waits FILE: twice, the wait is ended; each time the change is sent again, and the client told of no success in FILE.
cancel_waits() {
	local found before=

	for _ in 1 2; do
		wait_for_wait "$before" "$1"
		before=$found
		sql "SELECT pg_cancel_backend(${found%%|*})" >/dev/null
	done
	wait_for_wait "$before" "$1"
}

@test "a command does not take the end of the wait for success" {
	local adding status=0

	set_standbys nobody
	"$ROLLCALL" add --store "postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS" alice >"$dir/out" 2>"$dir/err" 3>&- &
	adding=$!
	cancel_waits "$dir/out"
	set_standbys ''
	wait "$adding" || status=$?
	[[ $status -eq $EX_OK && $(<"$dir/out") == 'added user 1, alice' ]] || fail "status $status" "$(<"$dir/err")"
}

# Others than that one say nothing of the commit.
@test "a warning of something else is none of a commit" {
	# shellcheck disable=SC2016 # these are quotes of SQL
	sql 'CREATE FUNCTION public.warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		RAISE WARNING USING MESSAGE = $m$ something else $m$, ERRCODE = $e$22P06$e$; RETURN NULL; END $$;
		CREATE TRIGGER warn AFTER INSERT ON rollcall.users FOR EACH STATEMENT EXECUTE FUNCTION public.warn()'
	expect "$EX_OK" add --store "postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS" alice
	start_node a "$DATABASE_SOCKETS"
	: >"$dir/answers"
	start_load 1 0 a.sock
	expect_answers 201 5 1
	[[ $(sql 'SELECT sum(tries) = count(*) FROM rollcall.nodes') == t ]]
}

# The client is told in time that it is not known.
@test "a node does not take the end of the wait for success" {
	start_node a "$DATABASE_SOCKETS"
	set_standbys nobody
	: >"$dir/answers"
	start_load 1 0 a.sock
	cancel_waits "$dir/answers"
	expect_answers 503 1 1
	set_standbys ''
	expect_answers 201 5 1
	end_load
	judge
}

# A session that has set nothing of its own follows.
@test "a server that is told to promise less is not heeded by a node that is connected" {
	start_node a "$DATABASE_SOCKETS"
	set_standbys nobody
	set_synchronous_commit local
	: >"$dir/answers"
	start_load 1 0 a.sock
	wait_for_wait '' "$dir/answers"
	set_standbys ''
	expect_answers 201 5 1
	end_load
	judge
}
