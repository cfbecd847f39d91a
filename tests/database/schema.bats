#!/usr/bin/env bats
# The functions of app/store/database/schema.sql: every outcome, batches that come again, several at a time, and that a node's role
# can do nothing else. Under tests/support/with-postgres; each test has a list of its own.

setup() {
	database=schema_$$_$BATS_TEST_NUMBER
	as postgres postgres "CREATE DATABASE $database TEMPLATE $DATABASE_TEMPLATE"
}

teardown() {
	as postgres postgres "DROP DATABASE $database WITH (FORCE)"
}

# as ROLE DATABASE SQL…: one after the other, in one session. @FILE is one of this folder.
as() {
	local text options=()

	for text in "${@:3}"; do
		if [[ $text == @* ]]; then
			options+=(--file "$BATS_TEST_DIRNAME/${text#@}")
		else
			options+=(--command "$text")
		fi
	done
	"$DATABASE_BIN/psql" --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --host "$DATABASE_SOCKETS" \
		--username "$1" --dbname "$2" "${options[@]}"
}

# app SQL…: as a node does it.
app() {
	as rollcall_app "$database" @names.sql "$@"
}

# owner SQL…: as the superuser, which no node is.
owner() {
	as postgres "$database" "$@"
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# failing COMMAND…: prints what it says, and fails if the command does not.
failing() {
	! "$@" 2>&1 || fail "works: $*"
}

# expect TEXT SQL…: fails unless the statements print TEXT. They leave times out.
expect() {
	local found

	found=$(app "${@:2}")
	[[ $found == "$1" ]] || fail "expected:" "$1" "found:" "$found"
}

expect_sound() {
	local faults

	faults=$(owner @sound.sql)
	[[ -z $faults ]] || fail "$faults"
}

columns='place, result, number, name'

@test "schema: users get the next numbers, and are found by key, word and letter" {
	expect '0|0|1|' "SELECT $columns FROM pg_temp.create_users(1, 1, '{Alice Liddell,Bob}')"
	expect '0|0|3|' "SELECT $columns FROM pg_temp.create_users(2, 9, '{Carol}')"
	expect '3|3|4|2|ablc' 'SELECT users, newest, next_number, version, letters FROM rollcall.state'
	expect $'1|alice\n1|alice liddell\n2|bob' "SELECT 1, 'alice' UNION ALL
		(SELECT number, convert_from(text, 'UTF8') FROM rollcall.words WHERE form = 0 AND text < 'c' ORDER BY text)"
	expect t 'SELECT created = (SELECT created FROM rollcall.users WHERE number = 2) FROM rollcall.users WHERE number = 1'
	expect t 'SELECT abs(created - extract(epoch FROM now()) * 1000) < 60000 FROM rollcall.users WHERE number = 3'
	expect_sound
}

@test "schema: names that are taken leave no gap" {
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')"
	expect $'0|0|2|\n2|1|1|Alice' "SELECT $columns FROM pg_temp.create_users(1, 2, '{Bob,ALICE,Carol}')"
	expect $'1|Alice\n2|Bob\n3|Carol' 'SELECT number, name FROM rollcall.users ORDER BY number'
	expect '1|1|1|Alice' "SELECT $columns FROM pg_temp.create_users(1, 3, '{aLiCe}')"
	expect '4|2' 'SELECT next_number, version FROM rollcall.state'
	expect_sound
}

@test "schema: seats, and users that there may be" {
	expect $'0|0|1|\n3|3||' "SELECT $columns FROM pg_temp.create_users(1, 1, '{a,b,c}', 2)"
	expect $'1|3||' "SELECT $columns FROM pg_temp.create_users(1, 2, '{c}', 2)"
	expect $'1|1|1|a\n2|3||' "SELECT $columns FROM pg_temp.create_users(1, 3, '{A,c}', 100, 2)"
	expect $'0|0|3|\n2|3||' "SELECT $columns FROM pg_temp.create_users(1, 4, '{c,d}', 100, 3)"
	expect '0|0|4|' "SELECT $columns FROM pg_temp.create_users(1, 5, '{d}', 100, 3, true)"
	expect $'1|3||' "SELECT $columns FROM pg_temp.create_users(1, 6, '{e}', 4, 3, true)"
	expect '3|3' 'SELECT seats, last_seat FROM rollcall.state'
	expect abcd 'SELECT letters FROM rollcall.state'
	expect_sound
}

@test "schema: no number is greater than one that can be asked for" {
	owner 'UPDATE rollcall.state SET next_number = 999999999999999999'
	expect $'0|0|999999999999999999|\n2|3||' "SELECT $columns FROM pg_temp.create_users(1, 1, '{a,b}')"
	expect '1|3||' "SELECT $columns FROM pg_temp.create_users(1, 2, '{b}')"
}

@test "schema: what organisers set counts before the options" {
	expect '0|0' "SELECT place, result FROM rollcall.set_sheet(1, 1, 0, false, '{6}', '{1}', '{}', 0)"
	expect $'0|0|1|\n2|3||' "SELECT $columns FROM pg_temp.create_users(1, 2, '{a,b}', 100, 5)"
	expect '0|0' "SELECT place, result FROM rollcall.set_sheet(1, 3, 0, false, '{7}', '{yes}', '{}', 0)"
	expect '0|0|2|' "SELECT $columns FROM pg_temp.create_users(1, 4, '{b}', 100, 5)"
	expect '1|1' 'SELECT seats, last_seat FROM rollcall.state'
	expect '0|0' "SELECT place, result FROM rollcall.set_sheet(1, 5, 2, false, '{6,7}', '{NULL,NULL}', '{}', 0)"
	expect '0|0' 'SELECT seats, last_seat FROM rollcall.state'
	expect '1|3||' "SELECT $columns FROM pg_temp.create_users(1, 6, '{c}', 100, 2)"
	expect $'6||3\n7||3' 'SELECT setting, value, revision FROM rollcall.settings ORDER BY setting'
	expect_sound
}

@test "schema: settings that have changed since are left alone" {
	expect '0|0' "SELECT place, result FROM rollcall.set_sheet(1, 1, 0, false, '{0,1}', '{Party,\"a b\"}', '{0,1}', 0)"
	expect '0|6' "SELECT place, result FROM rollcall.set_sheet(2, 1, 0, false, '{0,2}', '{Ball,c}', '{0}', 0)"
	expect '0|0' "SELECT place, result FROM rollcall.set_sheet(2, 2, 0, false, '{0}', '{Ball}', '{0}', 1)"
	expect '0|0' "SELECT place, result FROM rollcall.set_sheet(2, 3, 0, false, '{2}', '{c}', '{1}', 1)"
	expect $'0|Ball|2\n1|a b|1\n2|c|3' 'SELECT * FROM rollcall.settings ORDER BY setting'
	expect '3|3' 'SELECT sheet, version FROM rollcall.state'
}

# look NAME ARRAYS…: creates one user of that name, with looks (hash, is_latin, scripts, is_kept) and alike keys.
look() {
	app "SELECT result, number FROM rollcall.create_users(1, $1, (SELECT unicode FROM rollcall.state), 100, 0, false, ARRAY[convert_to(lower('$2'), 'UTF8')], '{$2}',
		array_fill(1, ARRAY[cardinality('$3'::bigint[])]), '$3', '$4', '$5', '$6',
		array_fill(1, ARRAY[cardinality('$7'::text[])]), '$7', '$8', '{}', '{}', '{}', '{}', '{}', '{}')"
}

