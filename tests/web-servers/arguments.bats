#!/usr/bin/env bats
# A CGI server may hand the words of a query without "=" to the program as its arguments (RFC 3875, section 4.4), as Apache
# does. Whichever server it is, they choose nothing.

# shellcheck source=web_servers.bash
source "$BATS_TEST_DIRNAME/web_servers.bash"

WEB_SERVER=${WEB_SERVER/%apache/apache-cgi}

setup() {
	find_web_server
	serve
}

teardown() {
	finish
}

@test "the words of a query are no arguments" {
	local query

	sign_up alice
	expect_created 1
	cp -- "$dir/data/users.log" "$dir/before"
	while read -r query; do
		request "/?$query"
		expect_page 200 'Sign-up sheet'
		expect_text '<strong class="count">1 user</strong>'
		request "/users?$query"
		[[ $(users) == alice ]] || fail "$(show_answer)"
		cmp "$dir/before" "$dir/data/users.log"
		[[ ! -e $dir/data/copy ]] || fail "$query has made a copy"
	done <<-END
		remove+alice
		remove%20alice
		backup+$dir/data/copy
		check+/etc/passwd
		export
		compact
		--help
		--version
		--data+$dir/other
		--max-body+0
		-h
		--
		--+remove+alice
	END
}

# bats test_tags=hands-on-arguments
@test "arguments reach a program that reads them" {
	# Else the test above would hold whatever the program does.
	printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n%%s\\n" "$*"\n' >"$dir/rollcall"
	code=$(curl --silent --max-time 30 --output "$dir/body" --write-out '%{http_code}' "http://127.0.0.1:$port/?remove+alice")
	[[ $code == 200 && $(<"$dir/body") == 'remove alice' ]] || fail "$code" "$(<"$dir/body")"
}

@test "a header is no setting" {
	request --header "Rollcall-Data: $dir/other" --header 'Rollcall-Log-Level: nonsense' --header 'Gateway-Interface: x' \
		--header 'Proxy: http://evil.test/' /
	expect_page 200 'Sign-up sheet'
	[[ ! -e $dir/other ]]
}
