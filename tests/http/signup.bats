#!/usr/bin/env bats
# The main job: a name is typed, stored, and found on the list.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

@test "a new name appears on the list, with a notice" {
	sign_up alice
	expect_created 1
	request '/users?created=1'
	expect_code 200
	expect_text '<title>You are on the list, number 1 – Sign-up sheet</title>'
	expect_text '<strong>You are on the list, number 1.</strong> <bdi>alice</bdi> has signed up.</p>'
	expect_text '<strong class="count">1 user</strong>, newest first.'
	[[ $(users) == alice ]]
}

@test "somebody takes themselves off the list, with a link that only they were shown, and that is in no log" {
	local link secret

	sign_up alice
	request "$(header Location)"
	expect_header Cache-Control no-store
	expect_text '<meta name="referrer" content="no-referrer">'
	[[ $body =~ href=\"(/leave/1#([A-Za-z0-9_-]{22}))\" ]] || fail "no link" "$(show_answer)"
	link=${BASH_REMATCH[1]}
	secret=${BASH_REMATCH[2]}
	request "${link%#*}"
	expect_code 200
	expect_header Cache-Control no-store
	expect_text '<bdi>alice</bdi> is on the list, number 1.'
	request --data-urlencode "key=${secret}x" /leave/1
	expect_code 403
	expect_text 'This is not the link that you were shown when you signed up.'
	[[ $(stat -c %a "$dir/data/leave.key") == 600 ]]
	stop_rollcall
	start_rollcall
	request --data-urlencode "key=http://rollcall.test$link" /leave/1
	expect_code 200
	expect_text '<bdi>alice</bdi> was taken off.'
	request --data-urlencode "key=$secret" /leave/1
	expect_code 404
	expect_text 'the link may have been used before'
	[[ -z $(users) ]]
	[[ $(cat -- "$dir"/*.log) != *"$secret"* ]] || fail "$(cat -- "$dir"/*.log)"
	[[ ! $(cat -- "$dir"/*.log) =~ claim=[A-Za-z0-9_] ]] || fail "$(cat -- "$dir"/*.log)"
}

@test "the address of a notice says nothing of a user who was removed, or of none" {
	local number

	sign_up alice
	sign_up bob
	stop_rollcall
	"$ROLLCALL" remove --data "$dir/data" bob
	start_rollcall
	for number in 2 3; do
		request "/users?created=$number"
		expect_page 200 Users
		expect_no_text 'class="notice"'
		expect_no_text 'You are on the list'
	done
}

@test "a user has a time in UTC, for people and for programs" {
	local shown expected

	expected='^<time datetime="20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{3}Z" '
	expected+='title="[1-3]?[0-9] [A-Z][a-z]{2} 20[0-9]{2}, [0-2][0-9]:[0-5][0-9] UTC">'
	expected+='just now</time>$'
	sign_up alice
	request /users
	shown=$(grep -o '<time.*</time>' <<<"$body")
	[[ $shown =~ $expected ]] || fail "the time is: $shown"
}

@test "a user is on disk by the time of the redirect, and there after a restart" {
	sign_up alice
	expect_created 1
	grep -q -P '^[0-9a-f]+\t\+\t1\t20[0-9T:.-]+Z\talice$' "$dir/data/users.log"
	stop_rollcall
	start_rollcall
	sign_up bob
	expect_created 2
	request /users
	[[ $(users) == $'bob\nalice' ]]
}

@test "an answer that redirects is not kept, and says so to people too" {
	sign_up alice
	expect_code 303
	expect_header Content-Type 'text/html; charset=utf-8'
	expect_no_header Set-Cookie
}

@test "the list says nothing of a user that is not there, and nothing that the address makes up" {
	sign_up alice
	request '/users?created=2'
	expect_page 200 Users
	expect_no_text 'class="notice"'
	request '/users?created=0'
	expect_code 200
	expect_no_text 'class="notice"'
	request '/users?created=mallory'
	expect_code 400
	expect_no_text mallory
}

@test "a name that is taken answers 409, names the holder, and shows again what was typed" {
	sign_up Alice
	expect_created 1
	sign_up aLICE
	expect_page 409 'Sign-up sheet'
	expect_text '<div class="field invalid">'
	expect_text '<p class="error" id="username-error"><span>Error:</span>'
	expect_text '<bdi>Alice</bdi>'
	expect_text 'value="aLICE"'
	expect_text 'aria-invalid="true"'
	expect_text '<div class="summary" role="alert" tabindex="-1" autofocus>'
	expect_text '<a href="#username">That name is taken by <bdi>Alice</bdi>.</a>'
	expect_text '<strong class="count">1 user</strong>'
	request /users
	[[ $(users) == Alice ]]
}

@test "a name that looks like another answers 409, and names the user" {
	sign_up Cop
	expect_created 1
	sign_up Сор # in Cyrillic
	expect_page 409 'Sign-up sheet'
	expect_text '<a href="#username">This name looks like one that is on the list: <bdi>Cop</bdi>.</a>'
	expect_text 'value="Сор"'
	sign_up Ѕор
	expect_created 2
	sign_up pаypal # with one Cyrillic letter
	expect_page 422 'Sign-up sheet'
	expect_text 'A name can&#39;t mix Latin letters with the Cyrillic “а”.'
	expect_text '/?username=paypal'
	sign_up 'Ali محمد'
	expect_created 3
}

@test "a name that is not acceptable answers 422, says why, and shows again what was typed" {
	sign_up 'no/slash'
	expect_page 422 'Sign-up sheet'
	expect_text '<div class="field invalid">'
	expect_text '<p class="error" id="username-error"><span>Error:</span>'
	expect_text 'value="no/slash"'
	expect_text '<title>Error: '
	request /users
	expect_text 'Nobody has signed up yet.'
}

@test "no name at all answers 422" {
	sign_up ''
	expect_page 422 'Sign-up sheet'
	sign_up '   '
	expect_page 422 'Sign-up sheet'
	post ''
	expect_page 422 'Sign-up sheet'
	post 'name=alice'
	expect_page 422 'Sign-up sheet'
}

@test "a full list says so without the form, and goes on reading" {
	stop_rollcall
	start_rollcall --max-users 2
	sign_up alice
	sign_up bob
	expect_created 2
	sign_up carol
	expect_page 409 'Sign-up sheet'
	expect_text '<p>There is no room for more names.</p>'
	expect_no_text '<form'
	expect_no_header Retry-After
	request /users
	[[ $(users) == $'bob\nalice' ]]
	sign_up ALICE
	expect_code 409
	request /healthz
	expect_code 200
	request /readyz
	expect_code 503
	expect_header Content-Type 'text/plain; charset=utf-8'
	expect_retry
	[[ -n $body ]]
}
