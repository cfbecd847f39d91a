#!/usr/bin/env bats
# The operator's commands on a list in a database: there and back without a byte changed, refusals as for the file.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"
source "$BATS_TEST_DIRNAME/nodes.bash"

# What happens to ROLLCALL_DATA is for the file alone.
setup() {
	new_directory
	users_log=$dir/data/users.log
	input=/dev/null
	new_database
	operator="postgresql://rollcall_operator@/$database?host=$DATABASE_SOCKETS"
	export ROLLCALL_STORE="postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS"
}

teardown() {
	end_all
}

time=2026-01-02T03:04:05.678Z

# put_list NAME LINE…: a file of these lines, list.
put_list() {
	list=$dir/$1
	printf '%b\n' "${@:2}" >"$list"
}

# take_list FILE: list.
take_list() {
	list=$1
}

# import_list WANTED: the list goes into the database.
import_list() {
	expect "$EX_OK" import --store "$operator" "$list"
	expect_silence
	[[ $out == "$1" ]] || fail "$out"
}

# expect_refused REASON…: each told with its line, "LINE: REASON", and nothing imported.
expect_refused() {
	before=$(listed)
	expect "$EX_DATAERR" import --store "$operator" "$list"
	[[ $err == "$(printf "$list:%s\n" "$@")"$'\nrollcall: nothing was imported' ]] || fail "$err"
	[[ -z $out ]]
	[[ $(listed) == "$before" ]]
}

# listed: all rows of the list, without their times.
listed() {
	sql 'SELECT number, name FROM rollcall.users ORDER BY number'
}

expect_good() {
	expect "$EX_OK" check
	expect_out ' is good'
	expect_silence
}

# Names that search and lookalikes have rows for, of several words and scripts, with accents.
names=(Zoë 'Jean-Luc Picard' Ann "O'Neill" Σωκράτης СОР Ångström 山田太郎 'José María' bob مریم)

@test "there and back: numbers, times and names are the same, byte for byte" {
	put_records +2=Alice '+5=Jean-Luc Picard' +7=Zoë '+8=СОР' -7:Zoë '+1000=山田太郎'
	for format in csv jsonl; do
		expect "$EX_OK" export --data "$dir/data" --format "$format"
		cp "$dir/out" "$dir/there.$format"
	done
	take_list "$dir/there.csv"
	import_list 'imported 4 users, skipped 0'
	expect_good
	for format in csv jsonl; do
		expect "$EX_OK" export --format "$format"
		cmp "$dir/there.$format" "$dir/out"
	done
	[[ $(sql 'SELECT next_number, users, newest FROM rollcall.state') == '1001|4|1000' ]]
	mkdir "$dir/back"
	expect "$EX_OK" import --data "$dir/back" "$list"
	expect "$EX_OK" export --data "$dir/back"
	cmp "$dir/there.csv" "$dir/out"
	expect "$EX_OK" check --data "$dir/back"
}

@test "an empty list goes there and back" {
	put_list empty.csv number,created,username
	import_list 'imported 0 users, skipped 0'
	expect "$EX_OK" export
	[[ $(<"$dir/out") == $'number,created,username\r' ]]
	expect_good
	expect_out 'users: 0'
}

@test "a list with users before it gets the next numbers" {
	for name in "${names[@]}"; do
		expect "$EX_OK" add "$name"
	done
	expect_out "added user ${#names[@]}, مریم"
	put_list list.csv number,created,username "7,$time,Zoé" ',,"Bobby"'
	import_list 'imported 2 users, skipped 0'
	[[ $(listed | tail -n 2) == $'12|Zoé\n13|Bobby' ]]
	expect "$EX_OK" export --format jsonl
	expect_out '{"number":12,"created":"'$time'","username":"Zoé"}'
	expect_good
}

