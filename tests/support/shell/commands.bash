# shellcheck shell=bash
# The real binary's commands, in a directory of the test's own. $dir/data is the data directory.

# shellcheck source=tests/support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"

FLAT_FILE=${FLAT_FILE:-$ROLLCALL_ROOT/build/dev/tests/support/write_flat_file}

setup() {
	new_directory
	export ROLLCALL_DATA=$dir/data
	users_log=$dir/data/users.log
	input=/dev/null
}

teardown() {
	stop_rollcall
	drop_directory
}

# put_records RECORD…: the users.log to be tried on; +NAME is a user created, +NUMBER=NAME one with that
# number, -NUMBER:NAME one removed.
put_records() {
	"$FLAT_FILE" "$@" >"$users_log"
	cp -- "$users_log" "$dir/before"
	end_cleanly
}

# end_cleanly: users.lock is as after an end that was clean.
end_cleanly() {
	echo clean >"$dir/data/users.lock"
}

# command ARGUMENT…: with the file $input for its standard input. Sets status, out and err, each of the latter whole.
command() {
	status=0
	"$ROLLCALL" "$@" <"$input" >"$dir/out" 2>"$dir/err" 3>&- || status=$?
	out=$(<"$dir/out")
	err=$(<"$dir/err")
}

show_result() {
	printf 'status: %s\nout: %s\nerr: %s\n' "$status" "$out" "$err"
}

# expect STATUS ARGUMENT…: runs the command, which is to end so.
expect() {
	command "${@:2}"
	[[ $status -eq $1 ]] || fail "expected $1 of: ${*:2}" "$(show_result)"
}

# expect_out TEXT: among what it said on standard output.
expect_out() {
	[[ $out == *"$1"* ]] || fail "not in the output: $1" "$(show_result)"
}

expect_err() {
	[[ $err == *"$1"* ]] || fail "not on standard error: $1" "$(show_result)"
}

expect_silence() {
	[[ -z $err ]] || fail "said something on standard error" "$(show_result)"
}

expect_unchanged() {
	cmp -- "$dir/before" "$users_log"
}

# records: operation, number and name of each record in users.log.
records() {
	tail -n +2 -- "$users_log" | cut -f 2,3,5
}

# Sysexits(3), by their names.
EX_OK=0 EX_USAGE=64 EX_DATAERR=65 EX_NOINPUT=66 EX_NOUSER=67 EX_UNAVAILABLE=69 EX_IOERR=74 EX_TEMPFAIL=75 EX_NOPERM=77
export EX_OK EX_USAGE EX_DATAERR EX_NOINPUT EX_NOUSER EX_UNAVAILABLE EX_IOERR EX_TEMPFAIL EX_NOPERM
