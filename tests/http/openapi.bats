#!/usr/bin/env bats
# docs/openapi.yaml and the server say the same: each test asks for some of what is in the document, both as a program and as
# a person, and one at the end compares all that was answered with it.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

everywhere=(/ /users /users/events /users/print /users.csv /users.jsonl /users/1 /leave/1 /healthz /readyz /metrics)
everywhere+=(/loop /loop/events)

setup() {
	prepare
	start_rollcall
	answers=0
	impatient=
	strict=
	organised=
	start_nginx
}

teardown() {
	finish
}

# Tests say from which address they ask. One of them does not want to wait for long, one has an address do one thing at a time.
change_site() {
	sed -i -e 's|rate=5r/s|rate=1r/m|' -e 's|burst=30|burst=1|' \
		-e 's|^\tserver_name .*|&\n\tset_real_ip_from unix:;\n\treal_ip_header X-Address;|' "$dir/rollcall.conf"
	if [[ -n $impatient ]]; then
		sed -i 's|fastcgi_read_timeout .*|fastcgi_read_timeout 100ms;|' "$dir/rollcall.conf"
	fi
	if [[ -n $organised ]]; then
		add_organiser "$dir" ada secret
	fi
	if [[ -n $strict ]]; then
		sed -i -e 's|limit_conn rollcall_requests .*|limit_conn rollcall_requests 1;|' \
			-e 's|limit_conn rollcall_lists .*|limit_conn rollcall_lists 1;|' "$dir/rollcall.conf"
	fi
}

setup_file() {
	mkdir "$BATS_FILE_TMPDIR/answers"
}

# ask CODE METHOD TARGET [CURL OPTION…]: and keeps the answer for that test, which looks at it as closely as other tests do
# at once. Sets answer, the beginning of the names of its files.
ask() {
	# Bats traces every command, which makes this take longer than the request.
	local -
	set +T

	answer=$BATS_FILE_TMPDIR/answers/$BATS_TEST_NUMBER-$((answers += 1))
	code=$(curl --silent --show-error --max-time 60 --unix-socket "$dir/http.sock" --path-as-is --globoff \
		--dump-header "$answer.headers" --output "$answer.body" --write-out '%{http_code}' \
		--request "$2" "${@:4}" "http://rollcall.test$3")
	printf '%s\t%s\t%s\t%s\t%s' "$2" "$3" "$code" "${type-}" "${sent-}" >"$answer.request"
	[[ $code == "$1" ]] || fail "$2 $3 answered $code, not $1" "$(<"$answer.headers")"
}

# get CODE TARGET [CURL OPTION…]: as both.
get() {
	ask "$1" GET "$2" --header 'Accept: text/html' "${@:3}"
	ask "$1" GET "$2" --header 'Accept: application/json' "${@:3}"
}

# send ACCEPT CODE TYPE BODY [CURL OPTION…]
send() {
	local type=$3 sent=$4

	ask "$2" POST /create-user --header "Accept: $1" --header "Content-Type: $3" --data-raw "$4" "${@:5}"
}

# sends CODE TYPE BODY [CURL OPTION…]: as both.
sends() {
	send text/html "$@"
	send application/json "$@"
}

# leave CODE NUMBER KEY ACCEPT
leave() {
	local type=$form sent="key=$3"

	ask "$1" POST "/leave/$2" --header "Accept: $4" --data-urlencode "key=$3"
}

form=application/x-www-form-urlencoded
json=application/json
openmetrics='application/openmetrics-text; version=1.0.0'

@test "reading" {
	local i

	get 200 /
	get 200 /users
	sign_up alice
	sign_up bob
	sign_up 'Zoë'
	stop_rollcall
	start_rollcall --page-size 1
	get 200 /
	for i in /users '/users?before=3' '/users?before=2&created=1' '/users?after=2' '/users?after=999999999999999999' \
		'/users?before=0' '/users?q=AL' '/users?q=zo%C3%AB' '/users?q=nobody' '/users?q=++' '/users?q=b&after=1'; do
		get 200 "$i"
	done
	get 200 '/?username=O%27Brien'
	get 200 /users/3
	get 404 /users/4
	get 404 /users/x
	get 200 /users/print
	get 403 /users.csv
	get 403 /users.jsonl
	get 400 '/users/print?after=x'
	get 400 '/users?before=x'
	get 400 '/users?before=1&after=1'
	get 200 /healthz
	get 200 /readyz
	ask 200 GET /metrics
	ask 200 GET /metrics --header "Accept: $openmetrics"
	get 200 /loop
}

