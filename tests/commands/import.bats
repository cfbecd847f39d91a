#!/usr/bin/env bats
# rollcall import: all rows of a list or none, and a reason for each row that is refused.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

time=2026-01-02T03:04:05.678Z
bad_time='created: expected a time like 2026-01-02T03:04:05.678Z'

# put_list NAME LINE…: a file of these lines, list.
put_list() {
	list=$dir/$1
	printf '%b\n' "${@:2}" >"$list"
}

# expect_import WANTED…: the list is imported, with nothing to be said against it.
expect_import() {
	expect "$EX_OK" import "$list"
	expect_silence
	[[ $out == "$1" ]] || fail "$out"
}

# expect_refused REASON…: each told with its line, "LINE: REASON", and nothing imported.
expect_refused() {
	expect "$EX_DATAERR" import "$list"
	[[ $err == "$(printf "$list:%s\n" "$@")"$'\nrollcall: nothing was imported' ]] || fail "$err"
	[[ -z $out ]]
	expect_unchanged
}

@test "CSV: names, times and the next numbers" {
	put_records +alice -1:alice
	put_list list.csv number,created,username "7,$time,Zoë" ',,"bob"' "1,$time,alice"
	before=$(date +%s%3N)
	expect_import 'imported 3 users, skipped 0'
	[[ $(records) == $'+\t1\talice\n-\t1\talice\n+\t2\tZoë\n+\t3\tbob\n+\t4\talice' ]]
	[[ $(cut -f 4 "$users_log" | sed -n '4p;6p') == "$time"$'\n'"$time" ]]
	now=$(date -d "$(sed -n 5p "$users_log" | cut -f 4)" +%s%3N)
	[[ $now -ge $before && $now -le $(date +%s%3N) ]]
	expect "$EX_OK" check
	expect_out 'users: 3'
}

@test "JSON Lines" {
	put_records +alice
	put_list list.jsonl '{"username":"Zo\\u00eb","created":"'$time'"}' '' '{"number":9,"username":"bob"}'
	expect_import 'imported 2 users, skipped 0'
	[[ $(records) == $'+\t1\talice\n+\t2\tZoë\n+\t3\tbob' ]]
	[[ $(sed -n 3p "$users_log" | cut -f 4) == "$time" ]]
}

@test "a list that has had no user yet keeps the numbers, which have to rise" {
	put_list list.csv number,username 3,alice ,bob 9,carol 9,dave 8,ALICE
	expect "$EX_DATAERR" import "$list"
	[[ $err == "$list:5: number: expected one above 9, which comes before it"$'\n'"$list:6: username: taken by alice on line 2"$'\nrollcall: nothing was imported' ]] || fail "$err"
	expect "$EX_OK" import --skip-invalid "$list"
	[[ $(records) == $'+\t3\talice\n+\t4\tbob\n+\t9\tcarol' ]]
	expect "$EX_OK" add dave
	expect_out 'added user 10, dave'
	expect "$EX_OK" check
}

@test "a number that was given is never given again" {
	put_records +alice +bob
	expect "$EX_OK" remove bob
	expect "$EX_OK" compact
	put_list list.csv username bob
	expect_import 'imported 1 users, skipped 0'
	[[ $(records) == $'+\t1\talice\n+\t3\tbob' ]]
}

@test "from standard input, which has to be told what it is" {
	put_records +alice
	put_list list.csv username bob
	input=$list
	expect "$EX_USAGE" import
	expect_err '--format'
	expect "$EX_USAGE" import -
	expect_unchanged
	expect "$EX_OK" import --format csv
	put_list list.jsonl '{"username":"carol"}'
	input=$list
	expect "$EX_OK" import --format jsonl -
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n+\t3\tcarol' ]]
	put_list list.csv username a,b
	input=$list
	expect "$EX_DATAERR" import --format csv
	expect_err '(standard input):2: 2 fields, but 1 columns'
}

@test "the format is that of --format, else of the name" {
	put_records +alice
	put_list list.txt username bob
	expect "$EX_USAGE" import "$list"
	expect_err "$list: its name does not say what it is"
	expect "$EX_USAGE" import --format xml "$list"
	expect "$EX_OK" import --format csv "$list"
	put_list list.jsonl username carol
	expect "$EX_OK" import --format csv "$list"
	put_list LIST.CSV username dave
	expect "$EX_OK" import "$list"
	expect "$EX_OK" import --format jsonl <(:)
	[[ $(records | wc -l) -eq 4 ]]
}

@test "a list through a pipe, in pieces" {
	put_records
	expect "$EX_OK" import --format csv <(
		printf '\xef'
		printf '\xbb\xbfuser'
		printf 'name\r'
		printf '\nZo\xc3'
		printf '\xab\r\n"bo'
		printf 'b"'
	)
	[[ $(records) == $'+\t1\tZoë\n+\t2\tbob' ]]
}