@test "schema: lookalikes" {
	[[ $(look 1 Çop '{10,11}' '{t,t}' '{1,1}' '{t,t}' '{}' '{}') == '0|1' ]]
	# Of another script, of the same, Latin too, of no script at all beside one that has one.
	[[ $(look 2 x1 '{12,11}' '{f,f}' '{2,2}' '{t,t}' '{}' '{}') == '2|1' ]]
	[[ $(look 3 x2 '{11}' '{f}' '{3}' '{t}' '{}' '{}') == '0|2' ]]
	[[ $(look 4 x3 '{10}' '{t}' '{2}' '{t}' '{}' '{}') == '0|3' ]]
	[[ $(look 5 x4 '{10}' '{f}' '{0}' '{f}' '{}' '{}') == '2|1' ]]
	# What is only compared is not kept.
	[[ $(look 6 cop '{20}' '{t}' '{1}' '{f}' '{}' '{}') == '0|4' ]]
	[[ $(look 7 x5 '{20}' '{f}' '{2}' '{t}' '{}' '{}') == '0|5' ]]
	# By the key of a name in ASCII, in one spelling or any.
	[[ $(look 8 x6 '{30}' '{f}' '{2}' '{t}' '{cop}' '{Cop}') == '0|6' ]]
	[[ $(look 9 x7 '{31}' '{f}' '{2}' '{t}' '{cop}' '{NULL}') == '2|4' ]]
	[[ $(look 10 x8 '{32}' '{f}' '{2}' '{t}' '{xxx,cop}' '{NULL,cop}') == '2|4' ]]
	# The name itself first.
	[[ $(look 11 COP '{10}' '{f}' '{2}' '{t}' '{x2}' '{NULL}') == '1|4' ]]
	expect '4' 'SELECT count(DISTINCT number) FROM rollcall.looks WHERE number IN (1, 2, 3, 6)'
	# Names of removed users are no longer compared.
	app "SELECT FROM pg_temp.remove_user(1, 12, 1, 'Çop')" "SELECT FROM pg_temp.remove_user(1, 13, 2, 'x2')" \
		"SELECT FROM pg_temp.remove_user(1, 14, 3, 'x3')"
	[[ $(look 15 x1 '{12,11}' '{f,f}' '{2,2}' '{t,t}' '{}' '{}') == '0|7' ]]
}

