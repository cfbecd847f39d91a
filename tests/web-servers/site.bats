#!/usr/bin/env bats
# What holds behind every web server: WEB_SERVER says which.

# shellcheck source=web_servers.bash
source "$BATS_TEST_DIRNAME/web_servers.bash"

setup() {
	find_web_server
	serve
}

teardown() {
	finish
}

@test "pages, and the query" {
	request /
	expect_page 200 'Sign-up sheet'
	expect_header Cache-Control no-cache
	request /users
	expect_text 'Nobody has signed up yet.'
	sign_up alice
	request '/users?created=1'
	expect_page 200 Users
	expect_text '<bdi>alice</bdi> has signed up.'
}

@test "a sign-up: 303, and on disk" {
	sign_up alice
	expect_created 1
	[[ $(stored) == alice ]]
	request /users
	[[ $(users) == alice ]]
}

@test "the code that shows how to leave the list is in no log of the web server's" {
	local location

	sign_up alice
	location=$(header Location)
	request "/users${location#*/users}"
	expect_page 200 Users
	expect_text 'href="/leave/1#'
	! grep -r 'claim=[A-Za-z0-9_]' "$dir/web" --include '*.log' || fail "a log has it"
	[[ $WEB_SERVER != apache ]] || grep -q 'GET /users HTTP/1.1' "$dir/web/rollcall-access.log" || fail "$(ls "$dir/web")"
}

@test "names that are not taken: 409, 422, 400" {
	sign_up alice
	sign_up ALICE
	expect_code 409
	expect_text '<bdi>alice</bdi>'
	expect_text 'value="ALICE"'
	sign_up 'a/b'
	expect_code 422
	expect_text 'value="a/b"'
	request --data-raw 'username=a%00' /create-user
	expect_code 400
	request --data-raw 'username=bob' --header 'Content-Type: text/plain' /create-user
	expect_code 415
	[[ $(stored) == alice ]]
}

@test "a name in any script comes and goes as it was typed" {
	local name

	for name in Ångström Σωκράτης 山田太郎 שלום '𐌰𐌱𐌲'; do
		sign_up "$name"
		expect_code 303
		request /users
		[[ $(users | head -n 1) == "$name" ]]
	done
	[[ $(stored | tail -n 1) == '𐌰𐌱𐌲' ]]
}

@test "a body without a length" {
	request --header 'Transfer-Encoding: chunked' --data-raw username=alice /create-user
	if [[ $WEB_SERVER == caddy ]]; then
		# It says that the length is -1.
		expect_page 400 'Bad request'
		return
	fi
	expect_created 1
	[[ $(stored) == alice ]]
}

@test "a body too large for the application, and one too large for the web server" {
	local size

	for size in 50000 70000 300000; do
		head -c "$size" /dev/zero | tr '\0' a >"$dir/large"
		request --header 'Expect:' --data-binary "@$dir/large" /create-user
		expect_page 413 'Request too large'
		# Caddy gives the application the first 64 KiB.
		[[ $size -eq 50000 || $WEB_SERVER == caddy ]] || cmp "$dir/body" "$dir/www/errors/413.html"
	done
	sign_up alice
	expect_created 1
}

@test "HEAD: the headers and nothing else, and the connection goes on" {
	curl --silent --show-error --max-time 30 --head "http://127.0.0.1:$port/" \
		--next --silent --output /dev/null --write-out '%{http_code} %{num_connects}\n' "http://127.0.0.1:$port/users" \
		>"$dir/answers"
	grep -q '^HTTP/1.1 200' "$dir/answers"
	grep -q -i '^Content-Type: text/html; charset=utf-8' "$dir/answers"
	[[ $(tail -n 1 "$dir/answers") == '200 0' ]] || fail "$(<"$dir/answers")"
}