@test "CSV as others write it" {
	put_records
	put_list list.csv '\xef\xbb\xbf"username";"created"' '"alice";""' "bob;$time" ';' ';'
	expect_import 'imported 2 users, skipped 0'
	printf '\xef\xbb\xbf\xef\xbb\xbf"Username", "Created"\r\n"carol", ""\r\n\r\n' >"$list"
	expect_import 'imported 1 users, skipped 0'
	printf '\xff\xfe' >"$list"
	printf 'number\tusername\r\n1\tZoë\r\n' | iconv -t UTF-16LE >>"$list"
	expect_import 'imported 1 users, skipped 0'
	put_list list.csv 'Username;;\r' 'dave;;\r' 'eve\r' ';;\r' ';;\r'
	expect_import 'imported 2 users, skipped 0'
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n+\t3\tcarol\n+\t4\tZoë\n+\t5\tdave\n+\t6\teve' ]]
	cp -- "$users_log" "$dir/before"
	put_list list.csv username frank 'Zo\xeb'
	expect_refused '3: not UTF-8; spreadsheets save it as "CSV UTF-8"'
	put_list list.csv 'PK\x03\x04workbook'
	expect_refused '1: a workbook and not CSV; spreadsheets save it as "CSV UTF-8"'
}

@test "names become what they are when they are typed" {
	put_records
	put_list list.csv username '  alice\t' 'Cafe\u0301' 'ｂｏｂ' 'שלום' '\U00020000'
	expect_import 'imported 5 users, skipped 0'
	[[ $(records | cut -f 3) == $'alice\nCafé\nｂｏｂ\nשלום\n\U00020000' ]]
}

@test "names that cannot be" {
	put_records +alice
	put_list list.csv username bob '"bob,b"' '"say ""hi"""' '"a\nb"' '\U0001f600' 'a\u05d0' '\xff' 'a\0b' '' ' ' \
		'\u200b' "$(printf 'a%.0s' {1..65})" "$(printf 'ö%.0s' {1..64})"
	expect_refused '3: username: it has “,”, which names do not have' \
		'4: username: it has “"”, which names do not have' \
		'5: username: it has U+000A, which names do not have' \
		'7: username: it has “😀”, which names do not have' \
		'8: username: a word mixes directions, or does not begin with a letter' \
		'9: not UTF-8; spreadsheets save it as "CSV UTF-8"' \
		'10: username: it has U+0000, which names do not have' \
		'11: username: it is empty' '12: username: it is empty' \
		'13: username: it has U+200B, which names do not have' \
		'14: username: it is longer than 64 characters'
}

@test "names that are taken, and the users who have them" {
	put_records +Alice +Zoë
	put_list list.csv username ALICE 'zoe\u0308' bob carol Bob
	expect_refused '2: username: taken by user 1, Alice' '3: username: taken by user 2, Zoë' \
		'6: username: taken by bob on line 4'
}

@test "names that look like others" {
	put_records +Cop
	put_list list.csv username Сор сосо coco pаypal
	expect_refused '2: username: looks like that of user 1, Cop' '4: username: looks like that of сосо on line 3' \
		'5: username: it mixes Latin letters with the Cyrillic “а”'
	put_records +Cop +Сор
	put_list list.csv username Bob
	expect_import 'imported 1 users, skipped 0'
	[[ $(records) == $'+\t1\tCop\n+\t2\tСор\n+\t3\tBob' ]]
}

@test "a name that a bad row has is free for a good one" {
	put_records
	put_list list.csv created,username never,alice ",alice"
	expect "$EX_OK" import --skip-invalid "$list"
	expect_out 'imported 1 users, skipped 1'
	[[ $(records) == $'+\t1\talice' ]]
}

@test "bad times, and rows of another length" {
	put_records +alice
	put_list list.csv created,username yesterday,bob 2026-02-29T00:00:00.000Z,bob 2026-01-02T03:04:05Z,bob bob \
		"$time,bob,x"
	expect_refused "2: $bad_time" "3: $bad_time" "4: $bad_time" '5: 1 fields, but 2 columns' \
		'6: 3 fields, but 2 columns'
}

@test "JSON that is not taken" {
	put_records +alice
	put_list list.jsonl '{"username":"bob"' '{"username":"bob","username":"carol"}' '{"username":"bob","age":3}' \
		'{"username":7}' '["bob"]' '{"username":"\xff"}' '{"username":"bob","created":5}' '{}' \
		'{"username":"ALICE"}'
	expect_refused '1: the value is not complete' '2: a repeated member' \
		'3: a member that is not number, created or username' '4: username: expected a string' \
		'5: not a JSON object' '6: not UTF-8' "7: $bad_time" '8: there is no member username' \
		'9: username: taken by user 1, alice'
}

