#!/usr/bin/env bats
# Plain CGI: the binary answers one request from its environment and standard input, and ends.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"

setup() {
	new_directory
	arguments=()
}

teardown() {
	drop_directory
}

# cgi NAME=VALUE… <BODY: one request, with the arguments in `arguments`. What is not named is not in the environment.
cgi() {
	env -i ${ASAN_OPTIONS+"ASAN_OPTIONS=$ASAN_OPTIONS"} ${UBSAN_OPTIONS+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} \
		GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 REQUEST_METHOD=GET SCRIPT_NAME= ROLLCALL_DATA="$dir/data" "$@" \
		timeout 60 "$ROLLCALL" "${arguments[@]}" 2>"$dir/cgi.log"
}

# answer NAME=VALUE…: the same, kept in $dir/answer without its carriage returns.
answer() {
	cgi "$@" >"$dir/raw"
	sed 's/\r$//' "$dir/raw" >"$dir/answer"
}

post() {
	printf %s "$1" >"$dir/form"
	answer REQUEST_METHOD=POST PATH_INFO=/create-user CONTENT_TYPE=application/x-www-form-urlencoded \
		CONTENT_LENGTH="${#1}" "${@:2}" <"$dir/form"
}

expect_line() {
	grep -q -x -F -e "$1" "$dir/answer" || fail "no line: $1" "$(<"$dir/answer")"
}

expect_text() {
	grep -q -F -e "$1" "$dir/answer" || fail "no text: $1" "$(<"$dir/answer")"
}

expect_status() {
	[[ $(head -n 1 "$dir/raw") == "Status: $1"$'\r' ]] || fail "expected Status: $1" "$(<"$dir/answer")"
}

@test "a page, its headers first" {
	answer PATH_INFO=/ </dev/null
	expect_status '200 OK'
	expect_line 'Content-Type: text/html; charset=utf-8'
	expect_line 'X-Content-Type-Options: nosniff'
	expect_line ''
	expect_line '<!doctype html>'
	expect_text '<h1><bdi>Sign-up sheet</bdi></h1>'
	[[ $(sed -n 's/^Content-Length: //p' "$dir/answer") -eq $(sed '1,/^\r$/d' "$dir/raw" | wc -c) ]]
}

@test "a user is stored, and there for the next process" {
	post username=alice
	expect_status '303 See Other'
	grep -q '^Location: /users?created=1&claim=[A-Za-z0-9_-]\{22\}' "$dir/answer"
	answer PATH_INFO=/users QUERY_STRING=created=1 </dev/null
	expect_status '200 OK'
	expect_text '<bdi>alice</bdi> has signed up.'
	post username=ALICE
	expect_status '409 Conflict'
	post username=a%00
	expect_status '400 Bad Request'
	post username=a/b
	expect_status '422 Unprocessable Content'
}

@test "a search finds every word, though names are put in order for it alone" {
	post username=Jean-Luc+Picard
	post username=%C3%89mile
	answer PATH_INFO=/users QUERY_STRING=q=pic </dev/null
	expect_status '200 OK'
	expect_text '<bdi>Jean-Luc Picard</bdi>'
	answer PATH_INFO=/users QUERY_STRING=q=%C3%A9 </dev/null
	expect_text '<bdi>Émile</bdi>'
	expect_text '1 name</strong> has a word'
}

@test "the path that a web server gives counts before the one that CGI does" {
	answer DOCUMENT_URI=/users PATH_INFO=/ </dev/null
	expect_text '<h1>Users</h1>'
	answer PATH_INFO=/nowhere </dev/null
	expect_status '404 Not Found'
}

@test "HEAD is answered without a body" {
	answer REQUEST_METHOD=HEAD PATH_INFO=/ </dev/null
	expect_status '200 OK'
	[[ $(tail -n 1 "$dir/answer") == '' && $(grep -c -x '' "$dir/answer") -eq 1 ]]
}

@test "the body ends where CONTENT_LENGTH says, not where standard input does" {
	mkfifo "$dir/body"
	exec {body}<>"$dir/body"
	printf 'username=aliceXXXX' >&"$body"
	answer REQUEST_METHOD=POST PATH_INFO=/create-user CONTENT_TYPE=application/x-www-form-urlencoded CONTENT_LENGTH=14 \
		<"$dir/body"
	exec {body}>&-
	expect_status '303 See Other'
	answer PATH_INFO=/users </dev/null
	expect_text '<bdi>alice</bdi>'
}

