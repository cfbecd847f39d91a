#!/usr/bin/env bats
# Behind every web server: with the site's locations for organisers, those who have the password are organisers, and nobody
# else, whatever they send; without the locations nobody is.

# shellcheck source=web_servers.bash
source "$BATS_TEST_DIRNAME/web_servers.bash"

setup() {
	find_web_server
	prepare
}

teardown() {
	finish
}

begin() {
	is_cgi || start_rollcall --admin on
	start_web_server
	sign_up alice
	expect_created 1
	sign_up bob
	expect_created 2
}

# ask METHOD PATH [CURL OPTION…]: an answer may be the web server's own. Sets code.
ask() {
	code=$(curl --silent --show-error --max-time 30 --path-as-is --request "$1" --output "$dir/body" --write-out '%{http_code}' \
		"${@:3}" "http://127.0.0.1:$port$2")
}

# What is the organiser's, each with a body that would do.
organised_paths=(
	'GET /admin' 'GET /admin?q=a' 'GET /admin/add' 'POST /admin/add username=eve' 'GET /admin/users/1' 'GET /admin/users/1/remove'
	'POST /admin/users/1/remove' 'POST /admin/users/1/rename username=eve' 'GET /admin/sheet' 'POST /admin/close' 'POST /admin/reopen'
	'GET /admin/named?name=alice' 'GET /sheet' 'PUT /sheet {"closed":true}' 'DELETE /users/1' 'PATCH /users/1 username=eve'
	'GET /users.csv' 'GET /users.jsonl' 'DELETE /users/%31' 'GET /%61dmin' 'GET //admin' 'GET /x/../admin' 'GET /admin%2Fadd'
)

# expect_nobody [CURL OPTION…]: none of it is answered, and nothing is changed.
expect_nobody() {
	local line method path data

	for line in "${organised_paths[@]}"; do
		read -r method path data <<<"$line"
		ask "$method" "$path" --data "$data" "$@"
		[[ $code == @(400|401|403|404|405) ]] || fail "$line with $*: $code" "$(<"$dir/body")"
		! grep -q alice "$dir/body" || fail "$line with $*: it has the name"
	done
	[[ $(stored) == $'alice\nbob' ]] || fail "with $*:" "$(stored)"
}

# Whatever looks like the name of a user, a command, or a password.
expect_no_trick() {
	local header headers=()

	for header in 'Remote-User: ada' 'Remote_User: ada' 'REMOTE_USER: ada' 'HTTP_REMOTE_USER: ada' 'HTTP-REMOTE-USER: ada' \
		'X-Remote-User: ada' 'X-Forwarded-User: ada' 'Rollcall-Operator: root' 'Rollcall_Operator: root' \
		'HTTP_ROLLCALL_OPERATOR: root' 'Proxy-Authorization: Basic YWRhOnNlY3JldA==' 'Connection: Remote-User' \
		'Cookie: REMOTE_USER=ada'; do
		headers+=(--header "$header")
	done
	expect_nobody "${headers[@]}"
	expect_nobody --header 'Authorization: Bearer ada'
	expect_nobody "${headers[@]}" --user ada:wrong
}

@test "without the locations nobody is an organiser, whatever is sent" {
	[[ $WEB_SERVER != *-cgi && $WEB_SERVER != *-fcgiwrap ]] || organised_paths=('GET /admin' 'DELETE /users/1' 'PUT /sheet {"closed":true}')
	begin
	expect_no_trick
	expect_nobody --user ada:secret
}

@test "with the locations nobody is without the password, whatever is sent" {
	organised=yes
	begin
	expect_no_trick
}

@test "with the password: pages, and what programs ask" {
	local organiser=(--user ada:secret)

	organised=yes
	begin
	request "${organiser[@]}" /admin
	expect_page 200 Organise
	expect_text 'You are <bdi>ada</bdi>'
	request "${organiser[@]}" /admin/users/1
	expect_page 200 '<bdi>alice</bdi>'
	request "${organiser[@]}" --data '' /admin/users/1/remove
	expect_code 303
	ask PATCH /users/2 "${organiser[@]}" --data username=Bobby
	[[ $code == 200 ]] || fail "$code" "$(<"$dir/body")"
	ask GET /users.csv "${organiser[@]}"
	[[ $code == 200 && $(<"$dir/body") == *,Bobby* ]] || fail "$code" "$(<"$dir/body")"
	ask PUT /sheet "${organiser[@]}" --header 'Content-Type: application/json' --header 'If-Match: "0"' --data '{"seats":3}'
	[[ $code == 412 && $(<"$dir/body") == *'those that If-Match names'* ]] || fail "$code" "$(<"$dir/body")"
	ask GET /sheet "${organiser[@]}" --dump-header "$dir/headers"
	ask PUT /sheet "${organiser[@]}" --header 'Content-Type: application/json' --header "If-Match: $(header ETag)" --data '{"seats":3}'
	[[ $code == 200 ]] || fail "$code" "$(<"$dir/body")"
	ask DELETE /users/2 "${organiser[@]}"
	[[ $code == 204 ]] || fail "$code" "$(<"$dir/body")"
	request "${organiser[@]}" --header 'Origin: http://evil.test' --data '' /admin/close
	expect_code 403
	request /users
	expect_text 'Nobody has signed up yet.'
	is_cgi || [[ $(grep -c ' organiser=ada ' "$app_log") -eq 4 ]] || fail "$(<"$app_log")"
}