@test "rows are refused with their lines, in the words of an import into the file" {
	expect "$EX_OK" add bob
	expect "$EX_OK" add Cop
	put_list list.csv number,created,username ,,BOB ",nowhen,carol" ',,Сор' ',,dave' ',,Dave' ',,x\x01y'
	expect_refused '2: username: taken by user 1, bob' \
		'3: created: expected a time like 2026-01-02T03:04:05.678Z' \
		'4: username: looks like that of user 2, Cop' '6: username: taken by dave on line 5' \
		"$(refused_in_file 7)"
	expect "$EX_OK" import --store "$operator" --skip-invalid "$list"
	[[ $out == 'imported 1 users, skipped 5' ]]
	[[ $(listed) == $'1|bob\n2|Cop\n3|dave' ]]
	expect_good
}

# refused_in_file LINE: what an import into a file says to that line of the list.
refused_in_file() {
	"$ROLLCALL" import --data "$dir/data" "$list" 2>&1 | sed -n "s/.*:\($1: .*\)/\1/p"
}

@test "names in one list that look alike" {
	put_list list.jsonl '{"username":"Cop"}' '{"username":"Сор"}'
	expect_refused '2: username: looks like that of Cop on line 1'
}

@test "a new list keeps the numbers that rise, and no others" {
	put_list list.csv number,username 3,a 2,b ,c 9,d 9,e
	expect_refused '3: number: expected one above 3, which comes before it' \
		'6: number: expected one above 9, which comes before it'
	put_list list.csv number,username 3,a ,c 9,d
	import_list 'imported 3 users, skipped 0'
	[[ $(listed) == $'3|a\n4|c\n9|d' ]]
	expect "$EX_OK" add e
	expect_out 'added user 10, e'
}

@test "an import is not for the role of servers, and leaves nothing behind" {
	put_list list.csv username alice
	expect "$EX_NOPERM" import "$list"
	expect_err 'imports are for the role rollcall_operator'
	[[ -z $(listed) ]]
}

@test "add: the rules of the form, and who is in the way" {
	expect "$EX_OK" add Cop
	[[ $out == 'added user 1, Cop' ]]
	expect "$EX_DATAERR" add COP
	[[ $err == 'rollcall: that name is taken by user 1, Cop' ]]
	expect "$EX_DATAERR" add Сор
	[[ $err == 'rollcall: that name looks like that of user 1, Cop' ]]
	expect "$EX_DATAERR" add ' '
	expect_err 'rollcall: username: '
	expect "$EX_USAGE" add --new eve
	sql "INSERT INTO rollcall.settings VALUES (6, '1', 1); UPDATE rollcall.state SET sheet = 1"
	expect "$EX_DATAERR" add eve
	[[ $err == 'rollcall: no seat is left' ]]
	[[ $(sql 'SELECT next_number, users FROM rollcall.state') == '2|1' ]]
	sql "INSERT INTO rollcall.settings VALUES (7, 'yes', 1)"
	expect "$EX_OK" add eve
	[[ $(sql 'SELECT seats, last_seat FROM rollcall.state') == '1|1' ]]
	put_list list.csv username carol
	import_list 'imported 1 users, skipped 0'
	expect_good
}

@test "remove: by name, by number, by both; and nobody else" {
	for name in "${names[@]}"; do
		expect "$EX_OK" add "$name"
	done
	expect "$EX_OK" remove 'jean-luc PICARD'
	[[ $out == 'removed user 2, Jean-Luc Picard' ]]
	expect "$EX_OK" remove --number 1
	[[ $out == 'removed user 1, Zoë' ]]
	expect "$EX_OK" remove --number 6 сор
	expect "$EX_NOUSER" remove --number 3 bob
	[[ $err == 'rollcall: there is no user bob with the number 3' ]]
	expect "$EX_NOUSER" remove zoë
	expect "$EX_NOUSER" remove --number 1
	expect "$EX_USAGE" remove
	[[ $(listed | wc -l) -eq 8 ]]
	expect_good
	expect "$EX_OK" add Zoë
	[[ $out == 'added user 12, Zoë' ]]
}