@test "a body that was cut off answers 400 and stores nothing" {
	post username=alice CONTENT_LENGTH=15
	expect_status '400 Bad Request'
	answer PATH_INFO=/users </dev/null
	expect_text 'Nobody has signed up yet.'
}

# as_organiser METHOD PATH TYPE BODY NAME=VALUE…
as_organiser() {
	printf %s "$4" >"$dir/form"
	answer REQUEST_METHOD="$1" PATH_INFO="$2" CONTENT_TYPE="$3" CONTENT_LENGTH="${#4}" REMOTE_USER=grace ROLLCALL_ADMIN=on \
		"${@:5}" <"$dir/form"
}

# escaped COUNT: this many code points, as the longest form that they have in the body of a form.
escaped() {
	head -c "$1" /dev/zero | sed 's/\x00/%F0%9F%90%9D/g'
}

@test "the form of an organiser that was cut off answers 400 and stores nothing" {
	as_organiser POST /admin/sheet application/x-www-form-urlencoded title=Chess+clu CONTENT_LENGTH=17
	expect_status '400 Bad Request'
	as_organiser PUT /sheet application/json '{"seats":7}' CONTENT_LENGTH=12
	expect_status '400 Bad Request'
	as_organiser GET /sheet '' ''
	expect_text '"title":"Sign-up sheet"'
	expect_text '"seats":0'
}

@test "what an organiser sets is in the response, and counts from then on" {
	as_organiser PUT /sheet application/json '{"title":"Chess club","seats":7}'
	expect_status '200 OK'
	expect_text '"title":"Chess club"'
	expect_text '"seats":7'
	as_organiser GET /sheet '' ''
	expect_text '"title":"Chess club"'
}

@test "the longest texts of a sheet fit into one form" {
	as_organiser POST /admin/sheet application/x-www-form-urlencoded \
		"title=$(escaped 80)&intro=$(escaped 2000)&contact=$(escaped 200)&privacy=$(escaped 1000)"
	expect_status '303 See Other'
	as_organiser GET /sheet '' ''
	expect_text "$(printf '🐝%.0s' {1..2000})"
}

@test "a length that is none answers 400, an empty one is no body" {
	local length

	for length in -1 +14 ' 14' 14x 0x0e; do
		post username=alice CONTENT_LENGTH="$length"
		expect_status '400 Bad Request'
	done
	post username=alice CONTENT_LENGTH= HTTP_TRANSFER_ENCODING=chunked
	expect_status '400 Bad Request'
	post username=alice CONTENT_LENGTH=
	expect_status '422 Unprocessable Content'
	expect_text 'Enter a name.'
	answer PATH_INFO=/users CONTENT_LENGTH= </dev/null
	expect_status '200 OK'
	expect_text 'Nobody has signed up yet.'
}

@test "a body over the limit answers 413" {
	post username=alice ROLLCALL_MAX_BODY=13
	expect_status '413 Content Too Large'
	post username=alice ROLLCALL_MAX_BODY=14
	expect_status '303 See Other'
}

@test "a request without a method answers 400" {
	answer REQUEST_METHOD= PATH_INFO=/ </dev/null
	expect_status '400 Bad Request'
}

@test "processes that store at the same time wait for each other" {
	local i pids=()

	for i in 1 2 3 4 5; do
		printf 'username=user%d' "$i" | cgi REQUEST_METHOD=POST PATH_INFO=/create-user \
			CONTENT_TYPE=application/x-www-form-urlencoded CONTENT_LENGTH=14 >"$dir/answer-$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[[ $(head -q -n 1 "$dir"/answer-? | sort -u) == 'Status: 303 See Other'$'\r' ]]
	answer PATH_INFO=/users </dev/null
	expect_text '5 users'
}

@test "what to log is up to the level" {
	answer PATH_INFO=/ REQUEST_ID=abc </dev/null
	grep -q ' level=info event=request id=abc method=GET path=/ status=200 ' "$dir/cgi.log"
	answer PATH_INFO=/ ROLLCALL_LOG_LEVEL=warn </dev/null
	[[ ! -s $dir/cgi.log ]]
}