@test "the path is decoded once, and is the application's to judge" {
	request /%75sers
	expect_page 200 Users
	request /us%2565rs
	expect_page 404 'Not found'
	request /caf%C3%A9/%E5%B1%B1
	expect_page 404 'Not found'
	request '/users?before=%31'
	expect_code 200
	request /users/
	expect_page 404 'Not found'
	request /users.html/create-user
	expect_page 404 'Not found'
	request /a/../users
	[[ $code == 200 || $code == 404 ]]
}

@test "what is not there, and what may not be done there" {
	request /nowhere
	expect_page 404 'Not found'
	expect_header Cache-Control no-store
	request --request DELETE /users
	expect_page 405 'Method not allowed'
	expect_header Allow 'GET, HEAD'
	request /create-user
	expect_code 405
	expect_header Allow POST
}

@test "a form from another site" {
	request --header 'Origin: http://evil.test' --data username=alice /create-user
	expect_code 403
	request --header "Origin: http://127.0.0.1:$port" --data username=alice /create-user
	expect_created 1
	request --header "Origin: https://example.org" --header 'Host: example.org:443' --data username=bob /create-user
	expect_code 303
	request --header "Origin: http://example.org" --header 'Host: example.org:80' --data username=carol /create-user
	expect_code 303
	request --header "Origin: http://example.org" --header 'Host: example.org:8080' --data username=dave /create-user
	expect_code 403
}

@test "a list that has not changed" {
	local etag i

	begin_a_minute
	for i in {1..20}; do
		sign_up "someone$i"
	done
	request --header 'Accept-Encoding: gzip' /users
	expect_code 200
	etag=$(header ETag)
	[[ -n $etag ]]
	request --header 'Accept-Encoding: gzip' --header "If-None-Match: $etag" /users
	if is_cgi; then
		# Each process knows only what it has answered itself.
		expect_code 200
		return
	fi
	expect_code 304
}

@test "a NUL in the path: the page is not that of what stands before it" {
	local path

	# lighttpd refuses them with a page that is none of the site's.
	for path in /users%00x /%00; do
		curl --silent --max-time 30 --output "$dir/body" --write-out '%{http_code}' "http://127.0.0.1:$port$path" >"$dir/code"
		[[ $(<"$dir/code") == 40[04] ]] || fail "$path: $(<"$dir/code")" "$(<"$dir/body")"
	done
}

@test "two lines of Accept are one list" {
	request --header 'Accept: text/plain' --header 'Accept: application/json' /users
	expect_header Content-Type application/json
}

@test "a body that is encoded" {
	request --header 'Content-Encoding: gzip' --data-raw username=alice /create-user
	expect_code 415
	expect_header Accept-Encoding identity
}