@test "rename: keeps number and time, and takes the words of the old name away" {
	expect "$EX_OK" add 'Jean-Luc Picard'
	expect "$EX_OK" add Cop
	created=$(sql 'SELECT created FROM rollcall.users WHERE number = 1')
	expect "$EX_OK" rename 'jean-luc picard' Zoë
	[[ $out == 'renamed user 1, Jean-Luc Picard, to Zoë' ]]
	[[ $(sql 'SELECT number, created, name FROM rollcall.users WHERE number = 1') == "1|$created|Zoë" ]]
	expect_good
	expect "$EX_OK" rename --number 1 Zoë
	[[ $out == 'user 1 is called Zoë already: nothing was changed' ]]
	expect "$EX_OK" rename --number 1 ZOË
	expect "$EX_DATAERR" rename --number 1 Сор
	[[ $err == 'rollcall: that name looks like that of user 2, Cop' ]]
	expect "$EX_DATAERR" rename cop zoë
	[[ $err == 'rollcall: that name is taken by user 1, ZOË' ]]
	expect "$EX_NOUSER" rename nobody zoe
	expect_good
}

@test "check: what is wrong is told" {
	for name in "${names[@]}"; do
		expect "$EX_OK" add "$name"
	done
	expect_good
	sql "UPDATE rollcall.users SET key = 'x' WHERE number = 3"
	expect "$EX_DATAERR" check
	expect_out 'wrong: user 3, Ann, has the key of another name'
	sql "UPDATE rollcall.users SET key = 'ann' WHERE number = 3"
	sql "UPDATE rollcall.state SET users = 12, next_number = 11, last_seat = 3, letters = 'q'"
	sql 'DELETE FROM rollcall.words WHERE number = 2'
	sql 'DELETE FROM rollcall.looks WHERE number = 6'
	expect "$EX_DATAERR" check
	expect_out 'wrong: the number of users: 12, but it is 11 by the users'
	expect_out 'wrong: the next number, 11, has been given to a user'
	expect_out 'wrong: the user with the last seat: 3, but it is 0 by the users'
	expect_out 'wrong: letters that names begin with are missing'
	expect_out 'wrong: words for searches: '
	expect_out 'wrong: looks of names: '
}

@test "check: rows that are as many as they should be, and others" {
	for name in "${names[@]}"; do
		expect "$EX_OK" add "$name"
	done
	sql "UPDATE rollcall.words SET text = 'x' WHERE number = 3"
	expect "$EX_DATAERR" check
	expect_out 'wrong: user 3 lacks the words for searches of the name'
	[[ $(grep -c '^wrong: ' "$dir/out") -eq 1 ]] || fail "$(<"$dir/out")"
	sql "UPDATE rollcall.words SET text = 'ann', shared = 1 WHERE number = 3"
	expect "$EX_DATAERR" check
	expect_out 'wrong: user 3 lacks the words for searches of the name'
	sql "UPDATE rollcall.words SET shared = 0 WHERE number = 3"
	expect_good
	sql "UPDATE rollcall.looks SET scripts = 0 WHERE number = 6"
	expect "$EX_DATAERR" check
	expect_out 'wrong: user 6 lacks the looks of the name'
	[[ $(grep -c '^wrong: ' "$dir/out") -eq 1 ]] || fail "$(<"$dir/out")"
}

@test "check: a letter that no name begins with" {
	expect "$EX_OK" add Ann
	sql "UPDATE rollcall.state SET letters = letters || 'q'"
	expect "$EX_DATAERR" check
	expect_out 'wrong: there are letters that no name begins with'
}

