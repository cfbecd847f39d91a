#!/usr/bin/env bats
# A form may be sent from here, or by a program, and not from another site.

# shellcheck source=../support/http.bash
source "$BATS_TEST_DIRNAME/../support/http.bash"

setup() {
	serve
	names=0
}

teardown() {
	finish
}

# expect_from CODE SEC-FETCH-SITE ORIGIN HOST: a header that is '' is not sent.
expect_from() {
	local sent=(--header "Host: $4")

	[[ -z $2 ]] || sent+=(--header "Sec-Fetch-Site: $2")
	[[ -z $3 ]] || sent+=(--header "Origin: $3")
	names=$((names + 1))
	post "username=user$names" "${sent[@]}"
	[[ $code == "$1" ]] || fail "Sec-Fetch-Site '$2', Origin '$3', Host '$4' answered $code, not $1"
}

@test "a program that says nothing of where it comes from" {
	expect_from 303 '' '' rollcall.test
	expect_from 303 '' '' localhost:8080
}

@test "Sec-Fetch-Site decides when it is there" {
	expect_from 303 same-origin 'http://rollcall.test' rollcall.test
	expect_from 303 same-origin '' rollcall.test
	expect_from 303 none '' rollcall.test
	expect_from 303 same-origin 'https://proxy.test' rollcall.test
	expect_from 403 same-site 'http://rollcall.test' rollcall.test
	expect_from 403 same-site 'http://other.rollcall.test' rollcall.test
	expect_from 403 cross-site 'http://evil.test' rollcall.test
	expect_from 403 cross-site 'http://rollcall.test' rollcall.test
	expect_from 403 cross-site '' rollcall.test
	expect_from 403 Same-Origin '' rollcall.test
	expect_from 403 'same-origin, cross-site' '' rollcall.test
	expect_from 403 anything '' rollcall.test
}

@test "else Origin decides, against the host that was asked" {
	expect_from 303 '' 'http://rollcall.test' rollcall.test
	expect_from 303 '' 'https://rollcall.test' rollcall.test
	expect_from 303 '' 'http://localhost:8080' localhost:8080
	expect_from 303 '' 'http://[::1]:8080' '[::1]:8080'
	expect_from 303 '' 'http://Rollcall.TEST' rollcall.test
	expect_from 403 '' 'http://evil.test' rollcall.test
	expect_from 403 '' 'http://rollcall.test.evil.test' rollcall.test
	expect_from 403 '' 'http://evilrollcall.test' rollcall.test
	expect_from 403 '' 'http://rollcall.test@evil.test' rollcall.test
	expect_from 403 '' 'http://localhost:8081' localhost:8080
	expect_from 403 '' 'http://localhost' localhost:8080
	expect_from 403 '' 'http://localhost:8080' localhost
	expect_from 403 '' null rollcall.test
	expect_from 403 '' rollcall.test rollcall.test
	expect_from 403 '' 'http://' rollcall.test
}

@test "a refused form is answered as a page and stores nothing" {
	expect_from 403 cross-site 'http://evil.test' rollcall.test
	expect_page 403 'Not allowed from there'
	request /users
	expect_text 'Nobody has signed up yet.'
}

@test "reading is allowed from anywhere" {
	request --header 'Sec-Fetch-Site: cross-site' --header 'Origin: http://evil.test' /users
	expect_code 200
	expect_no_header Access-Control-Allow-Origin
}
