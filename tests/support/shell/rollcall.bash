# shellcheck shell=bash
# The real binary in a directory of the test's own. Kept when the test fails, gone when it passes.
#
# Bats traces every command of a function, at a fifth of a millisecond, which makes many of these take longer than what they do.
# `local -` and `set +T` at the top of one spare it those of the functions that it calls; a failure is then reported by its own line.

# shellcheck source=script/lib/site.bash
source "$BATS_TEST_DIRNAME/../../script/lib/site.bash"

# Names are UTF-8 wherever the tests run; without a locale bash writes $'\u00e9' as it stands.
export LC_ALL=C.UTF-8

ROLLCALL=${ROLLCALL:-$ROLLCALL_ROOT/build/dev/app/rollcall}

# begin_a_minute: pages are other ones in the next minute. Where two of them must be the same, this makes sure that some
# seconds are left.
begin_a_minute() {
	while (($(date +%-S) > 50)); do
		sleep 1
	done
}

# What the web server serves by itself, of the same build.
ROLLCALL_WWW=$(web_root "$ROLLCALL")

# asset NAME: prints the address that it has for ever.
asset() {
	local files=("$ROLLCALL_WWW/assets/${1%.*}".*."${1##*.}")

	printf '%s\n' "/assets/${files[0]##*/}"
}

# assets: the names of all files that have a fingerprint.
assets() {
	local file

	for file in "$ROLLCALL_WWW"/assets/*; do
		file=${file##*/}
		printf '%s\n' "${file%%.*}.${file##*.}"
	done
}

# Short whatever TMPDIR is: the path of a socket has at most 107 bytes.
new_directory() {
	dir=$(mktemp -d /tmp/rollcall-test.XXXXXX)
	mkdir "$dir/data"
	app_pid=
	app_log=
	app_starts=0
}

drop_directory() {
	if [[ -n ${BATS_TEST_COMPLETED-} ]]; then
		rm -rf -- "$dir"
		return
	fi
	printf 'kept: %s\n' "$dir"
	tail -n 40 -- "$dir"/*.log
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# start_rollcall [OPTION…]
start_rollcall() {
	local -
	set +T

	start_app "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data" "$@"
}

# start_app COMMAND…
# COMMAND becomes the application, which listens when this returns. Each start has its own log, app_log.
start_app() {
	app_starts=$((app_starts + 1))
	app_log=$dir/app-$app_starts.log
	: >"$app_log"
	attached "$@" </dev/null >"$dir/app.out" 2>"$app_log" 3>&- &
	app_pid=$!
	wait_for_line "$app_log" ' event=ready ' "$app_pid"
}

# A stop that is asked for ends with 0, after its last log line.
stop_rollcall() {
	local -
	set +T

	[[ -n $app_pid ]] || return 0
	end_process "$app_pid" TERM
	app_pid=
	[[ $(tail -n 1 -- "$app_log") == *' event=stopped'* ]] || fail "the log does not end in event=stopped"
	[[ ! -s $dir/app.out ]] || fail "rollcall wrote to its standard output"
}

# end_process PID SIGNAL: it must end with exit code 0.
end_process() {
	local status=0

	kill -s "$2" "$1"
	wait "$1" || status=$?
	[[ $status -eq 0 ]] || fail "process $1 ended with $status after SIG$2"
}

# wait_for_line FILE TEXT PID [COUNT]
# Returns when a line of FILE, or COUNT of them, holds TEXT; false when process PID ends before. FILE is made if it is not there.
wait_for_line() {
	local count=${4-1} found

	# The process may not have come to open it.
	: >>"$1"
	found=$(
		set +o pipefail
		timeout 60 tail -s 0.1 -n +1 -f --pid="$3" -- "$1" 3>&- | grep -m "$count" -c -F -e "$2"
	) || true
	[[ $found -eq $count ]] || fail "$found of $count lines with '$2' in $1:" "$(<"$1")"
}
