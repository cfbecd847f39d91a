#!/usr/bin/env bats
# The site with what its comments say for TLS taken in.

# shellcheck source=../support/http.bash
source "$BATS_TEST_DIRNAME/../support/http.bash"

setup() {
	prepare
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=rollcall.test \
		-keyout "$dir/key.pem" -out "$dir/certificate.pem" 2>"$dir/openssl.log"
	start_rollcall
	start_nginx
}

teardown() {
	finish
}

# As the comments have it, but on sockets, and with a certificate of the test.
change_site() {
	sed -i -e "s|^\tlisten \"unix:.*||" -e 's|^#\ton  |\ton  |' -e 's|^\t# ssl_|\tssl_|' \
		-e "s|^\t# listen 443 ssl http2;|\tlisten \"unix:$dir/https.sock\" ssl http2;|" \
		-e "s|/etc/ssl/certs/rollcall.pem|$dir/certificate.pem|" \
		-e "s|/etc/ssl/private/rollcall.key|$dir/key.pem|" \
		-e '/^# With TLS/,$s|^# *||' -e '/^With TLS/d' \
		-e "s|^\(\t\)\?listen 80 default_server;|listen \"unix:$dir/http.sock\";|" "$dir/rollcall.conf"
}

# request_tls [CURL OPTION…] PATH: sets code and head, the header fields in lower case.
request_tls() {
	code=$(curl --silent --show-error --max-time 30 --unix-socket "$dir/https.sock" --cacert "$dir/certificate.pem" \
		--dump-header "$dir/headers" --output "$dir/body" --write-out '%{http_code}' \
		"${@:1:$#-1}" "https://rollcall.test${*: -1}")
	head=$(tr -d '\r' <"$dir/headers" | tr '[:upper:]' '[:lower:]')
}

@test "every answer over TLS carries HSTS, once" {
	local path

	for path in / /users /style.css /nowhere /healthz /errors/404.html; do
		request_tls "$path"
		[[ $(grep -c '^strict-transport-security: max-age=31536000$' <<<"$head") -eq 1 ]] ||
			fail "$path" "$head"
	done
	request_tls --data-urlencode username=alice --header 'Origin: https://rollcall.test' /create-user
	[[ $code == 303 ]]
	[[ $head == 'http/2 303'* ]]
	request_tls --request PUT /style.css
	[[ $code == 405 && $head == *strict-transport-security* ]]
}

@test "without TLS one is sent on, and nothing else" {
	code=$(curl --silent --unix-socket "$dir/http.sock" --output /dev/null --write-out '%{http_code} %{redirect_url}' \
		'http://rollcall.test/users?before=7')
	[[ $code == '301 https://rollcall.test/users?before=7' ]] || fail "$code"
}
