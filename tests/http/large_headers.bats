#!/usr/bin/env bats
# Headers that are large, as by the cookies of a whole domain, which come to every site below it.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

@test "cookies up to 31 KiB come with a page, with a form, and with what nginx serves" {
	expect_cookies 8 12 20 31
}

@test "cookies reach nobody: the application has none, and they are no part of its limit" {
	stop_rollcall
	start_rollcall --max-params 2000
	request --header "Cookie: session=$(letters 8000)" /users
	expect_page 200 Users
	request --header "X-Other: $(letters 8000)" /users
	expect_page 431 'Request too large'
	[[ -n $(header X-Request-Id) ]] || fail "not the application's" "$(show_answer)"
}

@test "where nginx's limit is, and between it and the application's: 431 in the layout, nothing else" {
	local size

	printf 'header = "Cookie: %s"\n' "$(letters 33000)" >"$dir/headers.curl"
	request --config "$dir/headers.curl" /users
	expect_page 431 'Request too large'
	request --config "$dir/headers.curl" --data username=alice /create-user
	expect_page 431 'Request too large'
	for ((size = 20000; size <= 33000; size += 500)); do
		printf 'header = "X-%s: %s"\n' One "$(letters "$size")" Two "$(letters "$size")" Three "$(letters "$size")" \
			>"$dir/headers.curl"
		request --config "$dir/headers.curl" /users
		[[ $code == 200 || $code == 431 ]] || fail "three lines of $size: $code" "$(show_answer)"
	done
	[[ $code == 431 ]]
}
