#!/usr/bin/env bats
# Options: on the command line, in the environment, and what is wrong with them.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"

setup() {
	new_directory
}

teardown() {
	stop_rollcall
	drop_directory
}

options=(listen data max-params max-body max-connections max-users page-size workers request-timeout
	first-request-timeout idle-timeout stop-timeout log-level)

# variable OPTION: its name in the environment.
variable() {
	local name=${1//-/_}

	printf 'ROLLCALL_%s' "${name^^}"
}

# expect_exit CODE TEXT COMMAND…: ends with CODE, nothing on its output, and TEXT in what it says.
expect_exit() {
	local status=0

	timeout 60 "${@:3}" </dev/null >"$dir/out" 2>"$dir/err" || status=$?
	[[ $status -eq $1 ]] || fail "ended with $status: ${*:3}" "$(<"$dir/err")"
	[[ ! -s $dir/out ]] || fail "wrote to its output: ${*:3}"
	grep -q -F -e "$2" "$dir/err" || fail "does not say '$2': ${*:3}" "$(<"$dir/err")"
}

# expect_wrong OPTION VALUE: refused by either way in, by the name it was given.
expect_wrong() {
	expect_exit 2 "--$1" "$ROLLCALL" --data "$dir/data" "--$1" "$2"
	expect_exit 2 "--$1" "$ROLLCALL" --data "$dir/data" "--$1=$2"
	expect_exit 2 "$(variable "$1")" env "$(variable "$1")=$2" "$ROLLCALL"
}

@test "--help names every option and its variable" {
	local option

	"$ROLLCALL" --help >"$dir/out" 2>"$dir/err"
	[[ ! -s $dir/err ]]
	for option in "${options[@]}"; do
		grep -q -e "--$option " "$dir/out" || fail "does not name --$option"
		grep -q "$(variable "$option")" "$dir/out" || fail "does not name $(variable "$option")"
	done
	grep -q -e --version "$dir/out"
}

@test "--version" {
	[[ $("$ROLLCALL" --version) =~ ^rollcall\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "wrong numbers" {
	local option

	for option in max-params max-body max-connections max-users page-size workers request-timeout \
		first-request-timeout idle-timeout stop-timeout; do
		expect_wrong "$option" ''
		expect_wrong "$option" x
		expect_wrong "$option" -1
		expect_wrong "$option" 1x
		expect_wrong "$option" 99999999999999999999
	done
	expect_wrong page-size 0
	expect_wrong page-size 1.5
	expect_wrong workers 0
	expect_wrong max-users ' 1'
	expect_wrong max-connections 0
}

@test "wrong words" {
	expect_wrong log-level loud
	expect_wrong log-level ''
	expect_wrong data ''
	expect_wrong listen ''
	expect_wrong listen unix:
	expect_wrong listen "unix:$(printf '/%0120d' 0)"
	expect_wrong listen tcp:127.0.0.1
	expect_wrong listen tcp:127.0.0.1:
	expect_wrong listen tcp:127.0.0.1:65536
	expect_wrong listen tcp:127.0.0.1:http
	expect_wrong listen tcp:localhost.invalid:1
	expect_wrong listen 'tcp:[::1:1'
	expect_wrong listen tcp::9000
}

@test "what is no option" {
	expect_exit 2 --nonsense "$ROLLCALL" --nonsense
	expect_exit 2 -x "$ROLLCALL" -x
	expect_exit 2 nonsense "$ROLLCALL" --data "$dir/data" nonsense
	expect_exit 2 --data "$ROLLCALL" --data
}

@test "options come from the environment, and the command line wins" {
	export ROLLCALL_DATA=$dir/nowhere/data ROLLCALL_LISTEN=unix:$dir/environment.sock ROLLCALL_LOG_LEVEL=debug
	start_app "$ROLLCALL" --data "$dir/data"
	[[ -S $dir/environment.sock ]]
	grep -q -F " event=ready address=unix:$dir/environment.sock users=0" "$app_log"
	stop_rollcall
	start_app "$ROLLCALL" --data="$dir/data" --listen "$dir/command-line.sock"
	[[ ! -e $dir/environment.sock && -S $dir/command-line.sock ]]
	grep -q -F " event=ready address=unix:$dir/command-line.sock users=0" "$app_log"
}

@test "a socket is for its user and group, and gone at the end" {
	start_rollcall
	[[ $(stat -c %a "$dir/app.sock") == 660 ]]
	stop_rollcall
	[[ ! -e $dir/app.sock ]]
}

@test "a socket that nobody listens on is replaced, one that somebody does is refused" {
	start_rollcall
	mkdir "$dir/other"
	expect_exit 75 "$dir/app.sock" "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/other"
	[[ -S $dir/app.sock ]]
	kill -KILL "$app_pid"
	wait "$app_pid" || true
	[[ -S $dir/app.sock ]]
	start_rollcall
}

@test "a file that is no socket is left alone" {
	echo precious >"$dir/app.sock"
	expect_exit 73 "$dir/app.sock" "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data"
	[[ $(<"$dir/app.sock") == precious ]]
}

@test "what keeps it from starting is named" {
	expect_exit 66 "$dir/nowhere" "$ROLLCALL" --listen "unix:$dir/nowhere/app.sock" --data "$dir/data"
	expect_exit 66 "/proc/nowhere" "$ROLLCALL" --listen "unix:$dir/app.sock" --data /proc/nowhere
	echo nonsense >"$dir/data/users.log"
	expect_exit 65 users.log "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data"
	[[ $(<"$dir/data/users.log") == nonsense ]]
}

@test "a data directory in use by another process is refused, and the process is named" {
	start_rollcall
	expect_exit 75 "$app_pid" "$ROLLCALL" --listen "unix:$dir/other.sock" --data "$dir/data"
	[[ ! -e $dir/other.sock ]]
}

@test "started without standard descriptors it serves, stops, and writes into nothing else" {
	# Nothing of it can be read: its socket and its exit status tell.
	attached "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data" <&- >&- 2>&- 3>&- &
	app_pid=$!
	until [[ -S $dir/app.sock ]]; do
		kill -0 "$app_pid"
	done
	end_process "$app_pid" TERM
	app_pid=
}