@test "check: what the server is not set to do" {
	sql "ALTER ROLE rollcall_app IN DATABASE $database SET synchronous_commit = off"
	expect "$EX_OK" check
	expect_out 'warning: synchronous_commit is off: '
	expect_out 'warning: synchronous_standby_names is empty: '
	expect_out "warning: fsync is ${DATABASE_FSYNC:-off}: "
	sql 'ALTER TABLE rollcall.changes SET UNLOGGED'
	expect "$EX_DATAERR" check
	expect_out 'wrong: the table changes is unlogged'
}

# check_at SECONDS: with a clock of this machine that is so much later. Sets out.
check_at() {
	python3 -B -c 'import struct, sys; sys.stdout.buffer.write(struct.pack("=q", int(sys.argv[1])))' "$1" >"$dir/step"
	out=$(export ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-}
		LD_PRELOAD=$STEPPED_CLOCK_LIBRARY STEPPED_CLOCK=$dir/step exec "$ROLLCALL" check)
}

@test "check: clocks that do not agree" {
	check_at 3600
	[[ $out =~ "warning: the server's clock is "3(599|600)" s behind this machine's" ]] || fail "$out"
	check_at -60
	expect_out "warning: the server's clock is 60 s ahead of this machine's"
	check_at 0
	[[ $out != *clock* ]] || fail "$out"
}

@test "other Unicode tables: nothing is named before migrate has looked" {
	expect "$EX_OK" add alice
	sql "UPDATE rollcall.state SET unicode = '3.0.0'"
	expect "$EX_UNAVAILABLE" add bob
	expect_err "are compared by Unicode 3.0.0, this program has "
	expect "$EX_OK" remove alice
	put_list list.csv username carol
	expect "$EX_UNAVAILABLE" import --store "$operator" "$list"
}

@test "migrate: makes anew what searches need when Unicode tables have changed; no name may be compared otherwise" {
	store="postgresql://postgres@/$database?host=$DATABASE_SOCKETS"
	for name in "${names[@]}"; do
		expect "$EX_OK" add "$name"
	done
	letters=$(sql "SELECT string_agg(l, '' ORDER BY l) FROM rollcall.state, regexp_split_to_table(letters, '') l")
	sql "UPDATE rollcall.state SET unicode = '3.0.0', letters = 'q'; DELETE FROM rollcall.words; DELETE FROM rollcall.looks"
	expect "$EX_OK" migrate --store "$store"
	expect_good
	[[ $(sql "SELECT string_agg(l, '' ORDER BY l) FROM rollcall.state, regexp_split_to_table(letters, '') l") == "$letters" ]]
	expect "$EX_OK" add carol
	sql "UPDATE rollcall.state SET unicode = '3.0.0'; UPDATE rollcall.users SET key = 'xann' WHERE number = 3"
	expect "$EX_DATAERR" migrate --store "$store"
	expect_err 'user 3, Ann, would be compared otherwise'
	[[ $(sql 'SELECT unicode FROM rollcall.state') == 3.0.0 ]]
}

@test "migrate: makes the list, and finds it made" {
	other=${database}_new
	admin postgres --command "CREATE DATABASE $other"
	store="postgresql://postgres@/$other?host=$DATABASE_SOCKETS"
	expect "$EX_NOINPUT" export --store "$store"
	expect_err "'rollcall migrate' makes one"
	expect "$EX_OK" migrate --store "$store"
	expect_out 'made an empty list in '
	expect "$EX_OK" migrate --store "$store"
	expect_out ' is up to date'
	expect "$EX_OK" add --store "$store" alice
	site=$(admin "$other" --command 'SELECT site FROM rollcall.state')
	change=$(admin "$other" --command 'SELECT change FROM rollcall.state')
	expect "$EX_OK" migrate --store "$store" --new-site
	[[ $(admin "$other" --command 'SELECT site FROM rollcall.state') != "$site" ]]
	[[ $(admin "$other" --command 'SELECT change FROM rollcall.state') != "$change" ]]
	put_list list.csv username bob
	expect "$EX_NOPERM" import --store "${store/postgres@/rollcall_app@}" "$list"
	expect "$EX_OK" import --store "${store/postgres@/rollcall_operator@}" "$list"
	expect "$EX_OK" check --store "$store"
	expect_out 'users: 2'
	admin "$other" --command 'UPDATE rollcall.state SET schema = 99'
	for command in 'add bob' export check migrate; do
		# shellcheck disable=SC2086 # a command and its operand
		expect "$EX_UNAVAILABLE" $command --store "$store"
		expect_err 'the schema has version 99'
	done
	admin postgres --command "DROP DATABASE $other"
}