@test "schema: a batch that comes again has the same outcomes" {
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')"
	local create="SELECT * FROM pg_temp.create_users(1, 5, '{Bob,ALICE,Carol,Dave}', 3)"
	local first
	first=$(app "$create")
	app "SELECT FROM pg_temp.create_users(2, 5, '{Eve}')" "SELECT FROM pg_temp.remove_user(2, 6, 1, 'Alice')"
	expect "$first" "$create"
	expect "$first" "$create"
	expect '5|3' 'SELECT batch, tries FROM rollcall.nodes WHERE node = 1'
	local change
	for change in "SELECT * FROM pg_temp.remove_user(1, 7, 2, 'Bob')" "SELECT * FROM pg_temp.rename_user(1, 8, 3, 'Carol', 'Zoe')" \
		"SELECT * FROM rollcall.set_sheet(1, 9, 0, false, '{0}', '{Party}', '{0}', 0)"; do
		first=$(app "$change")
		local state
		state=$(app 'SELECT * FROM rollcall.state')
		expect "$first" "$change"
		expect "$state" 'SELECT * FROM rollcall.state'
	done
	expect_sound
}

@test "schema: a batch that comes after a later one is refused" {
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')" "SELECT FROM pg_temp.remove_user(1, 2, 1, 'Alice')"
	[[ $(failing app "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')") == *'a later one'* ]]
	expect '0|2' 'SELECT users, next_number FROM rollcall.state'
}

@test "schema: outcomes of nodes that are gone for a day are forgotten" {
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')" "SELECT FROM pg_temp.create_users(2, 1, '{Bob}')"
	owner 'UPDATE rollcall.nodes SET changed = changed - 86500000 WHERE node = 1'
	# New nodes see to it, one in 20: that none of 500 does is as likely as that a test fails for a broken disk.
	app "SELECT FROM pg_temp.create_users(2, 2, '{Carol}')" \
		"SELECT FROM generate_series(3, 502) node, pg_temp.create_users(node, 1, '{Dave}')"
	expect '2' 'SELECT min(node) FROM rollcall.nodes'
}

