#!/usr/bin/env bats
# A form may be sent from here, or by a program, and not from another site.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

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

@test "a default port in one and not in the other is the same origin" {
	expect_from 303 '' 'http://rollcall.test' rollcall.test:80
	expect_from 303 '' 'http://rollcall.test:80' rollcall.test
	expect_from 303 '' 'https://rollcall.test' rollcall.test:443
	expect_from 303 '' 'https://rollcall.test:443' rollcall.test
	expect_from 303 '' 'http://[0:0:0:0:0:0:0:1]' '[::1]:80'
	expect_from 303 '' 'http://rollcall.test' rollcall.test.
	expect_from 403 '' 'https://rollcall.test' rollcall.test:80
	expect_from 403 '' 'http://rollcall.test' rollcall.test:443
	expect_from 403 '' 'http://rollcall.test:080' rollcall.test
	expect_from 403 '' 'http://rollcall.test/' rollcall.test
	expect_from 403 '' 'http://rollcall.test, http://rollcall.test' rollcall.test
	expect_from 403 cross-site 'http://rollcall.test' rollcall.test:80
}

# post_without_host CODE TARGET ORIGIN: as HTTP/3 has it, with the host in the target, or nowhere.
post_without_host() {
	names=$((names + 1))
	raw_request "POST $2 HTTP/1.0\r\nOrigin: $3\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: $((13 +
		${#names}))\r\n\r\nusername=user$names"
	[[ $code == "$1" ]] || fail "'$2', Origin '$3' answered $code, not $1" "$(show_answer)"
}

@test "a request without Host: the host that nginx knows" {
	post_without_host 303 http://rollcall.test/create-user http://rollcall.test
	post_without_host 303 http://rollcall.test/create-user https://rollcall.test
	post_without_host 403 http://rollcall.test/create-user http://evil.test
	post_without_host 403 http://rollcall.test/create-user http://rollcall.test:81
	post_without_host 403 /create-user http://rollcall.test
	post_without_host 403 /create-user null
}

@test "a refused form is answered as a page and stores nothing" {
	expect_from 403 cross-site 'http://evil.test' rollcall.test
	expect_page 403 'Not allowed from another site'
	request /users
	expect_text 'Nobody has signed up yet.'
}

@test "reading is allowed from anywhere" {
	request --header 'Sec-Fetch-Site: cross-site' --header 'Origin: http://evil.test' /users
	expect_code 200
	expect_no_header Access-Control-Allow-Origin
}