@test "static files are the web server's" {
	local path type

	is_cgi || stop_rollcall
	while read -r path type; do
		request "$path"
		expect_code 200
		expect_header Content-Type "$type"
		expect_header Cache-Control no-cache
		cmp "$dir/body" "$dir/www${path/favicon.ico/icon.svg}"
		request --header "If-None-Match: $(header ETag)" "$path"
		expect_code 304
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

@test "what has a fingerprint in its name is kept for ever; another one is not" {
	local name path

	is_cgi || stop_rollcall
	for name in $(assets); do
		path=$(asset "$name")
		request "$path"
		expect_code 200
		[[ $(header Cache-Control) =~ max-age=31[0-9]{6} ]] || fail "$(show_answer)"
		cmp "$dir/body" "$dir/www/$name"
		request "/assets/${name%.*}.0123456789abcdef.${name##*.}"
		if [[ $WEB_SERVER == lighttpd* ]]; then
			expect_code 404
			[[ $(header Cache-Control) != *max-age* ]] || fail "$(show_answer)"
			continue
		fi
		expect_code 200
		expect_header Cache-Control no-cache
		cmp "$dir/body" "$dir/www/$name"
	done
	request "$(asset style.css)"
	expect_header Content-Type 'text/css; charset=utf-8'
}

@test "pages for errors are not pages of the site" {
	request /errors/502.html
	expect_page 404 'Not found'
	request /errors/
	expect_page 404 'Not found'
}

@test "requests on one kept connection" {
	local url=http://127.0.0.1:$port

	curl --silent --show-error --max-time 60 --output /dev/null --write-out '%{http_code} %{num_connects}\n' "$url/" \
		--next --silent --output /dev/null --write-out '%{http_code} %{num_connects}\n' --data username=alice "$url/create-user" \
		--next --silent --output /dev/null --write-out '%{http_code} %{num_connects}\n' "$url/style.css" \
		--next --silent --output /dev/null --write-out '%{http_code} %{num_connects}\n' --data username=alice "$url/create-user" \
		--next --silent --output /dev/null --write-out '%{http_code} %{num_connects}\n' "$url/users" >"$dir/answers"
	[[ $(tr '\n' ' ' <"$dir/answers") == '200 1 303 0 200 0 409 0 200 0 ' ]] || fail "$(<"$dir/answers")"
}

# bats test_tags=identifies-requests
@test "the web server's identifier of the request is in the answer and in the log" {
	local id

	request /users
	id=$(header X-Request-Id)
	[[ ${#id} -ge 16 ]] || fail "$(show_answer)"
	is_cgi || grep -q -F "event=request id=$id method=GET path=/users status=200" "$app_log"
	request --header 'Request-Id: mine' --header 'X-Request-Id: mine' /users
	[[ $(header X-Request-Id) != mine ]]
}

@test "how the application is: for this machine only" {
	local path

	for path in /healthz /readyz /metrics; do
		request "$path"
		expect_code 200
	done
	# A process for one request has no loop to show.
	is_cgi || {
		request /loop
		expect_code 200
	}
	for path in /healthz /readyz /metrics /loop /loop/events //healthz /%68ealthz /./readyz /readyz?a=b //metrics \
		/metric%73 /metrics?a=b //loop /l%6fop /loop?a=b /./loop/events /loop%2fevents; do
		request --interface 127.0.0.2 --connect-to "127.0.0.1:$port:127.0.0.2:$port" "$path"
		expect_page 404 'Not found'
		request --interface 127.0.0.2 --connect-to "127.0.0.1:$port:127.0.0.2:$port" \
			--header 'X-Forwarded-For: 127.0.0.1' "$path"
		expect_page 404 'Not found'
	done
}

@test "a client that goes in the middle of its form: nothing is stored, and others are served" {
	local client

	exec {client}<>"/dev/tcp/127.0.0.1/$port"
	printf 'POST /create-user HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n%s' \
		$'Content-Length: 14\r\n\r\nusername=al' >&"$client"
	request /
	expect_code 200
	exec {client}>&-
	sign_up bob
	expect_created 1
	[[ $(stored) == bob ]]
}

@test "a client that does not wait for its answer" {
	local client i

	for i in {1..20}; do
		exec {client}<>"/dev/tcp/127.0.0.1/$port"
		printf 'GET /users HTTP/1.1\r\nHost: a\r\n\r\n' >&"$client"
		exec {client}>&-
	done
	sign_up alice
	expect_created 1
}

# It asks an application that was away again when its clock has turned to the next second.
wait_for_lighttpd() {
	until request / && [[ $code == 200 ]]; do
		((SECONDS < 60)) || fail 'lighttpd does not ask again' "$(show_answer)"
	done
}

# bats test_tags=runs-application
@test "the application away: a page that says so; back again: the next request" {
	local i

	sign_up alice
	stop_rollcall
	for i in 1 2; do
		request /users
		[[ $code == 50[23] ]] || fail "$(show_answer)"
		expect_text '<h1>Back in a moment</h1>'
		sign_up bob
		[[ $code == 50[23] ]] || fail "$(show_answer)"
	done
	[[ $WEB_SERVER == lighttpd ]] || expect_retry
	start_rollcall
	[[ $WEB_SERVER != lighttpd ]] || wait_for_lighttpd
	sign_up bob
	expect_created 2
	request /users
	[[ $(users) == $'bob\nalice' ]]
}

# bats test_tags=runs-application
@test "a restart of the application fails no request" {
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

@test "64 sign-ups over 8 connections: all 303, all on the list, once" {
	local i

	for i in {1..64}; do
		((i == 1)) || echo next
		printf 'url = "http://127.0.0.1:%d/create-user"\ndata = "username=user%d"\n' "$port" "$i"
		printf 'max-time = 60\noutput = /dev/null\nwrite-out = "%%{http_code}\\n"\n'
	done >"$dir/config"
	curl --no-progress-meter --parallel --parallel-immediate --parallel-max 8 --config "$dir/config" >"$dir/answers"
	[[ $(sort <"$dir/answers" | uniq -c | tr -s ' ') == ' 64 303' ]] || fail "$(sort "$dir/answers" | uniq -c)"
	[[ $(stored | sort) == "$(printf 'user%d\n' {1..64} | sort)" ]]
	request /users
	expect_text '<strong class="count">64 users</strong>'
}

# Of lighttpd alone it comes with the program.
# bats test_tags=debian-configured
@test "the site fits into Debian's own configuration" {
	local debian=/etc/lighttpd/lighttpd.conf file=lighttpd-cgi.conf

	[[ -e $debian ]] || skip "there is no $debian"
	[[ $WEB_SERVER == *-cgi ]] || file=lighttpd.conf
	sed "s|^include .*/conf-enabled/.*|include \"$ROLLCALL_ROOT/packaging/web-servers/$file\"|" "$debian" >"$dir/debian.conf"
	grep -q -F "/web-servers/$file" "$dir/debian.conf"
	lighttpd -tt -f "$dir/debian.conf"
}

@test "new users are events as they sign up" {
	expect_events
}

# Three parts, a second apart, each as soon as it is sent.
# bats test_tags=runs-application
@test "the event loop is shown as it turns" {
	local follower

	: >"$dir/events"
	curl --silent --no-buffer --max-time 60 --output "$dir/events" "http://127.0.0.1:$port/loop/events" 3>&- &
	follower=$!
	wait_for_line "$dir/events" 'event: loop' "$follower" 3
	kill "$follower"
	wait "$follower" || true
}

# What an organiser writes so that /closed is for nobody, /private for those that have the password, and /gone is gone.
organisers_own() {
	printf 'organiser:%s\n' "$(openssl passwd -apr1 secret)" >"$dir/passwords"
	case $WEB_SERVER in
	apache)
		printf '%s\n' '<Location /closed>' 'Require all denied' '</Location>' '<Location /private>' 'AuthType Basic' \
			'AuthName Organisers' "AuthUserFile $dir/passwords" 'Require valid-user' '</Location>' \
			'RewriteRule ^/gone - [R=410,L]'
		;;
	caddy)
		printf '%s\n' 'handle /closed* {' 'error 403' '}' 'handle /gone* {' 'error 410' '}' \
			'basicauth /private* bcrypt Organisers {' "organiser $(caddy hash-password --plaintext secret)" '}'
		;;
	lighttpd*)
		# shellcheck disable=SC2016 # a variable of lighttpd's
		printf '%s\n' 'server.modules += ( "mod_access", "mod_auth", "mod_authn_file" )' 'auth.backend = "htpasswd"' \
			"auth.backend.htpasswd.userfile = \"$dir/passwords\"" \
			'$HTTP["url"] =~ "^/closed" { url.access-deny = ( "" ) }' \
			'auth.require = ( "/private" => ( "method" => "basic", "realm" => "Organisers", "require" => "valid-user" ) )'
		;;
	nginx*)
		printf '%s\n' 'location /closed { return 403; }' 'location /gone { return 410; }' \
			"location /private { auth_basic Organisers; auth_basic_user_file $dir/passwords; }"
		;;
	esac
}

@test "what an organiser adds is answered as it says: 403, 401, 410" {
	local gone name

	serve_with "$(organisers_own)"
	request /closed
	expect_page 403 'Not allowed'
	request /private
	expect_page 401 'Password required'
	[[ $(header WWW-Authenticate) == 'Basic realm="Organisers"'* ]] || fail "$(show_answer)"
	request --user organiser:secret /private
	expect_page 404 'Not found'
	if [[ $WEB_SERVER != lighttpd* ]]; then
		gone=$(curl --silent --max-time 30 --include "http://127.0.0.1:$port/gone")
		[[ $gone == 'HTTP/1.1 410 Gone'*Gone* ]] || fail "$gone"
	fi
	request /users
	expect_page 200 Users

	# Closed as a whole, as these two can be: the pages for errors and what they load, health and what is the machine's own are not.
	printf 'token.thumbprint' >"$dir/machine/.well-known/acme-challenge/token"
	case $WEB_SERVER in
	apache) serve_with $'<Location />\nRequire ip 192.0.2.1\n</Location>' ;;
	nginx*) serve_with 'allow 192.0.2.1; deny all;' ;;
	*) return 0 ;;
	esac
	request /users
	expect_page 403 'Not allowed'
	for name in $(assets); do
		request "$(asset "$name")"
		expect_code 200
		request "/$name"
		expect_code 200
	done
	request /healthz
	expect_code 200
	request /metrics
	expect_code 200
	request /.well-known/acme-challenge/token
	expect_code 200
	[[ $body == token.thumbprint ]]
}