@test "nothing changed" {
	local accept etag

	begin_a_minute
	for accept in text/html application/json; do
		ask 200 GET /users --header "Accept: $accept"
		etag=$(sed -n 's/\r$//; s/^ETag: //p' "$answer.headers")
		ask 304 GET /users --header "Accept: $accept" --header "If-None-Match: $etag"
	done
}

# A stream ends after so many signs of life, which come quickly here.
@test "following along" {
	sign_up alice
	sign_up 'Zoë'
	stop_rollcall
	start_rollcall --heartbeat 10
	ask 200 GET '/users/events?after=0'
	grep -q -F 'data: {"number":2,"username":"Zoë",' "$answer.body"
	ask 200 GET /loop/events
	ask 200 GET /users/events --header 'Last-Event-ID: 1'
	[[ $(<"$answer.body") != *alice* ]]
	get 400 '/users/events?after=x'
	stop_rollcall
	start_rollcall --max-streams 0
	get 503 /users/events
	get 503 /loop/events
}

@test "signing up" {
	send text/html 303 $form username=alice
	send application/json 201 $form 'username=Bob+B&x=y'
	send '*/*' 201 $json '{"username":"carol"}'
	send application/json 201 $json '{"username":"Dan","x":[1]}'
	send text/html 303 $json '{"username":"Zo\u00eb"}'
	sends 409 $form username=ALICE
	sends 409 $json '{"username":"alice"}'
	sends 422 $form username=
	sends 422 $json '{"username":"a/b"}'
	sends 422 $json '{"username":1}'
	sends 422 $json '["alice"]'
	sends 422 $json '{}'
	sends 400 $form username=%
	sends 400 $json '{'
	sends 415 text/plain alice
	sends 415 $json '{"username":"alice"}' --header 'Content-Encoding: gzip'
	sends 403 $form username=eve --header 'Sec-Fetch-Site: cross-site'
	sends 403 $json '{"username":"eve"}' --header 'Origin: http://evil.test'
	sends 413 $form "username=$(head -c 50000 /dev/zero | tr '\0' x)"
}

# change CODE METHOD PATH BODY [CURL OPTION…]: in JSON, as an organiser would.
change() {
	local type=$json sent=$4

	ask "$1" "$2" "$3" --header 'Accept: application/json' --header "Content-Type: $json" --data-raw "$4" "${@:5}"
}

@test "organisers" {
	local accept organiser=(--user ada:secret)

	sign_up alice
	sign_up bob
	for accept in text/html application/json; do
		ask 403 DELETE /users/1 --header "Accept: $accept"
		ask 403 PATCH /users/1 --header "Accept: $accept"
		ask 403 GET /sheet --header "Accept: $accept"
		ask 403 PUT /sheet --header "Accept: $accept"
	done
	stop_nginx
	organised=yes
	start_nginx
	stop_rollcall
	start_rollcall --admin on
	change 200 PATCH /users/1 '{"username":"Alice L"}' "${organiser[@]}"
	change 400 PATCH /users/1 '{' "${organiser[@]}"
	change 404 PATCH /users/7 '{"username":"eve"}' "${organiser[@]}"
	change 409 PATCH /users/1 '{"username":"bob"}' "${organiser[@]}"
	change 422 PATCH /users/1 '{"username":"a@b"}' "${organiser[@]}"
	ask 415 PATCH /users/1 --header 'Content-Type: text/plain' --data-raw x "${organiser[@]}"
	ask 204 DELETE /users/1 "${organiser[@]}"
	ask 404 DELETE /users/1 "${organiser[@]}"
	change 200 PUT /sheet '{"closed":true,"title":"Party","seats":30,"closes":"2036-12-05T18:00:00+01:00","waiting_list":true}' \
		"${organiser[@]}"
	[[ $(jq -c . "$answer.body") == '{"closed":true,"title":"Party","intro":"","contact":"","privacy":"","opens":"","closes":"2036-12-05T17:00:00.000Z","seats":30,"waiting_list":true,"set":["title","closes","seats","waiting_list","closed"]}' ]]
	change 400 PUT /sheet '{' "${organiser[@]}"
	change 422 PUT /sheet '{"seats":"many"}' "${organiser[@]}"
	ask 415 PUT /sheet --header 'Content-Type: text/plain' --data-raw x "${organiser[@]}"
	ask 200 GET /sheet "${organiser[@]}"
	change 412 PUT /sheet '{"seats":31}' --header 'If-Match: "0"' "${organiser[@]}"
	change 200 PUT /sheet '{"seats":null,"closes":null,"opens":"","set":["seats"]}' "${organiser[@]}"
	ask 304 GET /sheet --header 'If-None-Match: *' "${organiser[@]}"
}