@test "users that cannot be read: a page of the site, and when to come back" {
	printf 'not a users.log\n' >"$dir/data/users.log"
	cgi PATH_INFO=/users </dev/null >"$dir/raw" || [[ $? -eq 65 ]]
	sed 's/\r$//' "$dir/raw" >"$dir/answer"
	expect_status '503 Service Unavailable'
	expect_line 'Retry-After: 5'
	expect_line 'Content-Type: text/html; charset=utf-8'
	expect_text "Content-Security-Policy: default-src 'none'"
	expect_text '<h1>Temporarily unavailable</h1>'
	grep -q 'line 1 is not its header' "$dir/cgi.log"
}

@test "one request takes fewer descriptors than a server needs" {
	(
		ulimit -n 16
		answer ASAN_OPTIONS=detect_leaks=0 PATH_INFO=/users
	)
	grep -q '^Status: 200' "$dir/answer" || fail "$(<"$dir/cgi.log")"
}

@test "started without standard error" {
	local status=0

	printf x | env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET "ROLLCALL_DATA=$dir/data" \
		"$ROLLCALL" >"$dir/raw" 2>&- || status=$?
	[[ $status -eq 0 ]]
	expect_status '200 OK'
}

@test "an answer that cannot be written ends with 74, as sysexits has it" {
	local status=0

	cgi PATH_INFO=/ </dev/null >/dev/full || status=$?
	[[ $status -eq 74 ]]
}

# RFC 3875, section 4.4: a server may hand the words of a query without "=" to the program.
@test "arguments are a client's words, and choose nothing" {
	local words

	post username=alice
	cp -- "$dir/data/users.log" "$dir/before"
	while read -r words; do
		read -r -a arguments <<<"$words"
		answer PATH_INFO=/ QUERY_STRING="${words// /+}" </dev/null
		expect_status '200 OK'
		expect_text '<h1><bdi>Sign-up sheet</bdi></h1>'
		expect_text '<strong class="count">1 user</strong>'
		cmp "$dir/before" "$dir/data/users.log"
		[[ ! -e $dir/copy && ! -e $dir/socket && ! -e $dir/other ]] || fail "$words has made a file"
	done <<-END
		remove alice
		backup $dir/copy
		export $dir/data/users.log
		check /etc/passwd
		compact
		healthcheck
		nonsense
		--help
		--version
		--nonsense
		-h
		-
		--
		-- remove alice
		--data $dir/other
		--listen $dir/socket
		--max-body 0
	END
	arguments=(--max-body 0)
	post username=bob
	expect_status '303 See Other'
}

@test "an argument that is empty" {
	arguments=('' remove alice)
	answer PATH_INFO=/ </dev/null
	expect_status '200 OK'
}

@test "what a client names in its header is no setting" {
	answer PATH_INFO=/ HTTP_ROLLCALL_DATA="$dir/other" HTTP_ROLLCALL_LOG_LEVEL=nonsense HTTP_GATEWAY_INTERFACE=x \
		HTTP_LISTEN_FDS=1 HTTP_PROXY=http://evil.test/ </dev/null
	expect_status '200 OK'
	[[ ! -e $dir/other ]]
}

@test "a variable of CGI left over in a shell: neither a command nor a server starts, and why is said" {
	local status

	for arguments in "check $dir/data/users.log" "--listen $dir/socket" --help; do
		status=0
		# shellcheck disable=SC2086 # words
		env -i GATEWAY_INTERFACE=CGI/1.1 "$ROLLCALL" $arguments </dev/null >"$dir/raw" 2>"$dir/cgi.log" || status=$?
		[[ $status -eq 2 && ! -s $dir/raw && ! -e $dir/socket ]] || fail "$arguments: $status" "$(<"$dir/raw")"
		grep -q GATEWAY_INTERFACE "$dir/cgi.log"
	done
}

# A socket that listens is no client's, so the program serves; but not as the arguments say.
@test "a listening descriptor with a variable of CGI: it serves, and reads no arguments" {
	attached env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET "ROLLCALL_DATA=$dir/data" \
		spawn-fcgi -n -s "$dir/app.sock" -- "$ROLLCALL" --data "$dir/other" </dev/null >"$dir/raw" 2>"$dir/cgi.log" 3>&- &
	app_pid=$!
	wait_for_line "$dir/cgi.log" ' event=ready ' "$app_pid"
	end_process "$app_pid" TERM
	[[ -e $dir/data/users.log && ! -e $dir/other ]]
}
