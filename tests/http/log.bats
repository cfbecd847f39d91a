#!/usr/bin/env bats
# Log lines: one an event, with nginx's identifier, and nobody can write their own.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

# request_line: the log line of the request just made.
request_line() {
	wait_for_line "$app_log" "event=request id=$(header X-Request-Id)" "$app_pid"
	grep -F "event=request id=$(header X-Request-Id)" "$app_log"
}

@test "a request has one line, by the identifier in nginx's log too" {
	sign_up alice
	[[ $(request_line) =~ ^time=20[0-9T:.-]+Z\ level=info\ event=request\ id=[0-9a-f]{32}\ method=POST\ path=/create-user\ status=303\ bytes=[0-9]+ ]]
	[[ $(request_line | wc -l) -eq 1 ]]
	stop_nginx
	grep -q -F " event=access id=$(header X-Request-Id) " "$dir/access.log"
}

@test "a path cannot split a line or add a field to it" {
	local path lines

	for path in '/%0aevent=forged' '/%0d%0atime=now%20event=forged' '/a%20event=forged' '/%22%20event=forged%20x=%22' \
		'/%1b[2J' '/%5c%22%20event=forged' '/%c2%85event=forged' '/%ff%0b%0c' '/%e2%80%a8event=forged' '/%e2%80%aetxt' \
		"/$(head -c 5000 /dev/zero | tr '\0' a)" "/xx$(printf '%%E2%%82%%AC%.0s' {1..200})"; do
		lines=$(wc -l <"$app_log")
		request "$path"
		expect_code 404
		request_line >"$dir/line"
		[[ $(wc -l <"$app_log") -eq $((lines + 1)) ]] || fail "$path made more than one line"
		# journald shows a line that is not text as a blob.
		iconv -f UTF-8 -t UTF-8 <"$dir/line" >/dev/null || fail "$path left bytes in the log that are not UTF-8"
		if grep -q -P '[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{2028}-\x{202e}]' "$dir/line"; then
			fail "$path left a control character in the log"
		fi
		[[ $(wc -c <"$dir/line") -lt 4096 ]]
	done
	# Values in quotes, with their escapes, taken away: nothing of the forged fields is left.
	if sed -E 's/"([^"\\]|\\.)*"//g' "$app_log" | grep -F forged; then
		fail "a field was forged"
	fi
}

@test "every line is logfmt" {
	sign_up 'a"b=c\d'
	sign_up $'x\ny'
	request '/users?before=%0a'
	stop_rollcall
	if grep -v -E '^time=[0-9TZ:.-]+ level=(error|warn|info|debug) event=[a-z-]+( [a-z_]+=([^" =\\]+|"([^"\\]|\\.)*"))*$' "$app_log"; then
		fail "not logfmt"
	fi
}

@test "what is typed does not get into the log" {
	sign_up 'a secret typed by mistake!'
	expect_code 422
	stop_rollcall
	if grep -F secret "$app_log" "$dir/access.log"; then
		fail "the log holds what was typed"
	fi
}
