#!/usr/bin/env bats
# What programs get: the same resources as JSON, and errors as problems.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

json='Accept: application/json'

setup() {
	serve
}

teardown() {
	finish
}

# get PATH, as a program.
get() {
	request --header "$json" "$@"
}

# create JSON: as a program that says nothing of what it wants.
create() {
	request --header 'Content-Type: application/json' --data-raw "$1" "${@:2}" /create-user
}

# expect_json FILTER TEXT: what jq makes of the body.
expect_json() {
	local actual

	actual=$(jq --compact-output --raw-output "$1" "$dir/body")
	[[ $actual == "$2" ]] || fail "$1 is $actual, not $2" "$(show_answer)"
}

# expect_problem CODE TITLE
expect_problem() {
	expect_code "$1"
	expect_header Content-Type application/problem+json
	expect_json .title "$2"
}

@test "what is preferred is what comes" {
	local accept type

	while IFS='|' read -r type accept; do
		request --header "Accept: $accept" /users
		[[ $(header Content-Type) == "$type" ]] || fail "'$accept' gives $(header Content-Type)"
	done <<-'END'
		application/json|application/json
		application/json|application/json, text/html;q=0.9
		application/json|application/json, text/plain, */*
		application/json|application/problem+json
		application/json|text/html;q=0, */*
		text/html; charset=utf-8|*/*
		text/html; charset=utf-8|text/html, application/json;q=0.9
		text/html; charset=utf-8|text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
		text/html; charset=utf-8|text/csv
	END
	request --header Accept: /users
	expect_header Content-Type 'text/html; charset=utf-8'
}

@test "a program finds its way from the front page" {
	get /
	expect_code 200
	expect_json .total 0
	get "$(jq -r .links.users "$dir/body")"
	expect_json '.users | length' 0
	get /
	request --header 'Content-Type: application/json' --data-raw '{"username":"Zo\u00eb"}' \
		"$(jq -r .links.create "$dir/body")"
	expect_code 201
	jq -c 'del(.leave)' "$dir/body" >"$dir/created"
	get "$(header Location)"
	expect_code 200
	expect_json . "$(<"$dir/created")"
	expect_text '"username":"Zoë"'
	get /users
	expect_json '.users[0]' "$(<"$dir/created")"
}

@test "a program creates a user with a form, too" {
	sign_up bob
	expect_created 1
	request --header "$json" --data-urlencode 'username=Ada L' /create-user
	expect_code 201
	expect_header Location /users/2
	expect_json .username 'Ada L'
	expect_json 'keys_unsorted|join(" ")' 'number username created leave'
}

@test "all users by the links, in pages, from the body and from the header alike" {
	local link next i names=

	stop_rollcall
	start_rollcall --page-size 2
	for i in 1 2 3 4 5; do
		sign_up "user$i"
	done
	link=/users
	while [[ $link != null ]]; do
		get "$link"
		expect_json .total 5
		expect_json .links.self "$link"
		names+=$(jq -r '[.users[].username] | join(" ")' "$dir/body")' '
		link=$(jq -r .links.older "$dir/body")
		next=$(header Link | grep -o '<[^>]*>; rel="next"' || true)
		[[ $next == "${link/#\//</}"'>; rel="next"' || ($link == null && -z $next) ]] || fail "Link: $(header Link)"
	done
	[[ $names == 'user5 user4 user3 user2 user1 ' ]]
	expect_json .links.newest /users
	expect_json .links.oldest null
	[[ $(header Link) == '</users>; rel="first", <'*'>; rel="prev"' ]] || fail "Link: $(header Link)"
	link=$(jq -r .links.newer "$dir/body")
	get "$link"
	expect_json '[.users[].username] | join(" ")' 'user3 user2'
	expect_json .links.oldest '/users?after=0'
	[[ $(header Link) == *', </users?after=0>; rel="last"' ]] || fail "Link: $(header Link)"
	get '/users?after=0'
	expect_json '[.users[].username] | join(" ")' 'user2 user1'
}

@test "each representation has an ETag of its own" {
	local page list

	sign_up alice
	request /users
	page=$(header ETag)
	get /users
	list=$(header ETag)
	[[ $page != "$list" ]]
	get --header "If-None-Match: $list" /users
	expect_code 304
	expect_varies
	get --header "If-None-Match: $page" /users
	expect_code 200
	request --header "If-None-Match: $list" /users
	expect_code 200
}

@test "a user has a page" {
	sign_up '<alice' # not a name
	expect_code 422
	sign_up 'Renée'
	request /users/1
	expect_page 200 '<bdi>Renée</bdi>'
	request /users/2
	expect_page 404 'Not found'
	request --request POST /users/1
	expect_page 405 'Method not allowed'
	expect_header Allow 'GET, HEAD, PATCH, DELETE'
}

@test "errors are problems, with the identifier of the request" {
	get /nowhere
	expect_problem 404 'Not Found'
	expect_json .instance "#$(header X-Request-Id)"
	get /users/7
	expect_problem 404 'Not Found'
	get '/users?before=x'
	expect_problem 400 'Bad Request'
	expect_text 'numbers of up to 18 digits'
	get --request PUT /users
	expect_problem 405 'Method Not Allowed'
	create '{"username":"Alice"}'
	expect_code 201
	create '{"username":"aLICE"}'
	expect_problem 409 Conflict
	expect_json .holder /users/1
	expect_json .detail 'That name is taken by Alice.'
	create '{"username":"АӀісе"}'
	expect_problem 409 Conflict
	expect_json .holder /users/1
	expect_json .detail 'This name looks like one that is on the list: Alice.'
	create '{"username":"no/slash"}'
	expect_problem 422 'Unprocessable Content'
	expect_json '.errors[0].pointer' '#/username'
	create '{"username":7}'
	expect_problem 422 'Unprocessable Content'
	create '{"username":"a","username":"b"}'
	expect_problem 422 'Unprocessable Content'
	create '{"username":"\ud800"}'
	expect_problem 422 'Unprocessable Content'
	printf '{"username":"a","n":1\0}' >"$dir/nul"
	request --header 'Content-Type: application/json' --data-binary "@$dir/nul" /create-user
	expect_problem 400 'Bad Request'
	expect_text 'a control character that is not escaped'
	create '{"username":"a' --header 'Accept: text/html'
	expect_page 400 'Bad request'
	get --header 'Content-Type: text/plain' --data-raw alice /create-user
	expect_problem 415 'Unsupported Media Type'
	create "{\"username\":\"a\",\"x\":\"$(head -c 50000 /dev/zero | tr '\0' x)\"}"
	expect_problem 413 'Content Too Large'
	get /users
	expect_json .total 1
	create '{"a\u0000b":["\ud800"],"username":"b","x":1e999,"x":{}}'
	expect_code 201
}

@test "the charset of JSON says nothing" {
	local charset number=0

	for charset in utf-8 utf8 '"UTF-8"' iso-8859-1 '"; x"'; do
		number=$((number + 1))
		request --header "Content-Type: application/json; charset=$charset" --data-raw "{\"username\":\"user$number\"}" \
			/create-user
		expect_code 201
	done
	request --header 'Content-Type: application/json; charset' --data-raw '{"username":"bob"}' /create-user
	expect_problem 415 'Unsupported Media Type'
	expect_json .detail 'The media type of the body could not be read.'
	expect_header Accept 'application/x-www-form-urlencoded, application/json'
}

@test "a body that is encoded is not taken for one that is not" {
	local coding

	for coding in gzip br 'identity, gzip'; do
		create '{"username":"alice"}' --header "Content-Encoding: $coding"
		expect_problem 415 'Unsupported Media Type'
		expect_header Accept-Encoding identity
		expect_no_header Accept
	done
	printf 'username=alice' | gzip >"$dir/form.gz"
	request --header 'Content-Encoding: gzip' --data-binary "@$dir/form.gz" /create-user
	expect_page 415 'Unsupported format'
	expect_header Accept-Encoding identity
	create '{"username":"alice"}' --header 'Content-Encoding: Identity'
	expect_code 201
	request --header 'Content-Encoding: gzip' /users
	expect_text '<strong class="count">1 user</strong>'
}

@test "two lines of Accept are one list" {
	request --header 'Accept: text/plain' --header 'Accept: application/json' /users
	expect_header Content-Type application/json
	request --header 'Accept: application/json;q=0.5' --header 'Accept: text/html' /users
	expect_header Content-Type 'text/html; charset=utf-8'
}

@test "another site's page cannot send JSON, either" {
	create '{"username":"mallory"}' --header 'Sec-Fetch-Site: cross-site' --header 'Origin: http://evil.test'
	expect_problem 403 Forbidden
	create '{"username":"mallory"}' --header 'Origin: http://evil.test'
	expect_problem 403 Forbidden
	request --request OPTIONS --header 'Origin: http://evil.test' --header 'Access-Control-Request-Method: POST' /create-user
	expect_code 405
	expect_no_header Access-Control-Allow-Origin
	get /users
	expect_json .total 0
}

@test "a full list is a problem of its own" {
	stop_rollcall
	start_rollcall --max-users 1
	create '{"username":"alice"}'
	expect_code 201
	create '{"username":"bob"}'
	expect_problem 409 'The list is full'
	expect_json .type tag:rollcall@example.org,2026:full
	expect_no_header Retry-After
	create '{"username":"bob"}' --header 'Accept: text/html'
	expect_page 409 'Sign-up sheet'
	expect_no_text '<form'
}
