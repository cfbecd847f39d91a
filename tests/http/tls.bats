#!/usr/bin/env bats
# The site with what its comments say for TLS taken in.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

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

# As the comments have it for this version of nginx, but on ports of the loopback interface, and with a certificate of the test.
change_site() {
	local other='from nginx 1.25.1' address

	read -r plain_port tls_port < <(echo "$(free_port) $(free_port)")
	! nginx_is 1.25.1 || other='until nginx 1.25.0'
	mkdir -p "$dir/machine/.well-known"
	printf 'token.thumbprint' >"$dir/machine/.well-known/token"
	sed -i -e '/^\tlisten "/d' -e "/# $other/d" -e 's|^#\ton  |\ton  |' -e 's/^\t# \(ssl_\|listen \|http2 \)/\t\1/' \
		-e "s|/etc/ssl/certs/rollcall.pem|$dir/certificate.pem|" -e "s|/etc/ssl/private/rollcall.key|$dir/key.pem|" \
		-e '/^# With TLS/,$s|^# \?||' -e '/^With TLS/d' -e "s|/var/www/html|$dir/machine|" "$dir/rollcall.conf"
	for address in 80:"$plain_port" 443:"$tls_port"; do
		sed -i -e "s|^\tlisten ${address%:*}|\tlisten 127.0.0.1:${address#*:}|" \
			-e "s|^\tlisten \[::\]:${address%:*}|\tlisten [::1]:${address#*:}|" "$dir/rollcall.conf"
	done
	[[ $(grep -c '^	listen ' "$dir/rollcall.conf") -eq 4 ]] || fail "$(grep -n listen "$dir/rollcall.conf")"
	has_ipv6 || sed -i '/^\tlisten \[::1\]/d' "$dir/rollcall.conf"
}

# nginx_is VERSION: or a later one.
nginx_is() {
	local binary installed

	binary=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx)
	installed=$("$binary" -v 2>&1 | sed 's|.*/||; s| .*||')
	printf '%s\n' "$1" "$installed" | sort --version-sort --check=silent
}

# request_tls [CURL OPTION…] PATH: sets code and head, the header fields in lower case.
request_tls() {
	code=$(curl --silent --show-error --max-time 30 --connect-to "rollcall.test:443:127.0.0.1:$tls_port" --cacert "$dir/certificate.pem" \
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

# request_plain ADDRESS PATH: prints the code, and where one is sent on to.
request_plain() {
	curl --silent --show-error --max-time 30 --connect-to "rollcall.test:80:$1:$plain_port" --output "$dir/body" \
		--write-out '%{http_code} %{redirect_url}' "http://rollcall.test$2"
}

@test "without TLS one is sent on, but for what is the machine's own" {
	[[ $(request_plain 127.0.0.1 '/users?before=7') == '301 https://rollcall.test/users?before=7' ]]
	[[ $(request_plain 127.0.0.1 /) == '301 https://rollcall.test/' ]]
	[[ $(request_plain 127.0.0.1 /.well-known/token) == '200 ' ]]
	[[ $(<"$dir/body") == token.thumbprint ]]
	[[ $(request_plain 127.0.0.1 /.well-known/none) == '404 ' ]]
	request_tls /.well-known/token
	[[ $code == 200 && $(<"$dir/body") == token.thumbprint ]]
}

@test "over IPv6 as over IPv4" {
	has_ipv6 || skip 'this machine has no IPv6'
	[[ $(request_plain '[::1]' /users) == '301 https://rollcall.test/users' ]]
	request_tls --connect-to "rollcall.test:443:[::1]:$tls_port" /users
	[[ $code == 200 && $head == 'http/2 200'* ]]
}

@test "nginx tries the configuration without a warning" {
	"${nginx_command[@]}" -t 2>"$dir/tried"
	[[ $(grep -c -v -E 'syntax is ok|test is successful|\[notice\]' "$dir/tried") -eq 0 ]] || fail "$(<"$dir/tried")"
}
