#!/usr/bin/env bats
# Two workers of nginx with kept connections, one application: nobody waits.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	prepare
}

teardown() {
	finish
}

# Under strace, which writes down each connection that is accepted. With -D the process started is the application itself.
start_counting_connections() {
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 # which needs to be the only tracer
	start_app strace -D -f -qq -e trace=accept4 -e signal=none -o "$dir/accepted" \
		"$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data"
}

# How many: one for each call that returned a descriptor.
connections() {
	grep -c -E ' = [0-9]+$' "$dir/accepted"
}

# One line of code, seconds and connections for each request: 2,400 reads and 200 sign-ups, 24 at a time.
load() {
	{
		printf 'unix-socket = "%s"\nurl = "http://rollcall.test/users#[1-2400]"\n' "$dir/http.sock"
		printf 'output = "/dev/null"\nwrite-out = "%%{http_code} %%{time_total}\\n"\n'
		for i in $(seq 200); do
			printf 'next\nunix-socket = "%s"\nurl = "http://rollcall.test/create-user"\ndata = "username=user%d"\n' \
				"$dir/http.sock" "$i"
			printf 'output = "/dev/null"\nwrite-out = "%%{http_code} %%{time_total}\\n"\n'
		done
	} >"$dir/config"
	curl --no-progress-meter --parallel --parallel-max 24 --config "$dir/config" >"$dir/times"
}

@test "2,600 requests over kept connections: none fails, none takes a second" {
	start_rollcall
	start_nginx
	load
	[[ $(grep -c '^200 ' "$dir/times") -eq 2400 ]]
	[[ $(grep -c '^303 ' "$dir/times") -eq 200 ]]
	awk '$2 >= 1 { slow = 1; print "took " $2 " s" } END { exit slow }' "$dir/times"
	request /
	expect_text '<strong class="count">200 users</strong>'
	[[ $(tail -n +2 "$dir/data/users.log" | cut -f 5 | sort -u | wc -l) -eq 200 ]]
}

@test "the connections are far fewer than the requests" {
	start_counting_connections
	start_nginx
	load
	[[ $(wc -l <"$dir/times") -eq 2600 ]]
	stop_nginx
	stop_rollcall
	[[ $(connections) -gt 0 && $(connections) -lt 260 ]] || fail "$(connections) connections"
}
