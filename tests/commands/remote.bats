#!/usr/bin/env bats
# Commands that change the list of a running server: through its socket, and on its disk when they end.

# Each test is a process of its own.
# shellcheck disable=SC2030,SC2031

# shellcheck source=../support/shell/commands.bash
source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# as_organiser COMMAND ARGUMENT…: at this test's server.
as_organiser() {
	command "$1" --listen "unix:$dir/app.sock" "${@:2}"
}

# records of users.log without checksums and times
stored() {
	tail -n +2 -- "$users_log" | cut -f 2,3,5
}

@test "remove: the server makes the change, and says whose it was" {
	put_records +alice +bob
	start_rollcall
	as_organiser remove BOB
	[[ $status -eq 0 && $out == 'removed user 2, bob'$'\n'* ]] || fail "$status $out $err"
	[[ $(stored | tail -n 1) == $'-\t2\tbob' ]]
	grep -q " event=user-removed organiser=$(id -un) number=2 " "$app_log"
	as_organiser remove bob
	[[ $status -eq 67 && $err == 'rollcall: there is no user bob' ]] || fail "$status $err"
}

@test "remove: of several with one name the exact one, or the one with the number" {
	put_records +Alice +alice +ALICE
	start_rollcall
	as_organiser remove aLICE
	[[ $status -eq 65 && $err == 'rollcall: more than one user has that name; --number says which:'* ]] || fail "$status $err"
	[[ $(grep -c 'lice$' <<<"${err,,}") -eq 3 ]] || fail "$err"
	as_organiser remove alice
	[[ $status -eq 0 && $out == 'removed user 2, alice'$'\n'* ]] || fail "$status $err"
	as_organiser remove --number 3 alice
	[[ $status -eq 0 && $out == 'removed user 3, ALICE'$'\n'* ]] || fail "$status $err"
	as_organiser remove --number 7 alice
	[[ $status -eq 67 ]] || fail "$status $err"
}

@test "rename and add" {
	put_records +alice +bob
	start_rollcall
	as_organiser rename ALICE 'Alice L'
	[[ $status -eq 0 && $out == 'renamed user 1, alice, to Alice L'$'\n'* ]] || fail "$status $out $err"
	as_organiser rename --number 1 'Alice K'
	[[ $status -eq 0 && $out == 'renamed user 1, Alice L, to Alice K'$'\n'* ]] || fail "$status $out $err"
	as_organiser rename --number 1 'Alice K'
	[[ $status -eq 0 && $out == 'user 1 is called Alice K already: nothing was changed' ]] || fail "$status $out $err"
	as_organiser rename --number 1 Bob
	[[ $status -eq 65 && $err == 'rollcall: That name is taken by bob.' ]] || fail "$status $err"
	as_organiser rename --number 7 Eve
	[[ $status -eq 67 && $err == 'rollcall: there is no user with the number 7' ]] || fail "$status $err"
	as_organiser add Eve
	[[ $status -eq 0 && $out == 'added user 3, Eve' ]] || fail "$status $out $err"
	as_organiser add eve
	[[ $status -eq 65 && $err == 'rollcall: That name is taken by Eve.' ]] || fail "$status $err"
	as_organiser add 'a@b'
	[[ $status -eq 65 ]] || fail "$status $err"
	as_organiser add --new Zoe
	[[ $status -eq 64 ]] || fail "$status $err"
	[[ $(stored | tail -n 3) == $'=\t1\tAlice L\n=\t1\tAlice K\n+\t3\tEve' ]] || fail "$(stored)"
	[[ $(grep -c ' event=user-renamed organiser=' "$app_log") -eq 2 ]]
	grep -q " event=user-added organiser=$(id -un) number=3 " "$app_log"
}

