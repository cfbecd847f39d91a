# shellcheck shell=bash
# Rollcall behind the real nginx, and curl in front: requests, and what to expect of the answers.

# shellcheck source=tests/support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
# shellcheck source=tests/support/shell/answers.bash
source "$BATS_TEST_DIRNAME/../support/shell/answers.bash"

# serve [OPTION…]: a directory, the application with these options, and nginx.
serve() {
	prepare
	start_rollcall "$@"
	start_nginx
}

prepare() {
	local -
	set +T

	new_directory
	nginx_pid=
	asked=
	expected_nginx_errors=()
}

# Everything must end by itself, and nginx must have had nothing to complain about but what the test expected.
finish() {
	local -
	set +T

	stop_nginx
	stop_rollcall
	check_nginx_log
	drop_directory
}

# start_nginx [APPLICATION]: in front of the application's socket, or of this address. A test that wants another site than
# the one that is shipped has a function change_site, which edits $dir/rollcall.conf.
start_nginx() {
	local -
	set +T

	render_site "$dir" "unix:$dir/http.sock" "${1-unix:$dir/app.sock}" "$ROLLCALL_WWW"
	if declare -F change_site >/dev/null; then
		change_site
	fi
	nginx_command "$dir"
	: >"$dir/nginx.log"
	attached "${nginx_command[@]}" </dev/null >"$dir/nginx.out" 2>"$dir/nginx.log" 3>&- &
	nginx_pid=$!
	wait_for_line "$dir/nginx.log" 'start worker process ' "$nginx_pid"
}

stop_nginx() {
	[[ -n $nginx_pid ]] || return 0
	end_process "$nginx_pid" QUIT
	nginx_pid=
}

# expect_nginx_error TEXT: this test makes nginx log errors that hold TEXT.
expect_nginx_error() {
	expected_nginx_errors+=(-e "$1")
	nginx_errors | grep -q -F -e "$1" || fail "nginx logged no '$1'"
}

nginx_errors() {
	grep -v -F '[notice]' -- "$dir/nginx.log" || true
}

check_nginx_log() {
	local unexpected

	unexpected=$(nginx_errors | grep -v -F -e 'no line is like this' "${expected_nginx_errors[@]}" || true)
	[[ -z $unexpected ]] || fail "nginx complained:" "$unexpected"
}

# request [CURL OPTION…] PATH
# Sets code, the lines in headers (status line first), and body. Whatever was asked, what holds for every answer is
# checked here. NUL bytes are missing from body; $dir/body has all.
request() {
	local -
	set +T # as rollcall.bash has it

	send_request "$@"
}

send_request() {
	: >"$dir/body"
	asked=${*: -1}
	code=$(curl --silent --show-error --max-time 30 --unix-socket "$dir/http.sock" --path-as-is --globoff \
		--dump-header "$dir/headers" --output "$dir/body" --write-out '%{http_code}' \
		"${@:1:$#-1}" "http://rollcall.test${*: -1}")
	if [[ " $* " == *' --head '* ]]; then
		: >"$dir/body" # where curl has put the headers
	fi
	read_answer
}

# raw_request TEXT: sends these bytes as they are.
raw_request() {
	printf '%b' "$1" | timeout 30 curl --silent --show-error --unix-socket "$dir/http.sock" --upload-file - telnet://rollcall.test \
		>"$dir/raw" || true
	sed '/^\r$/q' "$dir/raw" >"$dir/headers"
	sed '1,/^\r$/d' "$dir/raw" >"$dir/body"
	code=$(awk 'NR == 1 { print $2 }' "$dir/headers")
	read_answer
}

post() {
	request "${@:2}" --data-raw "$1" /create-user
}

expect_no_header() {
	local value

	find_header "$1"
	[[ -z $value ]] || fail "expected no $1" "$(show_answer)"
}

expect_no_text() {
	[[ $body != *"$1"* ]] || fail "the answer holds: $1" "$(show_answer)"
}

# expect_body TEXT: this line and nothing else.
expect_body() {
	[[ $body == "$1" ]] || fail "expected the body: $1" "$(show_answer)"
}

expect_created() {
	expect_code 303
	[[ $(header Location) =~ ^/users\?created=$1\&claim=[A-Za-z0-9_-]{22}$ ]] || fail "$(show_answer)"
}

check_every_answer() {
	local value

	expect_security_headers
	expect_header Server nginx
	find_header Content-Type
	if [[ $body == *'<title>Error: Sign up '* ]]; then
		expect_header Cache-Control no-cache # the browser's Back leads to it
	elif [[ $code -ge 400 || $body == *'href="'*'/leave/'* || ${asked#"${site_base-}"} == /leave/* || $value == text/event-stream ]]; then
		expect_header Cache-Control no-store
	elif [[ ${asked#"${site_base-}"} == /assets/* && -f $ROLLCALL_WWW${asked#"${site_base-}"} ]]; then
		expect_header Cache-Control 'public, max-age=31536000, immutable'
	else
		expect_header Cache-Control no-cache
	fi
	case $value in
	text/html*)
		expect_header Content-Type 'text/html; charset=utf-8'
		expect_varies
		[[ -z $body ]] || check_every_page
		;;
	application/*json*)
		expect_varies
		[[ -z $body ]] || check_every_json
		;;
	esac
}

# expect_varies: there is another representation of this.
expect_varies() {
	local value

	find_header Vary
	[[ $'\n'$value$'\n' == *$'\nAccept\n'* ]] || fail "expected Vary: Accept" "$(show_answer)"
}

# An error is a problem with the status of the answer; nginx has one page for several.
check_every_json() {
	local type=application/json filter=true

	if [[ $code -ge 400 ]]; then
		type=application/problem+json
		# shellcheck disable=SC2016 # the variable is jq's
		filter='(.type == "about:blank" or (.type | startswith("tag:rollcall@example.org,2026:"))) and (.title | length) > 0 and (.detail | length) > 0
			and (.status == null or .status == $code)'
	fi
	expect_header Content-Type "$type"
	jq --exit-status --argjson code "$code" "$filter" "$dir/body" >"$dir/jq" || fail "not as it should be:" "$(show_answer)"
}

check_every_page() {
	[[ $body == '<!doctype html>'* ]] || fail "does not begin as HTML" "$(show_answer)"
	style=${style-$(asset style.css)}
	expect_text '<html lang="en">'
	expect_text "<link rel=\"stylesheet\" href=\"${site_base-}$style\">"
	expect_text '<link rel="icon" href="data:image/svg+xml,%3Csvg%20xmlns='"'"'http://www.w3.org/2000/svg'"'"'%20'
	expect_text '<header class="site"><a class="brand" href="'"${site_base-}"'/"><bdi>'"${site_title:-Sign-up sheet}</bdi></a>"
	expect_no_text '<script>'
	expect_no_text '<style'
	expect_no_text ' style='
}

# end_followers: ends the clients of live lists, whose processes are in followers.
end_followers() {
	local pid

	for pid in "${followers[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
	followers=()
}