@test "what is below /.well-known/ is the machine's, and never the application's" {
	local path

	printf 'token.thumbprint' >"$dir/machine/.well-known/acme-challenge/token"
	printf 'Contact: mailto:us@rollcall.test\n' >"$dir/machine/.well-known/security.txt"
	printf 'no\n' >"$dir/machine/secret"
	is_cgi || stop_rollcall
	request /.well-known/acme-challenge/token
	expect_code 200
	[[ $body == token.thumbprint ]]
	[[ $(header Content-Type) != text/html* ]]
	request /.well-known/security.txt
	expect_code 200
	[[ $(header Content-Type) == text/plain* ]] || fail "$(show_answer)"
	for path in /.well-known/none /.well-known/acme-challenge/none //.well-known/none /%2ewell-known/none '/.well-known/none?a=b' \
		/.well-known/healthz; do
		request "$path"
		expect_page 404 'Not found'
		[[ $WEB_SERVER == caddy ]] || cmp "$dir/body" "$dir/www/errors/404.html"
	done
	for path in /.well-known/../secret /.well-known/%2e%2e/secret; do
		request "$path"
		[[ $code -ge 400 && $body != no ]] || fail "$(show_answer)"
	done
}

@test "cookies of a whole domain, up to 31 KiB; beyond the limit a page that says so" {
	local kib

	expect_cookies 8 12 20 31
	for kib in 33 50 70; do
		printf 'header = "X-Other: %s"\n' "$(letters $((kib * 1024)))" >"$dir/cookies"
		request --config "$dir/cookies" /users
		case $WEB_SERVER-$kib in
		apache-*) expect_page 400 'Bad request' ;;
		lighttpd*-33 | caddy-[35]?) expect_code 200 ;;
		lighttpd*) expect_code 431 ;; # before it knows which site it is for: the page is its own
		*) expect_page 431 'Request too large' ;;
		esac
	done
	is_cgi || {
		stop_rollcall
		start_rollcall --max-params 8000
		request --config "$dir/cookies" /users
		[[ $code != 200 ]]
		printf 'header = "Cookie: session=%s"\n' "$(letters 31000)" >"$dir/cookies"
		request --config "$dir/cookies" /users
		expect_page 200 Users
	}
}

@test "over IPv6" {
	has_ipv6 || skip 'this machine has no IPv6'
	request --connect-to "127.0.0.1:$port:[::1]:$port" --data username=alice /create-user
	expect_created 1
	request --connect-to "127.0.0.1:$port:[::1]:$port" /users
	[[ $(users) == alice ]]
	request --connect-to "127.0.0.1:$port:[::1]:$port" /healthz
	expect_code 200
}
