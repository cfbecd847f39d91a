#!/usr/bin/env bats
# A site under a path: as the site says for it, and what pages refer to is there.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	# shellcheck disable=SC2034 # for http.bash
	site_base=/signup
	serve --base-path /signup
}

teardown() {
	finish
}

change_site() {
	sed -i 's|^#\(\t~^/signup\)|\1|' "$dir/rollcall.conf"
	grep -q $'^\t~^/signup' "$dir/rollcall.conf"
}

# addresses: of the page that was asked for last, each once.
addresses() {
	grep -o -E ' (href|src|action|data-live)="/[^"]*"' "$dir/body" | cut -d '"' -f 2 | sort -u
}

expect_none_outside() {
	if addresses | grep -v '^/signup/'; then
		fail "addresses outside the path"
	fi
}

# expect_addresses: each is under the path, and something is there.
expect_addresses() {
	local address found

	found=$(addresses)
	[[ -n $found ]] || fail "no addresses" "$body"
	while read -r address; do
		[[ $address == /signup/* ]] || fail "not under the path: $address"
		case $address in
		*/events*) continue ;;
		*/create-user) expected=405 ;;
		*) expected=200 ;;
		esac
		request "$address"
		expect_code "$expected"
	done <<<"$found"
}

@test "every address of every page is under the path, and leads somewhere" {
	local path

	post username=Ada
	for path in '' / /users /users/1 /users/print '/users?q=ada' '/users?q=nobody' /nowhere /healthz/nowhere; do
		request "/signup$path"
		expect_addresses
	done
	request /signup/users
	expect_text 'data-live="/signup/users/events?after=1-'
}

@test "a sign-up leads to the list, a refusal back to the form" {
	request --data-raw username=Ada /signup/create-user
	expect_code 303
	[[ $(header Location) == '/signup/users?created=1&claim='* ]]
	request --data-raw username=ada /signup/create-user
	expect_page 409 'Sign-up sheet'
	expect_addresses
}

@test "JSON, events, assets and health" {
	local events

	request --header 'Accept: application/json' /signup/users
	expect_code 200
	[[ $(jq -r .links.self "$dir/body") == /signup/users ]] || fail "$body"
	events=$(curl --silent --max-time 5 --unix-socket "$dir/http.sock" http://rollcall.test/signup/users/events | head -n 1 || true)
	[[ $events == 'retry: '* ]] || fail "$events"
	request "/signup$(asset style.css)"
	expect_header Content-Type 'text/css; charset=utf-8'
	request /signup/healthz
	expect_code 200
}

@test "the web server's own pages, when the application is away" {
	stop_rollcall
	request /signup/users
	expect_code 502
	expect_text 'href="/signup/users"'
	expect_none_outside
	expect_nginx_error 'connect() to unix:'
	request --request POST /signup/style.css
	expect_code 405
	expect_none_outside
}

@test "a path that only begins alike is none" {
	request /signupper/users
	expect_code 404
}

# Rules for one address, such as a limit or a password, are for the other spellings of it, too.
@test "no spelling of an address leads around the site" {
	local path

	for path in /signup/signup/users /signup/signup/healthz /signup/signup; do
		request "$path"
		expect_code 404
	done
	for path in //signup/users /./signup/users /%73ignup/users /x/../signup/users; do
		request "$path"
		expect_code 200
		expect_addresses
	done
	request /x/../signup/signup/users
	expect_code 404
	# What nginx itself answers shows that it knows the address.
	request /signup/users
	path=/$(addresses | grep -a -m 1 /assets/)
	[[ $(curl --silent --unix-socket "$dir/http.sock" --path-as-is --output /dev/null --write-out '%{http_code}' \
		"http://rollcall.test$path") == 200 ]] || fail "$path"
}
