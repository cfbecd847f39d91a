#!/usr/bin/env bats
# What the kernel is asked for, and in which order, when somebody signs up.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	new_directory
	expected_nginx_errors=()
	# LeakSanitizer cannot run in a program that is traced.
	export ASAN_OPTIONS=detect_leaks=0
	printf '#!/bin/sh\nexec strace -D -f -y -s 256 -e trace=pwrite64,fdatasync,fsync,write,writev,sendmsg -o "%s" "%s" "$@"\n' \
		"$dir/trace" "$ROLLCALL" >"$dir/traced"
	chmod +x "$dir/traced"
	ROLLCALL=$dir/traced start_rollcall
	start_nginx
}

teardown() {
	finish
}

# line_of PATTERN: the number of the one line of the trace where such a call has returned.
line_of() {
	local lines

	lines=$(grep -n -E -e "$1" "$dir/trace" | cut -d : -f 1)
	[[ $lines =~ ^[0-9]+$ ]] || fail "expected one line with $1 in:" "$(<"$dir/trace")"
	echo "$lines"
}

@test "a create is written, then synced, then answered" {
	local written synced answered

	sign_up traced
	expect_created 1
	stop_nginx
	stop_rollcall
	wait_for_line "$dir/trace" '+++ exited with 0 +++' $$
	# A call that other threads interrupt in the trace is shown twice; it counts where it returns.
	written=$(line_of 'pwrite64\([0-9]+<[^>]*/users\.log>, "[0-9a-f]{8}\\t\+\\t1\\t.*\\ttraced\\n".* = [0-9]+$|pwrite64 resumed>.* = 5[0-9]$')
	synced=$(grep -n -E -e 'fdatasync(\([0-9]+<[^>]*/users\.log>\)| resumed>.*) += 0$' "$dir/trace" | tail -n 1 | cut -d : -f 1)
	answered=$(line_of 'write\([0-9]+<socket:[^>]*>, ".*Status: 303 See Other')
	[[ $written -lt $synced ]]
	[[ $synced -lt $answered ]]
}
