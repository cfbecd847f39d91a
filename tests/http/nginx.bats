#!/usr/bin/env bats
# What nginx does by itself: static files, its own pages, and an application that is away.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

@test "static files come with their type, are asked for again, and answer 304" {
	local path etag

	while read -r path type; do
		request "$path"
		expect_code 200
		expect_header Content-Type "$type"
		cmp "$dir/body" "$ROLLCALL_WWW${path/favicon.ico/icon.svg}"
		etag=$(header ETag)
		request --header "If-None-Match: $etag" "$path"
		expect_code 304
		request --request POST "$path"
		expect_page 405 'Method not allowed'
		expect_header Allow 'GET, HEAD'
	done <<-'END'
		/style.css text/css; charset=utf-8
		/icon.svg image/svg+xml
		/apple-touch-icon.png image/png
		/organiser.css text/css; charset=utf-8
		/loop.css text/css; charset=utf-8
		/live.js text/javascript; charset=utf-8
		/watch.js text/javascript; charset=utf-8
		/favicon.ico image/svg+xml
		/robots.txt text/plain; charset=utf-8
	END
}

@test "under their fingerprints they are kept for ever" {
	local name path

	for name in $(assets); do
		path=$(asset "$name")
		[[ $path == "/assets/${name%.*}.$(sha256sum -- "$ROLLCALL_WWW/$name" | cut -c 1-16).${name##*.}" ]] || fail "$path"
		request "$path"
		expect_code 200
		expect_header Cache-Control 'public, max-age=31536000, immutable'
		cmp "$dir/body" "$ROLLCALL_WWW/$name"
		request --header "If-None-Match: $(header ETag)" "$path"
		expect_code 304
		request --request POST "$path"
		expect_page 405 'Method not allowed'
	done
}

@test "a fingerprint that is not there gets the file that is, which is not kept" {
	local name

	for name in $(assets); do
		request "/assets/${name%.*}.0123456789abcdef.${name##*.}"
		expect_code 200
		expect_header Cache-Control no-cache
		cmp "$dir/body" "$ROLLCALL_WWW/$name"
	done
	request /assets/style.0123456789abcdef.css
	expect_header Content-Type 'text/css; charset=utf-8'
}

@test "nothing else is an asset" {
	local path

	for path in /assets /assets/ /assets/style.css /assets/style.0123.css /assets/none.0123456789abcdef.css \
		/assets/healthz.0123456789abcdef.css /assets/style.0123456789abcdef.css/x \
		/assets/../errors/style.0123456789abcdef.css /errors/404.0123456789abcdef.html; do
		request "$path"
		expect_page 404 'Not found'
	done
}

