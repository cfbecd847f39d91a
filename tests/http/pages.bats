#!/usr/bin/env bats
# What every address answers, by method.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

@test "the front page greets, says that nobody is there yet, and has the form" {
	request /
	expect_page 200 'Sign-up sheet'
	expect_text '<strong class="count">0 users</strong>'
	expect_text '<form method="post" action="/create-user">'
	expect_text '<label for="username">Your name</label>'
	expect_text '<input id="username" name="username"'
	expect_text '<button type="submit">Sign up</button>'
}

@test "the front page says how many users there are" {
	sign_up alice
	request /
	expect_text '<strong class="count">1 user</strong>'
	sign_up bob
	request /
	expect_text '<strong class="count">2 users</strong>'
}

@test "an empty list says so and offers the form" {
	request /users
	expect_page 200 Users
	expect_text '<p>Nobody has signed up yet.</p>'
	expect_text '<a class="button" href="/">Be the first</a>'
	expect_no_text '<ol'
}

@test "the process is live and ready" {
	request /healthz
	expect_code 200
	expect_header Content-Type 'text/plain; charset=utf-8'
	expect_body ok
	request /readyz
	expect_code 200
	expect_header Content-Type 'text/plain; charset=utf-8'
	expect_body ready
}

# What is the same from one request to the next.
lasting_headers() {
	show_answer | sed '/^$/q' | grep -v -i -E '^(date|x-request-id):'
}

@test "HEAD answers what GET does, without the body" {
	local path got

	sign_up alice
	for path in / /users '/users?before=1' '/users?created=x' /healthz /readyz /nowhere /create-user \
		/style.css /icon.svg /errors/502.html; do
		begin_a_minute
		request "$path"
		got=$(lasting_headers)
		request --head "$path"
		[[ $(lasting_headers) == "$got" ]] || fail "HEAD of $path differs from:" "$got" "$(show_answer)"
		expect_body ''
	done
}

@test "an address that is not there answers 404" {
	local path

	for path in /nowhere /users/ /Users /users/1 /create-user/ /healthz.html /index.html /.git/config \
		/style.css/x /users%20 /users%0a /users%3f; do
		request "$path"
		[[ $code == 404 ]] || fail "$path answered $code"
	done
	request /nowhere
	expect_page 404 'Not found'
}

@test "an address is what it means, not how it is spelled" {
	request '/%75sers?'
	expect_page 200 Users
	request //users
	expect_page 200 Users
	request /nowhere/../users
	expect_page 200 Users
}

@test "another method answers 405, and which are allowed" {
	local method

	for method in POST PUT PATCH DELETE OPTIONS PROPFIND BREW; do
		request --request "$method" /
		expect_page 405 'Method not allowed'
		expect_header Allow 'GET, HEAD'
		request --request "$method" /users
		expect_code 405
		expect_header Allow 'GET, HEAD'
		request --request "$method" /healthz
		expect_code 405
		expect_header Allow 'GET, HEAD'
		request --request "$method" /readyz
		expect_code 405
		expect_header Allow 'GET, HEAD'
	done
	for method in GET PUT PATCH DELETE OPTIONS; do
		request --request "$method" /create-user
		expect_page 405 'Method not allowed'
		expect_header Allow POST
	done
	request --head /create-user
	expect_code 405
	expect_header Allow POST
}

@test "a query that cannot be read answers 400" {
	local query

	for query in before=x before= before=-1 before=1.0 before=+1 'before=1%20' before=0x1 before=99999999999999999999 \
		after=x after= created=x created= created=-1 \
		'before=1&before=2' 'before=1&after=2' 'created=1&created=1' \
		'before=%' 'before=%3' 'before=%zz' 'before=%00' 'created=%ff' \
		'created=%3Cscript%3Ealert(1)%3C/script%3E' 'created=<script>alert(1)</script>'; do
		request "/users?$query"
		[[ $code == 400 ]] || fail "$query answered $code"
		expect_no_text alert
	done
	request '/users?before=x'
	expect_page 400 'Bad request'
}

@test "what a query does not mean is left alone" {
	request '/users?utm_source=x&y'
	expect_page 200 Users
	request '/?before=x'
	expect_page 200 'Sign-up sheet'
}
