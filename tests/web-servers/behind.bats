#!/usr/bin/env bats
# The site behind one more proxy: WEB_SERVER says which site, FRONT which proxy.

# shellcheck source=proxies.bash
source "$BATS_TEST_DIRNAME/proxies.bash"

setup() {
	find_front
	serve_behind
}

teardown() {
	stop_front
	finish
}

@test "new users are events as they sign up" {
	expect_events
}

@test "a form as browsers send it: with TLS or from localhost, and without" {
	request --header 'Sec-Fetch-Site: same-origin' --header "Origin: http://127.0.0.1:$port" --data username=alice /create-user
	expect_created 1
	request --header 'Sec-Fetch-Site: cross-site' --header 'Origin: http://evil.test' --data username=eve /create-user
	expect_code 403
	request --header 'Origin: http://evil.test' --data username=eve /create-user
	expect_code 403
	request --header "Origin: http://127.0.0.1:$port" --data username=bob /create-user
	if [[ $FRONT == plain ]]; then
		# The site was told another host.
		expect_code 403
		[[ $(stored) == alice ]]
		return
	fi
	expect_created 2
	request --header 'Origin: https://rollcall.test' --header 'Host: rollcall.test' --data username=carol /create-user
	expect_code 303
	[[ $(header Location) =~ ^(http://rollcall\.test)?/users\?created=3(\&claim=.*)?$ ]] || fail "$(show_answer)"
	[[ $(stored) == $'alice\nbob\ncarol' ]]
}

@test "a list that has not changed, as it is and compressed; its links" {
	local coding etag i

	begin_a_minute
	for i in {1..60}; do
		printf 'user%d\n' "$i"
	done >"$dir/names"
	is_cgi || stop_rollcall
	sed '1i username' "$dir/names" >"$dir/names.csv"
	"$ROLLCALL" import --data "$dir/data" "$dir/names.csv" >"$dir/imported"
	[[ ${#web_user[@]} -eq 0 ]] || ! is_cgi || chown -R www-data: "$dir/data"
	is_cgi || start_rollcall
	for coding in identity gzip; do
		request --header "Accept-Encoding: $coding" /users
		expect_code 200
		header Vary | tr ',' '\n' | grep -q -w Accept || fail "$(show_answer)"
		etag=$(header ETag)
		[[ $etag == W/* ]] || is_cgi || fail "$(show_answer)"
		request --header "Accept-Encoding: $coding" --header "If-None-Match: $etag" /users
		# Each CGI process knows only what it has answered itself.
		if is_cgi; then
			expect_code 200
		else
			expect_code 304
		fi
	done
	request --header 'Accept: application/json' /users
	[[ $(header Link) == *'</users?before='*'>; rel="next"'* ]] || fail "$(show_answer)"
	request "$(asset style.css)"
	expect_code 200
	# lighttpd tells a proxy that speaks HTTP/1.0 in Expires.
	[[ $(header Cache-Control) == *max-age* || -n $(header Expires) ]] || fail "$(show_answer)"
	request --header "If-None-Match: $(header ETag)" "$(asset style.css)"
	expect_code 304
}

@test "pages for errors, and what their headers say" {
	request /nowhere
	expect_page 404 'Not found'
	expect_header Cache-Control no-store
	request --request DELETE /users
	expect_page 405 'Method not allowed'
	expect_header Allow 'GET, HEAD'
	head -c 50000 /dev/zero | tr '\0' a >"$dir/large"
	request --header 'Expect:' --data-binary "@$dir/large" /create-user
	expect_page 413 'Request too large'
	request --header 'Content-Encoding: gzip' --data-raw username=alice /create-user
	expect_code 415
	expect_header Accept-Encoding identity
	request --header 'Accept: application/json' /nowhere
	expect_code 404
	expect_header Content-Type application/problem+json
	if [[ $WEB_SERVER == nginx ]]; then
		serve_behind_with 'location = /busy { return 429; }'
		request /busy
		expect_page 429 'Too many requests'
		expect_retry
	fi
	! is_cgi || return 0
	stop_rollcall
	request /users
	[[ $code == 50[23] && $body == *'<h1>Back in a moment</h1>'* ]] || fail "$(show_answer)"
	[[ $WEB_SERVER == lighttpd ]] || expect_retry
}

@test "HEAD, and requests and forms in turn on one connection" {
	local url=http://127.0.0.1:$port i

	curl --silent --show-error --max-time 30 --head "$url/users" >"$dir/answers"
	grep -q '^HTTP/1.1 200' "$dir/answers" || fail "$(<"$dir/answers")"
	for i in {1..10}; do
		((i == 1)) || echo next
		printf 'url = "%s/users"\noutput = /dev/null\nwrite-out = "%%{http_code} %%{num_connects}\\n"\nnext\n' "$url"
		printf 'head\nurl = "%s/"\noutput = /dev/null\nwrite-out = "%%{http_code} %%{num_connects}\\n"\nnext\n' "$url"
		printf 'url = "%s/create-user"\ndata = "username=user%d"\noutput = /dev/null\n' "$url" "$i"
		printf 'write-out = "%%{http_code} %%{num_connects}\\n"\n'
	done >"$dir/config"
	curl --no-progress-meter --max-time 60 --config "$dir/config" >"$dir/answers"
	[[ $(sort "$dir/answers" | uniq -c | tr -s ' ') == $' 19 200 0\n 1 200 1\n 10 303 0' ]] || fail "$(<"$dir/answers")"
	[[ $(stored) == "$(printf 'user%d\n' {1..10})" ]]
}

@test "cookies of a whole domain" {
	local answered

	printf 'header = "Cookie: session=%s"\n' "$(head -c 31000 /dev/zero | tr '\0' a)" >"$dir/cookies"
	if [[ $FRONT == plain ]]; then
		# It has a limit of its own, of 8 KiB.
		answered=$(curl --silent --max-time 30 --config "$dir/cookies" "http://127.0.0.1:$port/users")
		[[ $answered == *'400 Request Header Or Cookie Too Large'* ]] || fail "$answered"
		return
	fi
	request --config "$dir/cookies" /users
	expect_page 200 Users
	request --config "$dir/cookies" --data username=alice /create-user
	expect_created 1
}

# As the document says: how the site takes the client's address from the proxy.
takes_addresses() {
	case $WEB_SERVER in
	apache) printf '%s\n' 'RemoteIPHeader X-Forwarded-For' 'RemoteIPInternalProxy 127.0.0.1' ;;
	lighttpd*)
		printf '%s\n' 'server.modules += ( "mod_extforward" )' 'extforward.forwarder = ( "127.0.0.1" => "trust" )' \
			'extforward.headers = ( "X-Forwarded-For" )'
		;;
	nginx)
		sed -n -E '/^\t# (set_real_ip_from|real_ip_header) /{s|# ||; s|192\.0\.2\.1|127.0.0.1|; p}' \
			"$ROLLCALL_ROOT/nginx/rollcall.conf"
		;;
	nginx-fcgiwrap) printf '%s\n' 'set_real_ip_from 127.0.0.1;' 'real_ip_header X-Forwarded-For;' ;;
	esac
}

@test "the client has its own address, and not one that it says" {
	if [[ $FRONT == plain || $WEB_SERVER == caddy ]]; then
		# The proxy's counts for everybody's, as the document warns.
		request --interface 127.0.0.2 /healthz
		expect_code 200
		return
	fi
	serve_behind_with "$(takes_addresses)"
	request /healthz
	expect_code 200
	request --interface 127.0.0.2 /healthz
	expect_page 404 'Not found'
	request --interface 127.0.0.2 --header 'X-Forwarded-For: 127.0.0.1' --header 'X-Real-IP: 127.0.0.1' /healthz
	expect_page 404 'Not found'
	request --interface 127.0.0.2 --header 'Forwarded: for=127.0.0.1' --header 'X-Forwarded-For: 127.0.0.1, 127.0.0.1' /healthz
	expect_page 404 'Not found'
}