@test "what pages and stylesheets refer to is kept for ever, or inside them" {
	local references reference path

	# grep fails if there are none.
	references=$(grep -o -E '(<link [^>]*href=|url\()"[^"]*' "$ROLLCALL_WWW"/*.css "$ROLLCALL_WWW"/errors/*.html)
	while read -r reference; do
		path=${reference##*\"}
		[[ $path == data:image/svg+xml,%3Csvg* || -f $ROLLCALL_WWW$path && $path == /assets/* ]] || fail "$reference"
	done <<<"$references"
}

@test "pages for errors are not pages of the site" {
	request /errors/502.html
	expect_page 404 'Not found'
	request /errors/
	expect_page 404 'Not found'
}

@test "every page for an error is there, and has the layout of the application's" {
	local pages page

	pages=$(grep -o '/errors/[0-9]*\.' "$dir/rollcall.conf")
	request /nowhere
	sed -n '1,/<main>/p' <<<"$body" | sed 's/<title>.* – /<title>/' >"$dir/layout"
	sed -n '/<\/main>/,$p' <<<"$body" >>"$dir/layout"
	while read -r page; do
		page=$ROLLCALL_WWW${page}html
		sed -n '1,/<main>/p' "$page" | sed 's/<title>.* – /<title>/' >"$dir/page"
		sed -n '/<\/main>/,$p' "$page" >>"$dir/page"
		diff -u "$dir/layout" "$dir/page"
	done <<<"$pages"
}

@test "what nginx cannot read answers in the layout" {
	raw_request 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'
	expect_page 400 'Bad request'
	raw_request 'nonsense\r\n\r\n'
	expect_page 400 'Bad request'
	request --request TRACE /
	expect_page 405 'Method not allowed'
	request "/$(head -c 33000 /dev/zero | tr '\0' a)"
	expect_page 414 'Address too long'
	request --header "Cookie: $(head -c 33000 /dev/zero | tr '\0' a)" /
	expect_page 431 'Request too large'
}

@test "the application away: 502 in the layout, and when to come back; back again: at once" {
	sign_up alice
	stop_rollcall
	request /users
	expect_page 502 'Back in a moment'
	expect_header Retry-After 5
	expect_header Refresh 5
	sign_up bob
	expect_page 502 'Back in a moment'
	expect_header Retry-After 5
	expect_no_header Refresh
	request --header 'Accept: application/json' /users
	expect_code 502
	expect_no_header Refresh
	request --head /
	expect_code 502
	request /style.css
	expect_code 200
	expect_nginx_error 'connect() to unix:'
	start_rollcall
	request /users
	expect_page 200 Users
	[[ $(users) == alice ]]
}

@test "a restart of the application fails no request on a kept connection" {
	local i

	for i in 1 2 3 4 5 6; do
		request /
		expect_code 200
		stop_rollcall
		start_rollcall
		sign_up "user$i"
		expect_created "$i"
	done
}

@test "an answer carries nginx's identifier of the request" {
	request /
	[[ $(header X-Request-Id) =~ ^[0-9a-f]{32}$ ]]
	expect_no_header X-Powered-By
}

# as_program [CURL OPTION…] PATH
as_program() {
	request --header 'Accept: application/json' "$@"
}

@test "every page for an error has a problem beside it, for programs" {
	local names name

	names=$(grep -o '/errors/[0-9]*\.\$' "$dir/rollcall.conf")
	while read -r name; do
		jq --exit-status --arg status "${name//[^0-9]/}" \
			'.type == "about:blank" and (.title | length) > 0 and (.detail | length) > 0
			and (if $status == "400" then .status == null else .status == ($status | tonumber) end)' "$ROLLCALL_WWW${name%\$}json"
	done <<<"$names"
}

@test "programs get problems from nginx, too" {
	as_program --request TRACE /
	expect_code 405
	expect_header Content-Type application/problem+json
	as_program --header "Cookie: $(head -c 33000 /dev/zero | tr '\0' a)" /
	expect_code 431
	expect_header Content-Type application/problem+json
	head -c 65537 /dev/zero >"$dir/large"
	as_program --data-binary "@$dir/large" /create-user
	expect_code 413
	expect_header Content-Type application/problem+json
	expect_no_header X-Request-Id
	stop_rollcall
	as_program /users
	expect_code 502
	expect_header Content-Type application/problem+json
	expect_retry
	as_program --head /users
	expect_code 502
	expect_nginx_error 'client intended to send too large body'
	expect_nginx_error 'connect() to unix:'
}

@test "which clients get a problem from nginx, and which a page" {
	local kind accept type

	while IFS='|' read -r kind accept type; do
		request --request TRACE --header "Accept: $accept" --header "Content-Type: $type" /users
		[[ $(header Content-Type) == *"$kind"* ]] || fail "'$accept' '$type' gets $(header Content-Type)"
	done <<-'END'
		text/html|*/*|text/plain
		text/html||
		text/html|text/html, application/json|
		text/html|text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|application/json
		text/html|application/jsonx|
		application/problem+json|application/json|
		application/problem+json|application/json, */*;q=0.1|
		application/problem+json|Application/Problem+JSON;q=0.5|
		application/problem+json|*/*|application/json
		application/problem+json||application/json; charset=utf-8
	END
}
