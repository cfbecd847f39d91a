#!/usr/bin/env bats
# Somebody moves, deletes or cuts users.log while the server has it open: logrotate with *.log does.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	serve
	sign_up early
	expect_created 1
	sign_up another
	expect_created 2
}

teardown() {
	finish
}

# expect_noticed TEXT: without anybody signing up.
expect_noticed() {
	wait_for_line "$app_log" 'level=error event=store-failed' "$app_pid"
	request /readyz
	expect_code 503
	expect_text "$1"
	grep -q -F -e "$1" "$app_log"
}

expect_reads() {
	request /users
	expect_code 200
	expect_text '<bdi>early</bdi>'
}

expect_refused() {
	sign_up "$1"
	expect_code 503
	expect_text "value=\"$1\""
}

# expect_no_start TEXT [OPTION…]
expect_no_start() {
	local status=0

	timeout 30 "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data" "${@:2}" </dev/null 2>"$dir/refused" 3>&- ||
		status=$?
	[[ $status -eq ${expected_status-66} ]]
	grep -q -F -e "$1" "$dir/refused" || fail "not in the reason: $1" "$(<"$dir/refused")"
}

@test "moved, and moved back" {
	mv -- "$dir/data/users.log" "$dir/data/users.log.1"
	cp -- "$dir/data/users.log.1" "$dir/before"
	# At once: the check comes before the answer, and what was written is taken back.
	expect_refused late
	cmp -- "$dir/before" "$dir/data/users.log.1"
	expect_noticed 'users.log was moved or removed'
	expect_reads
	[[ ! -e $dir/data/users.log ]]
	mv -- "$dir/data/users.log.1" "$dir/data/users.log"
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	request /readyz
	expect_code 200
	sign_up late
	expect_created 3
	stop_rollcall
	[[ $(grep -c -F 'event=store-closed' "$app_log") -eq 0 ]]
	start_rollcall
	expect_listed 3
}

@test "moved, as logrotate does, and stopped: nothing is lost in silence, and no list is made" {
	mv -- "$dir/data/users.log" "$dir/data/users.log.1"
	: >"$dir/data/users.log"
	expect_noticed 'users.log was moved or removed'
	rm -- "$dir/data/users.log"
	stop_rollcall
	grep -q 'level=error event=store-closed reason=.*moved or removed' "$app_log"
	expect_no_start '--new'
	expect_no_start 'users.lock'
	[[ ! -e $dir/data/users.log ]]
	mv -- "$dir/data/users.log.1" "$dir/data/users.log"
	start_rollcall
	expect_listed 2
}

@test "moved just before it stops: the last look is then" {
	kill -STOP "$app_pid"
	mv -- "$dir/data/users.log" "$dir/data/users.log.1"
	kill -CONT "$app_pid"
	stop_rollcall
	grep -q 'level=error event=store-closed reason=.*moved or removed' "$app_log"
}

@test "deleted: what was acknowledged can be had from the server that has it open" {
	local copy

	rm -- "$dir/data/users.log"
	expect_refused late
	expect_noticed '/proc/'
	request /readyz
	copy=$(grep -o '/proc/[0-9]*/fd/[0-9]*' <<<"$body")
	cp -- "$copy" "$dir/saved"
	stop_rollcall
	expect_no_start '--new'
	cp -- "$dir/saved" "$dir/data/users.log"
	start_rollcall
	expect_listed 2
	sign_up late
	expect_created 3
}

@test "cut in place, as logrotate's copytruncate does: no more is written, and the reason says so" {
	cp -- "$dir/data/users.log" "$dir/data/users.log.1"
	: >"$dir/data/users.log"
	expect_refused late
	[[ ! -s $dir/data/users.log ]]
	expect_noticed 'another program changed'
	expect_reads
	stop_rollcall
	grep -q 'level=error event=store-closed reason=.*another program changed' "$app_log"
}

@test "a list is made where there are signs of one only with --new" {
	stop_rollcall
	rm -- "$dir/data/users.log"
	expect_no_start 'users.lock'
	mv -- "$dir/data/users.lock" "$dir/data/users.log.torn-2026-01-02T03:04:05.678Z"
	expect_no_start 'users.log.torn-2026-01-02T03:04:05.678Z'
	[[ ! -e $dir/data/users.log ]]
	start_rollcall --new
	grep -q -F ' users=0' "$app_log"
	sign_up first
	sign_up second
	expect_created 2
	stop_rollcall
	# And not again: in a unit or a script it would be in force for ever.
	expected_status=73 expect_no_start 'without --new' --new
	start_rollcall
	expect_listed 2
}