@test "schema: removing" {
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice,Ann,Bob}')"
	expect '0|7|3|Bob' "SELECT $columns FROM pg_temp.remove_user(1, 2, 3, NULL)"
	expect '0|7|3|Bob' "SELECT $columns FROM pg_temp.remove_user(1, 3, 3, 'BOB')"
	expect '1' 'SELECT version FROM rollcall.state'
	expect '0|0|3|Bob' "SELECT $columns FROM pg_temp.remove_user(1, 4, 3, 'Bob')"
	expect '0|4||' "SELECT $columns FROM pg_temp.remove_user(1, 5, 3, 'Bob')"
	expect '2|2|4|2|a' 'SELECT users, newest, next_number, version, letters FROM rollcall.state'
	expect '0|0|1|Alice' "SELECT $columns FROM pg_temp.remove_user(1, 6, 1, 'Alice')"
	expect 'a' 'SELECT letters FROM rollcall.state'
	expect $'0|3\n0|1' 'SELECT kind, number FROM rollcall.changes ORDER BY change'
	expect t 'SELECT max(change) = (SELECT change FROM rollcall.state) FROM rollcall.changes'
	expect '0|0|4|' "SELECT $columns FROM pg_temp.create_users(1, 7, '{Bob}')"
	expect_sound
}

@test "schema: renaming" {
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice,Bob Dole}')"
	expect '0|4||' "SELECT $columns FROM pg_temp.rename_user(1, 2, 7, 'Bob', 'Zoe')"
	expect '0|7|2|Bob Dole' "SELECT $columns FROM pg_temp.rename_user(1, 3, 2, NULL, 'Zoe')"
	expect '0|7|2|Bob Dole' "SELECT $columns FROM pg_temp.rename_user(1, 4, 2, 'Bob', 'Zoe')"
	expect '0|5|2|Bob Dole' "SELECT $columns FROM pg_temp.rename_user(1, 5, 2, NULL, 'Bob Dole')"
	expect '0|1|1|Alice' "SELECT $columns FROM pg_temp.rename_user(1, 6, 2, 'Bob Dole', 'ALICE')"
	expect '1' 'SELECT version FROM rollcall.state'
	expect '0|0|2|BOB DOLE' "SELECT $columns FROM pg_temp.rename_user(1, 7, 2, 'Bob Dole', 'BOB DOLE')"
	expect '0|0|2|Zoe' "SELECT $columns FROM pg_temp.rename_user(1, 8, 2, 'BOB DOLE', 'Zoe')"
	expect $'1|2\n1|2' 'SELECT kind, number FROM rollcall.changes ORDER BY change'
	expect '3|2|3' 'SELECT version, newest, next_number FROM rollcall.state'
	expect '0|0|3|' "SELECT $columns FROM pg_temp.create_users(1, 9, '{Bob Dole}')"
	expect_sound
}

@test "schema: names by other tables of Unicode are refused, whoever waited for the migration" {
	local unicode create rename
	unicode=$(owner 'SELECT unicode FROM rollcall.state')
	create="SELECT place, result FROM rollcall.create_users(1, %s, '$unicode', 100, 0, false, '{%s}', '{%s}', '{}', '{}', '{}', '{}', '{}',
		'{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')"
	rename="SELECT result FROM rollcall.rename_user(1, 9, '$unicode', 1, 'a', '{}', '{}', '{}', '{}', 'b', 'b',
		'{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')"
	# shellcheck disable=SC2059 # the format has the parameters
	expect '0|0' "$(printf "$create" 1 a a)"
	owner "UPDATE rollcall.state SET unicode = '99.0'"
	# shellcheck disable=SC2059
	[[ $(failing app "$(printf "$create" 2 b b)") == *'Unicode 99.0, and the program has those of '* ]]
	[[ $(failing app "$rename") == *'Unicode 99.0'* ]]
	# shellcheck disable=SC2059
	expect '0|0' "$(printf "$create" 1 a a)" # what was stored is told
	owner "UPDATE rollcall.state SET unicode = ''"
	expect '0' "$rename"
}

@test "schema: renaming to what looks like another" {
	[[ $(look 1 Çop '{10}' '{t}' '{1}' '{t}' '{}' '{}') == '0|1' ]]
	[[ $(look 2 abc '{}' '{}' '{}' '{}' '{}' '{}') == '0|2' ]]
	local rename="SELECT result, number FROM rollcall.rename_user(1, %s, (SELECT unicode FROM rollcall.state), %s, '%s', '{}', '{}', '{}', '{}', '%s', '%s',
		'{10}', '{f}', '{2}', '{t}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')"
	# shellcheck disable=SC2059 # the format has the parameters
	expect '2|1' "$(printf "$rename" 3 2 abc xyz xyz)"
	# shellcheck disable=SC2059
	expect '0|1' "$(printf "$rename" 4 1 Çop xyz xyz)" # its own look does not count
	# shellcheck disable=SC2059
	expect '0|2' "$(printf "$rename" 5 2 abc abd abd)" # the look that Çop had is gone; of one script with that of xyz
}