@test "no socket, and another server's socket" {
	put_records +alice
	start_rollcall
	command remove --listen "unix:$dir/none.sock" alice
	[[ $status -eq 75 && $err == "rollcall: the list is in use by process $app_pid on "*", which cannot be asked at unix:$dir/none.sock: "* ]] || fail "$status $err"
	command remove --listen tcp:nonsense alice
	[[ $status -eq 64 && $err == 'rollcall: tcp:nonsense: '* && $err != *'not known'* ]] || fail "$status $err"
	mkdir "$dir/other"
	"$ROLLCALL" import --data "$dir/other" --format jsonl </dev/null >/dev/null
	exec {held}<>"$dir/other/users.lock"
	python3 -c 'import fcntl, struct, sys
fcntl.fcntl(int(sys.argv[1]), 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))' "$held"
	ROLLCALL_DATA=$dir/other as_organiser remove alice
	[[ $status -eq 77 && $err == 'rollcall: The server that listens there has another list.' ]] || fail "$status $err"
	[[ $(stored) == $'+\t1\talice' ]]
}

@test "another user's command, and one over TCP" {
	[[ $EUID -eq 0 ]] || skip 'only root can be another user'
	put_records +alice
	chmod 711 "$dir"
	start_rollcall
	chmod 666 "$dir/app.sock"
	chmod 755 "$dir/data"
	chmod 644 "$dir/data/users.lock"
	cp -- "$ROLLCALL" "$dir/rollcall"
	status=0
	setpriv --reuid 65534 --clear-groups "$dir/rollcall" remove --listen "unix:$dir/app.sock" alice >"$dir/out" 2>"$dir/err" || status=$?
	[[ $status -eq 77 && $(<"$dir/err") == 'rollcall: A command has to run as root, or as the server'* ]] || fail "$status $(<"$dir/err")"
	stop_rollcall
	start_app "$ROLLCALL" --listen tcp:127.0.0.1:0 --data "$dir/data"
	command remove --listen "$(sed -n 's/.* address=\(tcp:[^ ]*\) .*/\1/p' "$app_log")" alice
	[[ $status -eq 77 ]] || fail "$status $err"
	[[ $(stored) == $'+\t1\talice' ]]
}

# put_list NAME…: the file list.csv.
put_list() {
	printf 'username\n' >"$dir/list.csv"
	printf '%s\n' "$@" >>"$dir/list.csv"
}

@test "import: all of a list at once, beside what is there" {
	put_records +alice
	start_rollcall
	put_list $(seq -f guest%g 250)
	as_organiser import "$dir/list.csv"
	[[ $status -eq 0 && $out == 'imported 250 users, skipped 0' && $err == '' ]] || fail "$status $out $err"
	[[ $(stored | sed -n '2p;$p') == $'+\t2\tguest1\n+\t251\tguest250' ]] || fail "$(stored)"
	grep -q " event=users-imported organiser=$(id -un) users=250 " "$app_log"
	as_organiser add bob
	[[ $out == 'added user 252, bob' ]] || fail "$out $err"
	as_organiser import --new "$dir/list.csv"
	[[ $status -eq 64 ]] || fail "$status $err"
}