@test "lists without a user" {
	put_records +alice
	ln -- "$users_log" "$dir/link"
	put_list list.csv number,username
	expect_import 'imported 0 users, skipped 0'
	printf username >"$list"
	expect_import 'imported 0 users, skipped 0'
	put_list list.jsonl
	: >"$list"
	expect_import 'imported 0 users, skipped 0'
	expect_unchanged
	[[ $users_log -ef $dir/link ]] || fail "it was written anew"
}

@test "a header that is of no list of users stops it, even with --skip-invalid" {
	put_records +alice
	put_list list.csv
	: >"$list"
	expect_refused '1: there is no header row that names the columns'
	put_list list.csv number,created "1,$time"
	expect_refused '1: there is no column username'
	put_list list.csv username,email bob,b
	expect_refused '1: column 2 is not number, created or username'
	expect "$EX_DATAERR" import --skip-invalid "$list"
	expect_err 'nothing was imported'
	expect_unchanged
}

@test "of many bad rows the first twenty are told" {
	put_records +alice
	{
		printf 'username\nbob\n'
		printf '%s\n' -{1..25}
	} >"$dir/list.csv"
	expect "$EX_DATAERR" import "$dir/list.csv"
	[[ $(grep -c "^$dir/list.csv:" "$dir/err") -eq 20 ]]
	expect_err "$dir/list.csv:3: username: a separator"
	expect_err "$dir/list.csv:22: username: a separator"
	[[ $err == *$'\nand 5 more\nrollcall: nothing was imported' ]]
	expect_unchanged
	sed -i '23,$d' "$dir/list.csv"
	expect "$EX_DATAERR" import "$dir/list.csv"
	[[ $err != *more* ]]
}

@test "--skip-invalid tells of all of them, and imports the others" {
	put_records +alice
	{
		printf 'username\nbob\n'
		printf '%s\n' -{1..25}
		printf 'ALICE\ncarol\n'
	} >"$dir/list.csv"
	expect "$EX_OK" import --skip-invalid "$dir/list.csv"
	[[ $(wc -l <"$dir/err") -eq 26 ]]
	expect_err "$dir/list.csv:27: username: a separator"
	expect_err "$dir/list.csv:28: username: taken by user 1, alice"
	[[ $out == 'imported 2 users, skipped 26' ]]
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n+\t3\tcarol' ]]
}

@test "a quote that is never closed: how far it reaches" {
	put_records
	put_list list.csv username bob '"carol' dave eve
	expect "$EX_OK" import --skip-invalid "$list"
	expect_err "$list:3: a quoted field that is not closed (the row ends on line 6)"
	[[ $out == 'imported 1 users, skipped 1' ]]
}

# bats test_tags=little-memory
@test "rows and lines without end take no memory" {
	put_records +alice
	{
		printf 'username\n"'
		head -c 20000000 /dev/zero | tr '\0' x
		printf '"\nbob\n'
	} >"$dir/list.csv"
	(ulimit -v 60000 && "$ROLLCALL" import --skip-invalid "$dir/list.csv") >"$dir/out" 2>"$dir/err"
	grep -q -F 'list.csv:2: the row is too long' "$dir/err"
	{
		printf '{"username":"'
		head -c 20000000 /dev/zero | tr '\0' x
		printf '"}\n{"username":"carol"}\n'
	} >"$dir/list.jsonl"
	(ulimit -v 60000 && "$ROLLCALL" import --skip-invalid "$dir/list.jsonl") >"$dir/out" 2>"$dir/err"
	grep -q -F 'list.jsonl:1: the line is too long' "$dir/err"
	[[ $(records) == $'+\t1\talice\n+\t2\tbob\n+\t3\tcarol' ]]
}

@test "what export writes comes back as it was" {
	local format

	put_records +alice +Zoë -1:alice +שלום +ａｌｉｃｅ "+a b.c_d-e" "+'t Hooft"
	"$ROLLCALL" export >"$dir/expected"
	for format in csv jsonl; do
		mkdir "$dir/$format"
		"$ROLLCALL" export --format "$format" >"$dir/list.$format"
		expect "$EX_OK" import --data "$dir/$format" "$dir/list.$format"
		"$ROLLCALL" export --data "$dir/$format" >"$dir/out"
		cmp -- <(cut -d , -f 2,3 "$dir/expected") <(cut -d , -f 2,3 "$dir/out")
	done
}

@test "a data directory without a users.log gets one, which a server opens" {
	put_list list.csv username alice bob
	expect_import 'imported 2 users, skipped 0'
	expect "$EX_OK" check
	expect_out 'records: 2 created'
	start_rollcall
	grep -q -F ' users=2' "$app_log"
}