@test "schema: the last seat is right after any change" {
	# shellcheck disable=SC2016 # not for the shell
	app 'DO $$
	DECLARE
		seats bigint := 5;
		waits boolean := true;
		victim record;
		wrong record;
	BEGIN
		PERFORM setseed(0.25);
		FOR i IN 1..400 LOOP
			IF random() < 0.03 THEN
				seats := floor(random() * 8);
				waits := random() < 0.8;
			END IF;
			SELECT number, name INTO victim FROM rollcall.users ORDER BY random() LIMIT 1;
			IF random() < 0.52 OR victim IS NULL THEN
				PERFORM FROM pg_temp.create_users(1, i, (ARRAY[$a$a$a$ || i, $a$b$a$ || i])[1:1 + (random() < 0.4)::integer],
					1000, seats, waits);
			ELSE
				PERFORM FROM pg_temp.remove_user(1, i, victim.number, victim.name, seats, waits);
			END IF;
			SELECT * INTO wrong FROM rollcall.state WHERE last_seat <> CASE WHEN state.seats = 0 OR users <= state.seats THEN 0
				ELSE (SELECT number FROM rollcall.users ORDER BY number OFFSET state.seats - 1 LIMIT 1) END
				OR newest <> (SELECT coalesce(max(number), 0) FROM rollcall.users);
			IF wrong IS NOT NULL THEN
				RAISE EXCEPTION $a$step %: %$a$, i, wrong;
			END IF;
		END LOOP;
	END $$'
	expect_sound
}

@test "schema: of changes so many are kept as LIMIT_HISTORY says" {
	# shellcheck disable=SC2016 # not for the shell
	app "SELECT FROM pg_temp.create_users(1, 1, '{a}')" 'DO $$
	DECLARE
		name text := $a$a$a$;
	BEGIN
		FOR i IN 1..1100 LOOP
			PERFORM FROM pg_temp.rename_user(1, 1 + i, 1, name, $a$b$a$ || i);
			name := $a$b$a$ || i;
		END LOOP;
	END $$'
	local limit
	limit=$(sed -n 's/^#define LIMIT_HISTORY *\([0-9]*\).*/\1/p' "$BATS_TEST_DIRNAME/../../app/base/limit.h")
	expect "$limit|t" 'SELECT count(*), max(change) = (SELECT change FROM rollcall.state) FROM rollcall.changes'
	expect_sound
}

# begin NAME SQL: a session that stays open, with this done; it waits for a line on its standard input.
begin_session() {
	coproc SESSION { app 'BEGIN' "$1" '\! echo ready; read -r line' "$2"; }
	session=$SESSION_PID
	local line
	read -r line <&"${SESSION[0]}"
	[[ $line == ready ]]
}

end_session() {
	echo >&"${SESSION[1]}"
	wait "$session"
}

# Until a session waits for a lock.
wait_for_waiter() {
	local end=$((SECONDS + 30))

	until [[ $(owner "SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'") -gt 0 ]]; do
		((SECONDS < end)) || fail 'nobody waits'
		sleep 0.02
	done
}

@test "schema: a batch waits for the one before it, and sees all of it" {
	begin_session "SELECT FROM pg_temp.create_users(1, 1, '{Alice,Bob}', 100, 3)" COMMIT
	app "SELECT $columns FROM pg_temp.create_users(2, 1, '{bob,Carol,Dave}', 100, 3)" >"$BATS_TEST_TMPDIR/second" &
	local second=$!
	wait_for_waiter
	end_session
	wait "$second"
	[[ $(<"$BATS_TEST_TMPDIR/second") == $'0|0|3|\n1|1|2|Bob\n3|3||' ]] || fail "$(<"$BATS_TEST_TMPDIR/second")"
	expect_sound
}

