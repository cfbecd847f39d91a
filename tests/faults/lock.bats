#!/usr/bin/env bats
# The lock file is deleted or replaced while a process has the list: nobody else gets it, and nobody is lost.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	serve
	export ROLLCALL_DATA=$dir/data
	lock=$dir/data/users.lock
	printf 'username\neve\n' >"$dir/list.csv"
	sign_up alice
	expect_created 1
}

teardown() {
	finish
}

# expect_refused COMMAND…: it does not get the list, says why, and does not leave a lock file that looks clean.
expect_refused() {
	local status=0

	timeout 60 "$ROLLCALL" "$@" >"$dir/out" 2>"$dir/err" 3>&- || status=$?
	[[ $status -eq 75 ]] || fail "$* ended with $status:" "$(<"$dir/err")"
	grep -q -F "$dir/data/users.log is in use by a process that $lock does not name" "$dir/err" ||
		fail "$* said:" "$(<"$dir/err")"
	[[ -f $lock && $(<"$lock") != clean ]] || fail "$* left a lock file that looks clean"
}

# expect_all_refused BEFORE: everything that writes is, each time after the command BEFORE.
expect_all_refused() {
	"$1"
	expect_refused --listen "unix:$dir/other.sock"
	"$1"
	expect_refused remove alice
	"$1"
	expect_refused compact
	"$1"
	expect_refused repair
	"$1"
	expect_refused import "$dir/list.csv"
}

delete_lock() {
	rm -f -- "$lock"
}

# As a copy from a time when nobody was at work.
replace_lock() {
	echo clean >"$dir/copy"
	mv -- "$dir/copy" "$lock"
}

expect_nobody_lost() {
	sign_up bob
	expect_created 2
	stop_rollcall
	[[ $(stored | xargs) == 'alice bob' ]]
	start_rollcall
	grep -q -F ' event=unclean-end ' "$app_log"
	expect_listed 2
	"$ROLLCALL" check >"$dir/checked"
}

@test "users.lock is deleted: a second process is refused, and nobody is lost" {
	expect_all_refused delete_lock
	expect_nobody_lost
}

@test "users.lock is replaced by one that says clean: the same" {
	expect_all_refused replace_lock
	expect_nobody_lost
}

@test "users.log is replaced by a copy: users.lock keeps out a second process" {
	cp -- "$dir/data/users.log" "$dir/copy"
	mv -- "$dir/copy" "$dir/data/users.log"
	for arguments in "--listen unix:$dir/other.sock" compact repair 'remove alice'; do
		read -r -a words <<<"$arguments"
		timeout 60 "$ROLLCALL" "${words[@]}" >"$dir/out" 2>"$dir/err" 3>&- || [[ $? -eq 75 ]]
		grep -q -F " is in use by process $app_pid " "$dir/err" || fail "$arguments said:" "$(<"$dir/err")"
	done
}

@test "both are replaced: a second server has the new list, and the first one stores nobody any more" {
	local first_pid=$app_pid first_log=$app_log

	cp -- "$dir/data/users.log" "$dir/copy"
	mv -- "$dir/copy" "$dir/data/users.log"
	delete_lock
	start_app "$ROLLCALL" --listen "unix:$dir/other.sock" --data "$dir/data"
	sign_up bob
	expect_code 503
	request /users
	expect_text '<strong class="count">1 user</strong>'
	stop_rollcall
	[[ $(stored) == alice ]]
	app_pid=$first_pid
	app_log=$first_log
}

# sign_up_by_cgi NAME: one request in a process of its own, the way mod_cgi has it. The answer is in $dir/cgi-NAME.
sign_up_by_cgi() {
	printf 'username=%s' "$1" | env -i ${ASAN_OPTIONS+"ASAN_OPTIONS=$ASAN_OPTIONS"} GATEWAY_INTERFACE=CGI/1.1 \
		SERVER_PROTOCOL=HTTP/1.1 REQUEST_METHOD=POST SCRIPT_NAME= PATH_INFO=/create-user ROLLCALL_DATA="$dir/data" \
		CONTENT_TYPE=application/x-www-form-urlencoded CONTENT_LENGTH=$((9 + ${#1})) \
		timeout 60 "$ROLLCALL" >"$dir/cgi-$1" 2>"$dir/cgi-$1.err" 3>&-
}

@test "CGI processes, while somebody deletes users.lock again and again: each has the list in its turn" {
	local i clients=()

	stop_rollcall
	for ((i = 1; i <= 24; i++)); do
		delete_lock
		sign_up_by_cgi "user$i" &
		clients+=($!)
	done
	for ((i = 0; i < 24; i++)); do
		wait "${clients[i]}" || true
	done
	for ((i = 1; i <= 24; i++)); do
		[[ $(head -n 1 "$dir/cgi-user$i") == 'Status: 303 See Other'$'\r' ]] ||
			fail "user$i:" "$(<"$dir/cgi-user$i.err")" "$(<"$dir/cgi-user$i")"
	done
	[[ $(stored) == "$({ echo alice && seq -f 'user%g' 24; } | sort)" ]]
	[[ -z $(tail -n +2 "$dir/data/users.log" | cut -f 3 | sort | uniq -d) ]]
	"$ROLLCALL" check >"$dir/checked"
	start_rollcall
}