@test "migrate --sql prints what psql can run" {
	other=${database}_sql
	admin postgres --command "CREATE DATABASE $other"
	expect "$EX_OK" migrate --sql
	admin "$other" --set ON_ERROR_STOP=1 --file "$dir/out" >/dev/null
	expect "$EX_OK" check --store "postgresql://postgres@/$other?host=$DATABASE_SOCKETS"
	admin postgres --command "DROP DATABASE $other"
}

@test "status: figures of the database, in lines and as JSON" {
	expect "$EX_OK" add alice
	expect "$EX_OK" status --store "$ROLLCALL_STORE"
	expect_out '1 users; the last number given is 1'
	expect "$EX_OK" status --store "$ROLLCALL_STORE" --json
	[[ $(jq '.users, .last_number, .schema' "$dir/out") == $'1\n1\n1' ]]
}

@test "backup, compact and repair say what to use" {
	expect "$EX_UNAVAILABLE" backup "$dir/copy"
	expect_err 'pg_basebackup'
	[[ ! -e $dir/copy ]]
	expect "$EX_UNAVAILABLE" compact
	expect_err 'autovacuum'
	expect "$EX_UNAVAILABLE" repair
	expect_err "'rollcall check'"
}

@test "--store and --data exclude each other; what the command line names counts before the environment" {
	expect "$EX_USAGE" export --store "$ROLLCALL_STORE" --data "$dir/data"
	expect_err '--store and --data exclude each other'
	put_records +carol
	expect "$EX_USAGE" export --store "$ROLLCALL_STORE" "$users_log"
	expect "$EX_OK" add alice
	expect "$EX_OK" --data "$dir/data" export
	expect_out carol
	expect "$EX_OK" export "$users_log"
	expect_out carol
	ROLLCALL_DATA=$dir/data expect "$EX_OK" --store "$ROLLCALL_STORE" export
	expect_out alice
	ROLLCALL_DATA=$dir/data expect "$EX_USAGE" export
	expect_err 'ROLLCALL_STORE and ROLLCALL_DATA exclude each other'
	ROLLCALL_DATA=/var/lib/rollcall expect "$EX_OK" export
	expect_out alice
}

@test "an address that is none, or unsafe; a server that is not there" {
	expect "$EX_USAGE" export --store 'postgresql://x@127.0.0.1/y'
	expect_err verify-full
	expect "$EX_USAGE" export --store 'postgresql://x:secret@/y'
	[[ $err != *secret* ]]
	expect "$EX_TEMPFAIL" export --store "postgresql://rollcall_app@/y?host=$dir"
	for url in "postgresql://rollcall_app@/${database}_none?host=$DATABASE_SOCKETS" "postgresql://nobody_at_all@/$database?host=$DATABASE_SOCKETS"; do
		expect "$EX_NOPERM" export --store "$url"
	done
	expect "$EX_TEMPFAIL" export --store "postgresql://rollcall_app@/${database}_none?host=$dir,$DATABASE_SOCKETS"
	[[ -z $out ]]
}

