#!/usr/bin/env bats
# How a form may arrive, and how not.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

# A form of that many bytes, with a field that nobody asked for to fill it.
form_of() {
	printf 'username=alice&x='
	head -c $(($1 - 17)) /dev/zero | tr '\0' x
}

# nginx names the request only on what the application answers.
expect_from_application() {
	[[ -n $(header X-Request-Id) ]] || fail "not the application's answer" "$(show_answer)"
}

expect_list() {
	request /users
	[[ $(users) == "$1" ]] || fail "on the list: $(users)"
}

@test "malformed encodings answer 400 and store nothing" {
	local form

	for form in username=% username=%4 username=a%zz username=%g0 'username=%%41' \
		username=a%00b username=%00 %00=a 'x=%00&username=alice' \
		username=%ff username=a%80 username=%c3 username=%c0%af username=%e0%80%af \
		username=%ed%a0%80 username=%f4%90%80%80 username=%f8%88%80%80%80; do
		post "$form"
		[[ $code == 400 ]] || fail "$form answered $code"
	done
	expect_page 400 'Bad request'
	request --data-binary $'username=\xff\xfe' /create-user
	expect_code 400
	request /users
	expect_text 'Nobody has signed up yet.'
}

@test "a NUL that is not even encoded answers 400" {
	printf 'username=al\0ice' >"$dir/form"
	request --data-binary "@$dir/form" /create-user
	expect_code 400
}

@test "a repeated field answers 400" {
	post 'username=alice&username=bob'
	expect_code 400
	post 'username=alice&username=alice'
	expect_code 400
	post 'username=alice&user%6eame=bob'
	expect_code 400
	request /users
	expect_text 'Nobody has signed up yet.'
}

@test "encodings that are well-formed, if unusual" {
	post 'username=Ada+L'
	expect_created 1
	post 'username=Ada%20M'
	expect_created 2
	post '%75sername=%c3%a9%C3%A9'
	expect_created 3
	post 'x=1&&username=b&=&y'
	expect_created 4
	request --data-binary 'username=Å' /create-user
	expect_created 5
	expect_list $'Å\nb\néé\nAda M\nAda L'
}

@test "a body that is neither a form nor JSON answers 415" {
	local type

	for type in application/jsonp text/plain multipart/form-data application/x-www-form-urlencoded-not \
		'application/x-www-form-urlencoded; charset=iso-8859-1' 'x application/x-www-form-urlencoded'; do
		post username=alice --header "Content-Type: $type"
		[[ $code == 415 ]] || fail "$type answered $code"
	done
	expect_page 415 'Unsupported format'
	expect_header Accept 'application/x-www-form-urlencoded, application/json'
	post username=alice --header Content-Type:
	expect_code 415
	request --form username=alice /create-user
	expect_code 415
	request /users
	expect_text 'Nobody has signed up yet.'
}

@test "the type of a form is the same in any case and with a charset" {
	post username=a --header 'Content-Type: APPLICATION/X-WWW-Form-Urlencoded'
	expect_created 1
	post username=b --header 'Content-Type: application/x-www-form-urlencoded; charset=UTF-8'
	expect_created 2
	post username=c --header 'Content-Type: application/x-www-form-urlencoded ;charset="utf-8"'
	expect_created 3
}

@test "48 KiB are read, one byte more answers the application's 413" {
	form_of 49152 >"$dir/form"
	request --data-binary "@$dir/form" /create-user
	expect_created 1
	form_of 49153 >"$dir/form"
	request --data-binary "@$dir/form" /create-user
	expect_page 413 'Request too large'
	expect_from_application
	form_of 65536 >"$dir/form"
	request --data-binary "@$dir/form" /create-user
	expect_page 413 'Request too large'
	expect_from_application
	expect_list alice
}

@test "more than 64 KiB never reach the application" {
	form_of 65537 >"$dir/form"
	request --data-binary "@$dir/form" /create-user
	expect_page 413 'Request too large'
	expect_no_header X-Request-Id
	expect_nginx_error 'client intended to send too large body'
}

@test "a body that belongs to no form is read and dropped" {
	form_of 49152 >"$dir/form"
	request --data-binary "@$dir/form" /nowhere
	expect_code 404
	request --request GET --data-binary "@$dir/form" /users
	expect_code 200
}

@test "a chunked upload" {
	request --header 'Transfer-Encoding: chunked' --data-raw username=alice /create-user
	expect_created 1
	form_of 49153 >"$dir/form"
	request --header 'Transfer-Encoding: chunked' --data-binary "@$dir/form" /create-user
	expect_page 413 'Request too large'
	form_of 65537 >"$dir/form"
	request --header 'Transfer-Encoding: chunked' --data-binary "@$dir/form" /create-user
	expect_page 413 'Request too large'
	expect_nginx_error 'client intended to send too large chunked body'
	expect_list alice
}

@test "an upload that waits for 100 Continue" {
	request --header 'Expect: 100-continue' --data-raw username=alice /create-user
	expect_created 1
	grep -q '^HTTP/1.1 100 ' "$dir/headers"
	request --header 'Expect: 100-continue' --header 'Transfer-Encoding: chunked' --data-raw username=bob /create-user
	expect_created 2
	expect_list $'bob\nalice'
}