@test "schema: a batch that is rolled back leaves no gap" {
	begin_session "SELECT FROM pg_temp.create_users(1, 1, '{Alice,Bob}')" ROLLBACK
	app "SELECT $columns FROM pg_temp.create_users(2, 1, '{Bob,Carol}')" >"$BATS_TEST_TMPDIR/second" &
	local second=$!
	wait_for_waiter
	end_session
	wait "$second"
	[[ $(<"$BATS_TEST_TMPDIR/second") == '0|0|1|' ]] || fail "$(<"$BATS_TEST_TMPDIR/second")"
	expect_sound
}

@test "schema: the same batch twice at a time is stored once" {
	begin_session "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')" COMMIT
	app "SELECT $columns FROM pg_temp.create_users(1, 1, '{Alice}')" >"$BATS_TEST_TMPDIR/second" &
	local second=$!
	wait_for_waiter
	end_session
	wait "$second"
	[[ $(<"$BATS_TEST_TMPDIR/second") == '0|0|1|' ]] || fail "$(<"$BATS_TEST_TMPDIR/second")"
	expect '1|2' 'SELECT (SELECT count(*) FROM rollcall.users), tries FROM rollcall.nodes'
}

@test "schema: nodes at the same time, and a follower that sees every number in order" {
	local node pids=() last=0 number is_over=

	# A transaction for each batch; every second name is asked for by all three.
	for node in 1 2 3; do
		app "DO \$\$ BEGIN
			FOR i IN 1..40 LOOP
				PERFORM FROM pg_temp.create_users($node, i, ARRAY['n' || i || 'x$node', 'n' || i]);
				COMMIT;
			END LOOP;
		END \$\$" &
		pids+=($!)
	done
	while [[ -z $is_over ]]; do
		kill -0 "${pids[@]}" 2>/dev/null || is_over=yes
		for number in $(app "SELECT number FROM rollcall.users WHERE number > $last ORDER BY number"); do
			[[ $number -eq $((last + 1)) ]] || fail "$number after $last"
			last=$number
		done
	done
	wait "${pids[@]}"
	expect '160|161' 'SELECT users, next_number FROM rollcall.state'
	expect_sound
}

# refused ROLE SQL…: each of them by itself.
refused() {
	local role=$1 text said

	for text in "${@:2}"; do
		said=$(failing as "$role" "$database" "$text")
		[[ $said == *'permission denied'* || $said == *'must be '* ]] || fail "$text" "$said"
	done
}