@test "no directory, no list" {
	put_list list.csv username alice
	expect "$EX_NOINPUT" import --data "$dir/missing" "$list"
	expect_err "$dir/missing: No such file or directory"
	[[ ! -e $dir/missing ]]
	expect "$EX_NOINPUT" import "$dir/missing.csv"
	expect_err "$dir/missing.csv: No such file or directory"
	expect "$EX_NOINPUT" import "$dir/data"
	[[ -z $(ls -A "$dir/data") ]]
	expect "$EX_NOINPUT" import --format csv "$dir/data"
	expect_err "$dir/data: Is a directory"
}

@test "a server that cannot be asked where it is looked for is named" {
	put_records +alice
	put_list list.csv username bob
	start_rollcall
	expect "$EX_TEMPFAIL" import --listen "unix:$dir/none.sock" "$list"
	expect_err "in use by process $app_pid"
	expect_unchanged
}

@test "into a damaged file nothing" {
	put_records +alice +bob
	sed -i '2s/^./?/' "$users_log"
	cp -- "$users_log" "$dir/before"
	put_list list.csv username carol
	expect "$EX_DATAERR" import "$list"
	expect_err 'damaged'
	expect_unchanged
}

@test "no room: nothing is imported, and nothing left behind" {
	put_records +alice
	{
		printf 'username\n'
		seq -f 'user%g' 1000
	} >"$dir/list.csv"
	status=0
	err=$( (ulimit -f 4 && "$ROLLCALL" import "$dir/list.csv") 2>&1) || status=$?
	[[ $status -eq $EX_IOERR ]]
	[[ $err == 'rollcall: nothing was imported: users.log cannot be written anew: File too large' ]] || fail "$err"
	expect_unchanged
	[[ ! -e $users_log.new ]]
}

@test "no room for what opening has to write anew: nothing is imported, and nothing else is said" {
	local names

	mapfile -t names < <(seq -f '+user-with-a-long-name-%g' 100)
	put_records "${names[@]}"
	rm -- "$dir/data/users.lock"
	put_list list.csv username another
	status=0
	err=$( (ulimit -f 4 && "$ROLLCALL" import "$list") 2>&1) || status=$?
	[[ $status -eq $EX_IOERR ]]
	[[ $err == 'rollcall: nothing was imported: users.log cannot be written anew: cannot write anew '*'users.log: File too large' ]] ||
		fail "$err"
	expect_unchanged
}

# traced OPTION…: the import, with its system calls in $dir/trace. A leak checker traces too, and only one can.
traced() {
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -o "$dir/trace" "$@" "$ROLLCALL" import "$list"
}

# ends_at CALL: the program dies when it first makes that system call. The one that died before is forgotten, or it would
# begin with writing anew what that left.
ends_at() {
	end_cleanly
	traced -e trace="$1" -e inject="$1:signal=KILL:when=1" >"$dir/out" 2>"$dir/err" || true
	grep -q 'killed by SIGKILL' "$dir/trace"
	[[ ! -s $dir/out ]]
}

@test "whenever it dies, the file is the old one or the new one" {
	put_records +alice
	put_list list.csv username bob carol
	ends_at fallocate
	expect_unchanged
	ends_at fdatasync
	expect_unchanged
	ends_at rename
	case $(records | cut -f 3 | xargs) in
	alice) ;;
	'alice bob carol') put_records +alice ;;
	*) fail "neither: $(records)" ;;
	esac
	expect "$EX_OK" import "$list"
	expect_out 'imported 2 users, skipped 0'
	expect "$EX_OK" check
	expect_out 'users: 3'
}

@test "everything is on disk before it is said" {
	put_records +alice
	put_list list.csv username bob
	traced -e trace=pwrite64,fdatasync,rename,fsync,write >"$dir/out"
	order=$(sed -n -e 's/.*pwrite64(.*\\t2\\t.*/write/p' -e 's/.*fdatasync(.*= 0$/sync/p' \
		-e 's/.*rename(.*users.log".*= 0$/rename/p' -e 's/.*fsync(.*= 0$/directory/p' \
		-e 's/.*write(1, "imported.*/said/p' "$dir/trace" | xargs)
	[[ $order == *'sync rename directory said' ]] || fail "$order"
}

@test "a list that is missing is not made anew without --new" {
	put_list list.csv username bob
	put_records +alice
	mv -- "$users_log" "$users_log.1"
	expect "$EX_NOINPUT" import "$list"
	expect_err '--new'
	expect_err 'there was a list'
	[[ ! -e $users_log ]]
	expect "$EX_OK" import --new "$list"
	expect_out 'imported 1 users, skipped 0'
	[[ $(records) == $'+\t1\tbob' ]]
	expect "$EX_USAGE" import --new "$list"
	expect_err 'leave out --new'
	[[ $(records) == $'+\t1\tbob' ]]
}
