#!/usr/bin/env bats
# The tools of these tests, tested: the proxy fails as it is told, and the judge finds each fault.

source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	new_directory
	new_database
	sql 'CREATE TABLE public.seen (number integer)'
	printf '%s\n' "INSERT INTO public.seen VALUES (1) RETURNING 'row';" >"$dir/insert"
	start_proxy proxy
}

teardown() {
	end_all
}

# insert: over the proxy, as libpq sends a prepared statement.
insert() {
	"$DATABASE_BIN/pgbench" --no-vacuum --transactions 1 --protocol prepared --host "$dir/proxy" --username postgres \
		--file "$dir/insert" "$database" >"$dir/insert.out" 2>&1 3>&- || true
}

# expect_insert FAULT STORED TEXT: with this fault the client sees that text, and so many rows are there.
expect_insert() {
	local rows

	tell proxy "next $1 seen"
	insert
	grep -q -e "$3" "$dir/insert.out" || fail "$1: $(<"$dir/insert.out")"
	wait_for_line "$dir/proxy.proxy" "fired ${1%:*}" "${proxy_pid[proxy]}"
	rows=$(sql 'WITH gone AS (DELETE FROM public.seen RETURNING 1) SELECT count(*) FROM gone')
	[[ $rows -eq $2 ]] || fail "$1: $rows rows"
}

@test "a query fails at the point that was named" {
	expect_insert cut-before-bind 0 'backend died'
	expect_insert cut-in-request 0 'backend died'
	expect_insert cut-before-sync 0 'backend died'
	expect_insert error:40001 0 'failed transactions: 1'
	expect_insert error:25006 0 'ERROR:  the proxy'
	expect_insert error:53300 0 'FATAL:  the proxy'
	expect_insert rollback 0 'actually processed: 1/1'
	expect_insert swallow 1 'backend died'
	expect_insert cut-in-answer 1 'backend died'
	expect_insert error-after:57P01 1 'FATAL:  the proxy'
	expect_insert warning 1 'WARNING:  the proxy'
	insert
	grep -q 'actually processed: 1/1' "$dir/insert.out"
}

@test "what is held is passed on when it is released" {
	local held

	for held in late stall-request stall-answer; do
		tell proxy "next $held seen"
		insert &
		wait_for_line "$dir/proxy.proxy" "fired $held" "${proxy_pid[proxy]}"
		[[ $held = stall-answer || $(sql 'SELECT count(*) FROM public.seen') -eq 0 ]]
		release proxy "$held"
		wait $!
		[[ $(sql 'WITH gone AS (DELETE FROM public.seen RETURNING 1) SELECT count(*) FROM gone') -eq 1 ]] || fail "$held"
	done
}

@test "so many fail, or every so manyth, or none" {
	tell proxy 'times 2 swallow seen'
	insert
	insert
	insert
	tell proxy 'every 2 swallow seen'
	insert
	insert
	insert
	insert
	tell proxy off
	insert
	insert
	[[ $(grep -c 'fired swallow' "$dir/proxy.proxy") -eq 4 ]]
}

# expect_connection TEXT: what the client says of a new connection, with as much patience as it has.
expect_connection() {
	local said

	said=$(PGCONNECT_TIMEOUT=2 "$DATABASE_BIN/psql" --host "$dir/proxy" --username postgres "$database" --tuples-only \
		--no-align --command 'SELECT 42' 2>&1 3>&-) || true
	[[ $said == *"$1"* ]] || fail "$said"
}

@test "new connections are met as was told" {
	expect_connection 42
	tell proxy 'connect refused'
	expect_connection 'Connection refused'
	tell proxy 'connect error:53300'
	expect_connection 'FATAL:  the proxy'
	tell proxy 'connect mute'
	expect_connection 'timeout expired'
	tell proxy 'connect served'
	expect_connection 42
}

# expect_fault TEXT LINE…: of a list with Ann, number 1, the judge finds this of these records.
expect_fault() {
	local found

	printf '%s\n' "${@:2}" >"$dir/answers"
	found=$(judge 2>&1) && fail "the judge found nothing: $1"
	[[ $found == *"$1"* ]] || fail "$1: $found"
}

@test "the judge finds faults" {
	sql "INSERT INTO rollcall.users VALUES (1, 5, 'ann', 'Ann');
		INSERT INTO rollcall.words VALUES (0, 'ann', 0, 1, 0);
		UPDATE rollcall.state SET users = 1, newest = 1, next_number = 2"
	printf '1 3 201 1 Ann\n2 3 409 1 Ann\n1 3 503 0 Bob\n' >"$dir/answers"
	judge
	expect_fault 'acknowledged, and not there: 2 Bob' '1 3 201 1 Ann' '1 3 201 2 Bob'
	expect_fault 'acknowledged twice: Ann' '1 3 201 1 Ann' '2 3 201 1 Ann'
	expect_fault 'taken, by itself: Ann' '1 3 409 1 Ann' '2 3 409 1 Ann'
	expect_fault 'not answered in time: Ann' '1 9999 1 0 Ann'
	expect_fault 'not answered in time: Ann' '1 7001 201 1 Ann'
	expect_fault 'nobody asked for it: Ann' '1 3 503 0 Bob'
	expect_fault 'holder who is not: 7 Ann' '1 3 201 1 Ann' '2 3 409 7 Ann'
	expect_fault 'status 500: Ann' '1 3 500 0 Ann'
	sql "DELETE FROM rollcall.words; UPDATE rollcall.state SET users = 2"
	expect_fault 'found by a word: Ann' '1 3 201 1 Ann'
	expect_fault 'the state says 2 users' '1 3 201 1 Ann'
}