@test "schema: a node can read, and call the functions, and nothing else" {
	local table
	app "SELECT FROM pg_temp.create_users(1, 1, '{Alice}')"
	for table in users words looks state settings changes nodes secrets; do
		as rollcall_app "$database" "SELECT FROM rollcall.$table" >/dev/null
		refused rollcall_app "INSERT INTO rollcall.$table SELECT * FROM rollcall.$table" "DELETE FROM rollcall.$table" \
			"TRUNCATE rollcall.$table" "DROP TABLE rollcall.$table" "SELECT FROM rollcall.$table FOR UPDATE" \
			"BEGIN; LOCK TABLE rollcall.$table IN ACCESS EXCLUSIVE MODE" "CREATE TRIGGER t BEFORE INSERT ON rollcall.$table
			FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
	done
	refused rollcall_app 'UPDATE rollcall.users SET number = 2' "UPDATE rollcall.state SET letters = ''" \
		'CREATE TABLE rollcall.t ()' 'CREATE SCHEMA s' 'SET ROLE rollcall_owner' 'SET ROLE rollcall_operator' \
		'ALTER FUNCTION rollcall.random_number SET search_path = public' "COPY (SELECT 1) TO '/tmp/rollcall-copy'"
	# Every function but the four that change the list.
	[[ $(owner "SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
		WHERE pronamespace = 'rollcall'::regnamespace AND has_function_privilege('rollcall_app', oid, 'EXECUTE')") == \
		'create_users remove_user rename_user set_sheet' ]]
	# What is in front of the functions' path is not found.
	[[ -z $(owner "SELECT proname FROM pg_proc WHERE pronamespace = 'rollcall'::regnamespace AND prosecdef
		AND (proconfig IS DISTINCT FROM '{\"search_path=pg_catalog, pg_temp\"}' OR pg_get_userbyid(proowner) <> 'rollcall_owner')") ]]
}

@test "schema: everybody else can do nothing" {
	owner "CREATE ROLE ${database}_other LOGIN"
	refused "${database}_other" 'SELECT FROM rollcall.users' 'SELECT FROM rollcall.secrets' \
		"SELECT FROM rollcall.set_sheet(1, 1, 0, false, '{}', '{}', '{}', 0)"
	owner "DROP ROLE ${database}_other"
}

@test "schema: a role that may make roles and owns the database can install it" {
	owner "CREATE ROLE ${database}_admin LOGIN CREATEROLE" "GRANT rollcall_owner TO ${database}_admin"
	as postgres postgres "CREATE DATABASE ${database}_own OWNER ${database}_admin"
	"$DATABASE_BIN/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$DATABASE_SOCKETS" --username "${database}_admin" \
		--dbname "${database}_own" --single-transaction --file "$BATS_TEST_DIRNAME/../../app/store/database/schema.sql"
	# Of that database other roles know nothing at all.
	[[ $(as rollcall_app "${database}_own" 'SELECT users FROM rollcall.state') == 0 ]]
	[[ $(failing as rollcall_app "${database}_own" 'CREATE TEMPORARY TABLE t ()') == *'permission denied'* ]]
	as postgres postgres "DROP DATABASE ${database}_own" "DROP ROLE ${database}_admin"
}

@test "schema: no statement of a batch reads a whole table" {
	# As a node connects (link_connect.c), and what the server says of each statement.
	local settings='SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
		SET enable_mergejoin = off; SET enable_bitmapscan = off; SET enable_memoize = off;'
	local plans="LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on;
		SET client_min_messages = log;"
	as postgres "$database" @names.sql "$settings" "$plans" "SELECT FROM pg_temp.create_users(1, 1, '{Alice,Bob}', 100, 1, true)" \
		"SELECT result FROM rollcall.create_users(1, 2, (SELECT unicode FROM rollcall.state), 100, 1, true, '{x}', '{x}', '{1}', '{1}', '{t}', '{1}', '{t}',
			'{1}', '{a}', '{NULL}', '{1}', '{0}', '{x}', '{0}', '{0}', '{x}')" \
		"SELECT FROM pg_temp.remove_user(1, 3, 1, 'Alice', 1, true)" "SELECT FROM pg_temp.rename_user(1, 4, 2, 'Bob', 'Eve')" \
		"SELECT FROM rollcall.set_sheet(1, 5, 1, true, '{0}', '{a}', '{0}', 0)" 2>"$BATS_TEST_TMPDIR/plans"
	grep -q 'Index Scan using users_key_key' "$BATS_TEST_TMPDIR/plans"
	! grep -B 20 'Seq Scan on \(users\|words\|looks\|changes\)' "$BATS_TEST_TMPDIR/plans" || fail 'a whole table'
}

# blocks BATCH: prints how many blocks a batch of one user reads, when another one has read the catalogue.
blocks() {
	local explain='EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT FROM pg_temp.create_users'

	app "$explain(1, $1, '{x$1}')" "$explain(1, $1 + 1, '{y$1}')" | jq --slurp '.[1][0].Plan."Shared Hit Blocks"'
}

@test "schema: while a transaction is open, a batch does not read all versions since its beginning" {
	local before after

	before=$(blocks 1)
	begin_session 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT FROM rollcall.users' COMMIT
	# shellcheck disable=SC2016 # not for the shell
	app 'DO $$ BEGIN
		FOR i IN 3..1500 LOOP
			PERFORM FROM pg_temp.create_users(1, i, ARRAY[i::text]);
			COMMIT;
		END LOOP;
	END $$'
	after=$(blocks 1501)
	end_session
	# Indexes have become higher. With all versions it would be a hundred more.
	[[ $after -lt $((before + 40)) ]] || fail "$before blocks, then $after"
}

@test "schema: without PostgreSQL these tests are skipped" {
	local status=0 said

	said=$(DATABASE_BIN=/nowhere "$BATS_TEST_DIRNAME/../support/with-postgres" false) || status=$?
	[[ $status -eq 77 && $said == 'SKIP: PostgreSQL is not installed' ]]
}