@test "a change is made once, and told of, however the first answer is lost" {
	local fault count=0

	start_proxy a
	through="postgresql://rollcall_app@/$database?host=$dir/a"
	for fault in cut-before-bind cut-in-request cut-before-sync rollback error:40001 error:25006 error:57P01 error:53300 \
		swallow cut-in-answer error-after:57P01 error-after:40003 warning; do
		tell a "next $fault create_users"
		expect "$EX_OK" add --store "$through" "${fault/:/ }"
		count=$((count + 1))
		[[ $out == "added user $count, ${fault/:/ }" ]] || fail "$fault" "$out"
		expect_silence
		tell a "next $fault rename_user"
		expect "$EX_OK" rename --store "$through" --number "$count" "other $count"
		[[ $out == "renamed user $count, ${fault/:/ }, to other $count" ]] || fail "$fault" "$out"
	done
	tell a 'next swallow remove_user'
	expect "$EX_OK" remove --store "$through" 'other 1'
	[[ $out == 'removed user 1, other 1' ]]
	[[ $(sql 'SELECT next_number, users, version FROM rollcall.state') == "$((count + 1))|$((count - 1))|$((2 * count + 1))" ]]
	expect_good
}

@test "an import whose COMMIT has no answer says so; one that is cut off before leaves nothing" {
	start_proxy a
	through="postgresql://rollcall_operator@/$database?host=$dir/a"
	put_list list.csv username alice bob
	tell a 'next cut-before-bind end_import'
	expect "$EX_TEMPFAIL" import --store "$through" "$list"
	[[ -z $out && -z $(listed) ]]
	tell a 'next swallow COMMIT'
	expect "$EX_TEMPFAIL" import --store "$through" "$list"
	expect_err 'the change may have been made, or not'
	[[ $(listed) == $'1|alice\n2|bob' ]]
	put_list more.csv username carol
	tell a 'next warning COMMIT'
	expect "$EX_TEMPFAIL" import --store "$through" "$list"
	expect_err 'no standby has confirmed it'
}

