# What all measurements need: the programs built, directories, processes, figures. Source this file at the top of the
# checkout.

# shellcheck source=script/lib/site.bash
source script/lib/site.bash

parent=${ROLLCALL_BENCH_DIR:-$PWD/build}
build=build/bench
# shellcheck disable=SC2034 # for those who source this file
programs=$build/bench
declare -A pid=()

say() {
	printf 'bench: %s\n' "$*" >&2
}

die() {
	say "$*"
	exit 1
}

build() {
	script/bootstrap test >&2
	say "building"
	# Debug information changes no instruction, and tells a profile what it sees.
	cmake --preset release -B "$build" -DROLLCALL_BENCH=ON -DCMAKE_C_FLAGS=-g --log-level=WARNING >/dev/null
	cmake --build "$build" >&2
}

# Sockets have short paths, which the checkout may not have; all else is on the disk that is measured.
make_directories() {
	mkdir -p -- "$parent"
	files=$(mktemp -d "$parent/rollcall-bench.XXXXXX")
	run=$(mktemp -d /tmp/rollcall-bench.XXXXXX)
	trap clean_up EXIT
	trap 'exit 130' INT TERM HUP
	case $(stat --file-system --format=%T "$files") in
	tmpfs | ramfs) die "$parent is not on a disk; ROLLCALL_BENCH_DIR names a directory that is" ;;
	esac
}

# shellcheck disable=SC2317 # called by a trap
clean_up() {
	local name

	for name in "${!pid[@]}"; do
		kill -KILL -- "-${pid[$name]}" 2>/dev/null || true
	done
	wait 2>/dev/null
	rm -rf -- "$files" "$run"
}

# end_cleanly DIRECTORY: its users.log is as one that a program closed, so the next does not write it anew.
end_cleanly() {
	echo clean >"$1/users.lock"
}

# bounded COMMAND…: one that hangs is ended.
bounded() {
	timeout --kill-after=5 300 "$@"
}

# wait_for COMMAND…: until it succeeds; it fails after a minute.
wait_for() {
	local try

	for ((try = 0; try < 3000; try++)); do
		! "$@" || return 0
		sleep 0.02
	done
	return 1
}

# end NAME SIGNAL
end() {
	kill -s "$2" "${pid[$1]}"
	wait "${pid[$1]}" || die "$1 did not end well"
	unset "pid[$1]"
}

# wait_for_nginx: until the workers of pid[nginx] are there. Its errors are in $files/nginx.log.
wait_for_nginx() {
	(set +o pipefail; timeout 30 tail -s 0.1 -n +1 -f --pid="${pid[nginx]}" -- "$files/nginx.log" |
		grep -q -m 1 -F 'start worker process ') || die "nginx did not start: $(<"$files/nginx.log")"
}

# processor_seconds NAME: of all processes of a program, those that ended included if it has waited for them.
processor_seconds() {
	ps --no-headers -o pid -s "${pid[$1]}" | awk -v second="$(getconf CLK_TCK)" '
		{
			file = "/proc/" $1 "/stat"
			if ((getline line < file) > 0) {
				sub(/.*\) /, "", line)
				split(line, field, " ")
				ticks += field[12] + field[13]
			}
		}
		END { printf "%.2f\n", ticks / second }'
}

# resident_bytes NAME, peak_bytes NAME: of a program of one process, now and at most so far.
resident_bytes() {
	status_bytes "$1" VmRSS
}

peak_bytes() {
	status_bytes "$1" VmHWM
}

# status_bytes NAME FIELD: as proc(5) has it.
status_bytes() {
	awk -v field="$2:" '$1 == field { print $2 * 1024 }' "/proc/${pid[$1]}/status"
}

median() {
	sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

grouped() {
	sed -E ':more; s/^([0-9]+)([0-9]{3})/\1,\2/; t more'
}

# per_second COUNT SECONDS: with thousands separated.
per_second() {
	awk -v count="$1" -v seconds="$2" 'BEGIN { printf "%d\n", count / seconds }' | grouped
}

fraction() {
	awk -v above="$1" -v below="$2" -v digits="${3:-2}" 'BEGIN { printf "%.*f\n", digits, above / below }'
}
