#!/usr/bin/env bats
# What the organiser adds to the site comes through as it was meant, and what is the machine's own stays the machine's.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	added=
	organised=
	prepare
	mkdir -p "$dir/machine/.well-known/acme-challenge" "$dir/machine/.well-known-not"
	printf 'token.thumbprint' >"$dir/machine/.well-known/acme-challenge/token"
	printf 'Contact: mailto:us@rollcall.test\n' >"$dir/machine/.well-known/security.txt"
	printf '{}\n' >"$dir/machine/.well-known/assetlinks.json"
	printf 'no\n' >"$dir/machine/secret"
	printf 'organiser:%s\n' "$(openssl passwd -apr1 secret)" >"$dir/passwords"
}

teardown() {
	finish
}

# The test says from which address it asks; what the organiser adds stands beside server_name.
change_site() {
	[[ -z $organised ]] || add_organiser "$dir" ada secret
	printf '%s\n' "$added" >"$dir/added.conf"
	sed -i -e "s|^\tserver_name .*|&\n\tset_real_ip_from unix:;\n\treal_ip_header X-Address;\n\tinclude $dir/added.conf;|" \
		-e "s|/var/www/html|$dir/machine|" "$dir/rollcall.conf"
}

# serve_with TEXT: as an organiser has added it to the site.
serve_with() {
	added=$1
	start_rollcall
	start_nginx
}

# expect_dressed [CURL OPTION…]: the client that gets the page gets what it is drawn with, too.
expect_dressed() {
	local name

	for name in style.css form.js; do
		request "$@" "$(asset "$name")"
		expect_code 200
		request "$@" "/$name"
		expect_code 200
	done
	request "$@" /favicon.ico
	expect_code 200
}

# as_program [CURL OPTION…] PATH
as_program() {
	request --header 'Accept: application/json' "$@"
}

@test "a return 403 stays 403, as a page and as a problem" {
	serve_with 'location = /users { return 403; }'
	request /users
	expect_page 403 'Not allowed'
	as_program /users
	expect_code 403
	expect_header Content-Type application/problem+json
	request /
	expect_page 200 'Sign-up sheet'
}

@test "allow and deny for the whole site: 403 for others, health and the machine's own as before" {
	local path

	serve_with 'allow 192.0.2.1; deny all;'
	request --header 'X-Address: 192.0.2.1' /users
	expect_page 200 Users
	request --header 'X-Address: 192.0.2.2' /users
	expect_page 403 'Not allowed'
	expect_dressed --header 'X-Address: 192.0.2.2'
	request --header 'X-Address: 192.0.2.2' --data username=alice /create-user
	expect_page 403 'Not allowed'
	as_program --header 'X-Address: 192.0.2.2' /users
	expect_code 403
	expect_header Content-Type application/problem+json
	for path in /healthz /metrics; do
		request --header 'X-Address: 192.0.2.2' "$path"
		expect_page 404 'Not found'
		request --header 'X-Address: 127.0.0.1' "$path"
		expect_code 200
	done
	request --header 'X-Address: 192.0.2.2' /.well-known/acme-challenge/token
	expect_body token.thumbprint
	[[ ! -s $dir/data/users.log || $(wc -l <"$dir/data/users.log") -eq 1 ]]
	expect_nginx_error 'access forbidden by rule'
}

@test "a password for the whole site: 401 that asks for it, health and the machine's own without" {
	serve_with "auth_basic Organisers; auth_basic_user_file $dir/passwords;"
	request /users
	expect_page 401 'Password required'
	expect_header WWW-Authenticate 'Basic realm="Organisers"'
	expect_dressed
	as_program /users
	expect_code 401
	expect_header Content-Type application/problem+json
	expect_header WWW-Authenticate 'Basic realm="Organisers"'
	request --user organiser:wrong /users
	expect_page 401 'Password required'
	request --user organiser:secret /users
	expect_page 200 Users
	request --user organiser:secret --data username=alice /create-user
	expect_created 1
	request /readyz
	expect_code 200
	request /.well-known/acme-challenge/token
	expect_body token.thumbprint
	expect_nginx_error 'password mismatch'
}