# import_beside NAME LIST: imports LIST into the list of alice, while another transaction, which began to add user 5, NAME, before the
# import did, ends only when the import waits for it. Sets status, out and err as command does.
import_beside() {
	local other importing

	expect "$EX_OK" add alice
	coproc other_session { admin "$database" 2>&1 3>&-; }
	other=${other_session[1]}
	printf '%s;\n' BEGIN "UPDATE rollcall.state SET version = version + 1, next_number = 6, users = users + 1, newest = 5" \
		"INSERT INTO rollcall.users VALUES (5, 0, convert_to(lower('$1'), 'UTF8'), '$1')" "SELECT 'ready'" >&"$other"
	read -r <&"${other_session[0]}"
	"$ROLLCALL" import --store "$operator" "$2" >"$dir/out" 2>"$dir/err" 3>&- &
	importing=$!
	until [[ $(admin postgres --command "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database'
		AND usename = 'rollcall_operator' AND wait_event_type = 'Lock'") -eq 1 ]]; do
		kill -0 "$importing"
		sleep 0.05
	done
	printf 'COMMIT;\n' >&"$other"
	exec {other}>&-
	status=0
	wait "$importing" || status=$?
	out=$(<"$dir/out")
	err=$(<"$dir/err")
}

@test "an import gets the numbers behind a user who signed up while it was checked" {
	put_list list.csv username carol dave
	import_beside bob "$list"
	[[ $status -eq $EX_OK && $out == 'imported 2 users, skipped 0' ]] || fail "$err"
	[[ $(listed) == $'1|alice\n5|bob\n6|carol\n7|dave' ]]
	[[ $(sql 'SELECT next_number, users, newest FROM rollcall.state') == '8|4|7' ]]
}

@test "an import does nothing if a name was taken while it was checked" {
	put_list list.csv username carol BOB
	import_beside bob "$list"
	[[ $status -eq $EX_DATAERR && -z $out ]]
	[[ $err == "$list:3: username: taken by user 5, bob"$'\nrollcall: these names were taken meanwhile; nothing was imported' ]]
	[[ $(listed) == $'1|alice\n5|bob' ]]
}

# remove_beside NAME OTHER: removes the user NAME, while a transaction that gives it the name OTHER ends only when the command waits
# for it.
remove_beside() {
	local other removing status=0

	coproc other_session { admin "$database" 2>&1 3>&-; }
	other=${other_session[1]}
	printf '%s;\n' BEGIN "UPDATE rollcall.state SET version = version + 1" \
		"UPDATE rollcall.users SET name = '$2', key = convert_to(lower('$2'), 'UTF8') WHERE name = '$1'" "SELECT 'ready'" >&"$other"
	read -r <&"${other_session[0]}"
	"$ROLLCALL" remove "$1" >"$dir/out" 2>"$dir/err" 3>&- &
	removing=$!
	until [[ $(admin postgres --command "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database'
		AND usename = 'rollcall_app' AND wait_event_type = 'Lock'") -eq 1 ]]; do
		kill -0 "$removing"
		sleep 0.05
	done
	printf 'COMMIT;\n' >&"$other"
	exec {other}>&-
	wait "$removing" || status=$?
	[[ $status -eq $EX_OK && $(<"$dir/out") == "removed user "*", $2" ]] || fail "status $status" "$(cat "$dir/out" "$dir/err")"
}

@test "a user who gets another name meanwhile is removed all the same" {
	local i

	for i in {1..8}; do
		expect "$EX_OK" add "alice $i"
		remove_beside "alice $i" "bob $i"
	done
	[[ -z $(listed) ]]
}

@test "a change that may have been made is not told of as refused, if the next try is" {
	local adding status=0

	start_proxy a
	tell a 'next stall-answer create_users'
	"$ROLLCALL" add --store "postgresql://rollcall_app@/$database?host=$dir/a" alice >"$dir/out" 2>"$dir/err" 3>&- &
	adding=$!
	wait_for_line "$dir/a.proxy" 'fired stall-answer' "${proxy_pid[a]}"
	sql 'REVOKE EXECUTE ON FUNCTION rollcall.create_users FROM rollcall_app'
	tell a cut
	wait "$adding" || status=$?
	[[ $status -eq $EX_TEMPFAIL ]] || fail "status $status" "$(<"$dir/err")"
	grep -q 'permission denied' "$dir/err"
	grep -q 'the change may have been made, or not' "$dir/err"
	[[ $(listed) == '1|alice' ]]
}

@test "a database whose encoding lacks characters of names is refused" {
	other=${database}_latin
	admin postgres --command "CREATE DATABASE $other ENCODING LATIN1 TEMPLATE template0"
	expect "$EX_DATAERR" migrate --store "postgresql://postgres@/$other?host=$DATABASE_SOCKETS"
	expect_err 'the database has the encoding LATIN1'
	expect_err 'createdb --encoding=UTF8 --template=template0'
	admin postgres --command "DROP DATABASE $other"
}

@test "of several migrations at a time one makes the list, and the others find it" {
	local pid migrating=()

	other=${database}_often
	admin postgres --command "CREATE DATABASE $other"
	for _ in 1 2 3; do
		"$ROLLCALL" migrate --store "postgresql://postgres@/$other?host=$DATABASE_SOCKETS" >>"$dir/migrated" 2>&1 3>&- &
		migrating+=($!)
	done
	for pid in "${migrating[@]}"; do
		wait "$pid" || fail "$(<"$dir/migrated")"
	done
	[[ $(grep -c 'made an empty list' "$dir/migrated") -eq 1 && $(grep -c 'is up to date' "$dir/migrated") -eq 2 ]] ||
		fail "$(<"$dir/migrated")"
	admin postgres --command "DROP DATABASE $other"
}

@test "a role whose strings have backslashes signs up all the same" {
	sql "ALTER ROLE rollcall_app IN DATABASE $database SET standard_conforming_strings = off"
	expect "$EX_OK" add alice
	expect "$EX_OK" add Ann
	expect_good
}