@test "import: one bad row, and nothing is imported, each told with its line" {
	put_records +alice
	start_rollcall
	put_list bob ALICE 'a@b' Bob
	as_organiser import "$dir/list.csv"
	[[ $status -eq 65 && $out == '' ]] || fail "$status $out"
	at_sign='username: it has “@”, which names do not have'
	[[ $(sort <<<"$err") == "$(
		sort <<-END
			$dir/list.csv:3: username: taken by user 1, alice
			$dir/list.csv:4: $at_sign
			$dir/list.csv:5: username: taken by bob, earlier in this list
			rollcall: nothing was imported
		END
	)" ]] || fail "$err"
	[[ $(stored) == $'+\t1\talice' ]]
	as_organiser import --skip-invalid "$dir/list.csv"
	[[ $status -eq 0 && $out == 'imported 1 users, skipped 3' ]] || fail "$status $out $err"
	[[ $(stored | tail -n 1) == $'+\t2\tbob' ]]
}

# begin_import NAME…: of at least 100 names, through a pipe that stays open as $pipe: $import_pid waits in the middle of the list.
begin_import() {
	mkfifo "$dir/pipe"
	"${tracer[@]}" "$ROLLCALL" import --listen "unix:$dir/app.sock" --format csv "$dir/pipe" >"$dir/imported" 2>&1 3>&- &
	import_pid=$!
	exec {pipe}>"$dir/pipe"
	printf '%s\n' username "$@" >&"$pipe"
	wait_for_line "$app_log" 'path=/admin/import/' "$app_pid"
}

@test "import: the command is killed in the middle, and another one meanwhile" {
	put_records +alice
	start_rollcall
	begin_import $(seq -f guest%g 250)
	put_list bob
	as_organiser import "$dir/list.csv"
	[[ $status -eq 65 && $err == 'rollcall: Another list is being imported. Nothing was imported.' ]] || fail "$status $err"
	kill -KILL "$import_pid"
	wait "$import_pid" || true
	exec {pipe}>&-
	wait_for_line "$app_log" 'path=/admin/import status=' "$app_pid"
	as_organiser import "$dir/list.csv"
	[[ $status -eq 0 && $(stored) == $'+\t1\talice\n+\t2\tbob' ]] || fail "$status $err"
}

# meanwhile NAME LISTED MESSAGE: NAME is added while a list that has LISTED is read.
meanwhile() {
	put_records +alice
	start_rollcall
	begin_import "$2" $(seq -f guest%g 99)
	as_organiser add "$1"
	[[ $status -eq 0 ]] || fail "$err"
	exec {pipe}>&-
	status=0
	wait "$import_pid" || status=$?
	[[ $status -eq 65 && $(<"$dir/imported") == "rollcall: Meanwhile $3$1. Nothing was imported." ]] ||
		fail "$status $(<"$dir/imported")"
	[[ $(stored) == $'+\t1\talice\n+\t2\t'$1 ]]
}

@test "import: a name that is taken while the list is read" {
	meanwhile BOB bob 'somebody has signed up as '
}

# Names of four bytes a character, and as long as they may be.
@test "import: a name that looks like one of the list is taken while it is read" {
	printf -v name '\xf0\x90\x90\xac%.0s' {1..64}
	printf -v listed 'o%.0s' {1..64}
	meanwhile "$name" "$listed" 'a name was taken that looks like '
}

# The server is held up, so that it does not answer the last request: the import has a connection for the first, which stays, and
# one for each other. A leak checker traces too, and only one can.
@test "import: the server is killed while it may be storing the list" {
	local tracer=(env ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" strace -D -y -e 'trace=connect,close' -o "$dir/calls")

	put_records +alice
	start_rollcall
	begin_import $(seq -f guest%g 100)
	wait_for_line "$dir/calls" '<socket:' "$import_pid" 3 # the one that was closed has two
	kill -STOP "$app_pid"
	exec {pipe}>&-
	wait_for_line "$dir/calls" 'connect(' "$import_pid" 3
	kill -KILL "$app_pid"
	status=0
	wait "$import_pid" || status=$?
	[[ $status -eq 75 && $(<"$dir/imported") == *'not known whether the list was imported'* ]] || fail "$status $(<"$dir/imported")"
	wait "$app_pid" || true
	app_pid=
}

@test "import: the server stops in the middle, and does not wait for it" {
	put_records +alice
	start_rollcall
	begin_import $(seq -f guest%g 100)
	stop_rollcall
	[[ $(<"$app_log") != *stop-deadline* ]] || fail "$(<"$app_log")"
	exec {pipe}>&-
	status=0
	wait "$import_pid" || status=$?
	[[ $status -eq 75 && $(<"$dir/imported") == *'cannot be asked'* ]] || fail "$status $(<"$dir/imported")"
	[[ $(stored) == $'+\t1\talice' ]]
}