@test "leaving the list" {
	local key bob

	send application/json 201 $json '{"username":"alice"}'
	key=$(jq -r .leave "$answer.body")
	send application/json 201 $json '{"username":"bob"}'
	bob=$(jq -r .leave "$answer.body")
	get 200 /leave/1
	get 404 /leave/3
	leave 403 2 "$key" text/html
	leave 403 2 "$key" application/json
	leave 200 1 "$key" text/html
	leave 204 2 "$bob" application/json
	leave 404 2 "$key" text/html
	leave 404 2 "$key" application/json
}

@test "no room for more users" {
	stop_rollcall
	start_rollcall --max-users 1 --public-export on
	send application/json 201 $json '{"username":"alice"}'
	sends 409 $json '{"username":"bob"}'
	ask 503 GET /readyz
	ask 200 GET /users.csv
	ask 200 GET /users.jsonl
}

@test "the file is not in its place" {
	mv "$dir/data/users.log" "$dir/moved.log"
	wait_for_line "$app_log" event=store-failed "$app_pid"
	sends 503 $json '{"username":"bob"}'
	mv "$dir/moved.log" "$dir/data/users.log"
}

@test "closed, not yet open, and with seats" {
	stop_rollcall
	start_rollcall --closes 2026-01-01T00:00:00Z
	sends 403 $json '{"username":"bob"}'
	ask 200 GET / --header "Accept: $json"
	stop_rollcall
	start_rollcall --opens 9998-01-01T00:00:00Z --closes 9999-01-01T00:00:00Z --seats 3
	sends 403 $json '{"username":"bob"}'
	ask 200 GET / --header "Accept: $json"
}

@test "from an address that may not, or not so fast" {
	get 404 /healthz --header 'X-Address: 192.0.2.1'
	get 404 /readyz --header 'X-Address: 192.0.2.1'
	get 404 /loop --header 'X-Address: 192.0.2.1'
	get 404 /loop/events --header 'X-Address: 192.0.2.1'
	get 404 /metrics --header 'X-Address: 192.0.2.1'
	send application/json 201 $json '{"username":"alice"}' --header 'X-Address: 192.0.2.1'
	send application/json 201 $json '{"username":"bob"}' --header 'X-Address: 192.0.2.1'
	sends 429 $json '{"username":"carol"}' --header 'X-Address: 192.0.2.1'
	expect_nginx_error 'limiting requests, excess'
}

@test "while another request of the same address is under way" {
	local path address=(--header 'X-Address: 127.0.0.1')

	stop_nginx
	strict=yes
	start_nginx
	: >"$dir/events"
	curl --silent --no-buffer --max-time 120 --unix-socket "$dir/http.sock" "${address[@]}" --output "$dir/events" \
		http://rollcall.test/users/events 3>&- &
	wait_for_line "$dir/events" 'retry: ' $!
	for path in "${everywhere[@]}"; do
		case $path in
		/healthz | /readyz | /metrics | /loop) get 200 "$path" "${address[@]}" ;;
		*) get 429 "$path" "${address[@]}" ;;
		esac
	done
	kill $!
	wait $! || true
	expect_nginx_error 'limiting connections by zone "rollcall_requests"'
}

@test "more than nginx reads" {
	local path much

	much=$(head -c 33000 /dev/zero | tr '\0' a)
	for path in "${everywhere[@]}"; do
		get 431 "$path" --header "Cookie: $much"
		ask 414 GET "$path?$much"
	done
	sends 431 $form username=alice --header "Cookie: $much"
	ask 414 POST "/create-user?$much" --data-raw username=alice
	sends 413 $json "\"$(head -c 65536 /dev/zero | tr '\0' x)\""
	expect_nginx_error 'client intended to send too large body'
}

@test "the application away" {
	local path

	stop_rollcall
	for path in "${everywhere[@]}"; do
		get 502 "$path"
	done
	sends 502 $form username=alice
	expect_nginx_error 'connect() to unix:'
}

@test "the application too slow" {
	local path

	stop_nginx
	impatient=yes
	start_nginx
	kill -STOP "$app_pid"
	for path in "${everywhere[@]}"; do
		get 504 "$path"
	done
	sends 504 $form username=alice
	kill -CONT "$app_pid"
	expect_nginx_error 'upstream timed out'
}

@test "all that was answered is in the document, and all of the document was answered" {
	/usr/bin/python3 "$BATS_TEST_DIRNAME/openapi.py" "$ROLLCALL_ROOT" "$BATS_FILE_TMPDIR/answers"
}

@test "the document is one of OpenAPI" {
	local modules=$ROLLCALL_ROOT/tests/browser/node_modules

	[[ -x $modules/.bin/validate-api ]] || skip 'npm could not be reached (script/bootstrap test)'
	"$modules/.bin/validate-api" "$ROLLCALL_ROOT/docs/openapi.yaml"
}