@test "a return outside a location answers every address with nginx's own page" {
	local path answer

	serve_with 'return 503;'
	for path in / /users /healthz /style.css /.well-known/acme-challenge/token; do
		answer=$(curl --silent --max-time 30 --include --unix-socket "$dir/http.sock" "http://rollcall.test$path")
		[[ $answer == 'HTTP/1.1 503 '*'<h1>503 Service Temporarily Unavailable</h1>'* ]] || fail "$path: $answer"
	done
}

@test "other answers come as they were written" {
	local answer status path location

	# shellcheck disable=SC2016 # nginx expands it
	serve_with 'location /gone { return 410; }
		location /paid { return 402 "pay first"; }
		location /moved { return 301 /users; }
		location /elsewhere { return 302 https://example.org/; }
		location /law { return 451 "by law"; }
		location /tea { return 418; }
		location /closed { return 503; }
		location /nothing { return 444; }
		rewrite ^/old/(.*)$ /$1 permanent;'
	while read -r status path location; do
		answer=$(curl --silent --max-time 30 --unix-socket "$dir/http.sock" --dump-header "$dir/headers" --output "$dir/body" \
			--write-out '%{http_code} %header{location}' "http://rollcall.test$path") || [[ $status == 000 ]]
		[[ ${answer% } == "$status${location:+ $location}" ]] || fail "$path: $answer"
	done <<-'LIST'
		410 /gone
		402 /paid
		301 /moved /users
		302 /elsewhere https://example.org/
		451 /law
		418 /tea
		301 /old/users /users
		503 /closed
		000 /nothing
	LIST
	request /closed
	expect_page 503 'Back in a moment'
	expect_retry
}

@test "what is below /.well-known/ is the machine's, and never the application's" {
	local path type

	serve_with ''
	stop_rollcall
	request /.well-known/acme-challenge/token
	expect_code 200
	expect_body token.thumbprint
	expect_header Content-Type 'text/plain; charset=utf-8'
	request /.well-known/security.txt
	expect_code 200
	expect_header Content-Type 'text/plain; charset=utf-8'
	type=$(curl --silent --unix-socket "$dir/http.sock" --output /dev/null --write-out '%{http_code} %{content_type}' \
		http://rollcall.test/.well-known/assetlinks.json)
	[[ $type == '200 application/json' ]] || fail "$type"
	request //.well-known/./security.txt
	expect_code 200
	request /%2ewell-known/security.txt
	expect_code 200
	for path in /.well-known/ /.well-known/acme-challenge /.well-known/acme-challenge/ /.well-known/none \
		/.well-known/acme-challenge/none /x/../.well-known/none /%2Ewell-known/none '/.well-known/none?a=b' \
		/.well-known/healthz; do
		request "$path"
		expect_page 404 'Not found'
	done
	request --request POST --data a=b /.well-known/none
	expect_code 404
	for path in /.well-known/../secret /.well-known/%2e%2e%2fsecret /.well-known../secret; do
		request "$path"
		expect_code 502 # the application's, which is away
	done
	expect_nginx_error 'connect() to unix:'
}

# try ADDRESS COUNT [CURL OPTION…]: so many requests of an organiser's page, one after the other; sets codes, each once.
try() {
	codes=$(curl --silent --max-time 60 --unix-socket "$dir/http.sock" --header "X-Address: $1" --output /dev/null \
		--write-out '%{http_code}\n' "${@:3}" "http://rollcall.test/admin?[1-$2]" | sort -u)
}

@test "passwords cannot be guessed by trying, and only those who try are held up" {
	organised=yes
	serve_with ''
	try 192.0.2.1 70
	[[ $codes == 401 ]] || fail "$codes" # a browser asks first without
	try 192.0.2.1 80 --user ada:wrong
	[[ $codes == $'401\n429' ]] || fail "$codes"
	# A place is free again each second, and one of these may take it.
	for _ in 1 2 3 4 5 6 7 8; do
		request --header 'X-Address: 192.0.2.1' --user ada:secret /sheet
		[[ $code != 429 ]] || break
	done
	expect_code 429
	expect_header Retry-After 1
	try 192.0.2.2 5 --user ada:wrong
	[[ $codes == 401 ]] || fail "$codes"
	request --header 'X-Address: 192.0.2.1' /
	expect_page 200 'Sign-up sheet'
	expect_nginx_error 'limiting requests'
	expect_nginx_error 'password mismatch'
}
