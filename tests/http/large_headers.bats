#!/usr/bin/env bats
# Headers that are large, as by the cookies of a whole domain, which come to every site below it.

# shellcheck source=../support/http.bash
source "$BATS_TEST_DIRNAME/../support/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

# letters COUNT
letters() {
	head -c "$1" /dev/zero | tr '\0' a
}

@test "cookies up to 31 KiB come with a page, with a form, and with what nginx serves" {
	local kib users=0

	for kib in 8 12 20 31; do
		printf 'header = "Cookie: session=%s"\n' "$(letters $((kib * 1024 - 8)))" >"$dir/cookies"
		request --config "$dir/cookies" /users
		expect_page 200 Users
		request --config "$dir/cookies" --data "username=user$kib" /create-user
		expect_created $((users += 1))
		request --config "$dir/cookies" "$(asset style.css)"
		expect_code 200
	done
}

@test "cookies reach nobody: the application has none, and they are no part of its limit" {
	stop_rollcall
	start_rollcall --max-params 2000
	request --header "Cookie: session=$(letters 8000)" /users
	expect_page 200 Users
	request --header "X-Other: $(letters 8000)" /users
	expect_page 431 'Too much'
	[[ -n $(header X-Request-Id) ]] || fail "not the application's" "$(show_answer)"
}

@test "where nginx's limit is, and between it and the application's: 431 in the layout, nothing else" {
	local size

	printf 'header = "Cookie: %s"\n' "$(letters 33000)" >"$dir/headers.curl"
	request --config "$dir/headers.curl" /users
	expect_page 431 'Too much'
	request --config "$dir/headers.curl" --data username=alice /create-user
	expect_page 431 'Too much'
	for ((size = 20000; size <= 33000; size += 500)); do
		printf 'header = "X-%s: %s"\n' One "$(letters "$size")" Two "$(letters "$size")" Three "$(letters "$size")" \
			>"$dir/headers.curl"
		request --config "$dir/headers.curl" /users
		[[ $code == 200 || $code == 431 ]] || fail "three lines of $size: $code" "$(show_answer)"
	done
	[[ $code == 431 ]]
}
