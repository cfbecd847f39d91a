#!/usr/bin/env bats
# What the site does for a public address: a limit on sign-ups, compression, health for this machine only.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
# shellcheck source=../support/shell/load.bash
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	serve
}

teardown() {
	finish
}

# The test says from which address it asks, and sign-ups that are over the limit stay so.
change_site() {
	sed -i -e 's|rate=5r/s|rate=1r/m|' \
		-e 's|^\tserver_name .*|&\n\tset_real_ip_from unix:;\n\treal_ip_header X-Address;|' "$dir/rollcall.conf"
}

# request_from ADDRESS [CURL OPTION…] PATH
request_from() {
	request --header "X-Address: $1" "${@:2}"
}

# sign_ups_from ADDRESS COUNT [NAME]: of user-1, user-2, …; prints their codes, each once, and how many there were. One client
# does it all, which takes a moment: on a busy machine as many clients take so long that the limit lets another one in.
sign_ups_from() {
	load_config "${3-user}" "$2" | sed "s|^url|header = \"X-Address: $1\"\n&|" >"$dir/load"
	curl --silent --show-error --config "$dir/load" | cut -d ' ' -f 1 | sort | uniq -c
}

@test "sign-ups from one address: 31 at once, then 429 in the layout, and when to come back" {
	[[ $(sign_ups_from 192.0.2.1 31 | tr -s ' ') == ' 31 303' ]]
	request_from 192.0.2.1 --data username=late /create-user
	expect_page 429 'Too many requests'
	expect_retry
	request_from 192.0.2.1 /users
	expect_code 200
	expect_no_text late
	request_from 192.0.2.2 --data username=elsewhere /create-user
	expect_created 32
	request_from 2001:db8::1 --data username=farther /create-user
	expect_created 33
	expect_nginx_error 'limiting requests, excess'
}

# The bytes of a line's end are among these.
@test "an IPv6 network is one address, and each IPv4 address one, in whichever form" {
	[[ $(sign_ups_from 2001:db8:a0a:a0a:a0a::a 31 | tr -s ' ') == ' 31 303' ]]
	request_from 2001:db8:a0a:a0a:ffff:ffff:ffff:ffff --data username=neighbour /create-user
	expect_page 429 'Too many requests'
	request_from 2001:db8:a0a:a0b::a --data username=beside /create-user
	expect_created 32
	request_from 2001:db8:a0a::a --data username=zeros /create-user
	expect_created 33
	[[ $(sign_ups_from ::ffff:192.0.2.10 31 other | tr -s ' ') == ' 31 303' ]]
	request_from ::ffff:192.0.2.10 --data username=late /create-user
	expect_page 429 'Too many requests'
	request_from ::ffff:192.0.2.11 --data username=elsewhere /create-user
	expect_created 65
	request_from 2001:db8::1 /assets/style.0123456789abcdef.css
	expect_code 200
	cmp "$dir/body" "$ROLLCALL_WWW/style.css"
	expect_nginx_error 'limiting requests, excess'
}

@test "the limit is by address: where there is none, there is none" {
	local i

	for ((i = 1; i <= 33; i++)); do
		sign_up "user$i"
		expect_created "$i"
	done
}

@test "pages and styles are compressed for those who ask, and still answer 304" {
	local path etag i

	for i in {1..20}; do
		sign_up "someone$i"
		expect_created "$i"
	done
	begin_a_minute
	for path in /users /style.css; do
		request --header 'Accept-Encoding: identity' "$path"
		expect_code 200
		expect_no_header Content-Encoding
		cp -- "$dir/body" "$dir/plain"
		request --compressed "$path"
		expect_code 200
		expect_header Content-Encoding gzip
		header Vary | grep -q Accept-Encoding
		cmp -- "$dir/plain" "$dir/body"
		etag=$(header ETag)
		[[ $etag == W/* ]]
		request --compressed --header "If-None-Match: $etag" "$path"
		expect_code 304
	done
}

@test "health is for this machine" {
	local path

	for path in /healthz /readyz /metrics /loop; do
		request "$path"
		expect_code 200
		request_from 127.0.0.1 "$path"
		expect_code 200
		request_from ::1 "$path"
		expect_code 200
		request_from 192.0.2.1 "$path"
		expect_page 404 'Not found'
	done
	for path in /loop /loop/events; do
		request_from 192.0.2.1 "$path"
		expect_page 404 'Not found'
	done
}

@test "the site fits into Debian's own configuration" {
	local debian=/etc/nginx/nginx.conf places

	[[ -e $debian ]] || skip "there is no $debian"
	places=$(grep _temp_path "$ROLLCALL_ROOT/nginx/nginx.conf" | tr -d '\t\n') # Debian's are root's to make
	sed -e '/^user /d' -e "s|^pid .*|pid $dir/debian.pid;|" -e 's|^include .*modules.*||' \
		-e 's|/var/log/nginx/|'"$dir"'/debian-|' -e '/include .*conf\.d/d' \
		-e "s|include .*sites-enabled.*|include $dir/rollcall.conf; $places|" "$debian" >"$dir/debian.conf"
	grep -q "include $dir/rollcall.conf;" "$dir/debian.conf"
	PATH=$PATH:/usr/sbin nginx -t -e stderr -p "$dir" -c "$dir/debian.conf"
}
