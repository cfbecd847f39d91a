# shellcheck shell=bash
# What to expect of an answer, whichever web server gave it. A file that sources this has
# `request`, which leaves its answer in code, $dir/headers and $dir/body and calls read_answer, and check_every_answer, for
# what holds for every request.
# shellcheck disable=SC2154 # the file that sources this sets dir and code

# From $dir/headers and $dir/body. Of the headers the last block counts: an answer may follow a 100 Continue.
read_answer() {
	local line

	headers=()
	while IFS= read -r line; do
		[[ $line != HTTP/* ]] || headers=()
		[[ $line == $'\r' ]] || headers+=("${line%$'\r'}")
	done <"$dir/headers"
	read_body
	check_every_answer
}

# Without a process of its own, which would take longer than the request. As $(…) has it: without the ends of lines at the end.
read_body() {
	local part

	body=
	[[ -s $dir/body ]] || return 0
	while IFS= read -r -d '' part; do
		body+=$part
	done <"$dir/body"
	body+=$part
	while [[ $body == *$'\n' ]]; do
		body=${body%$'\n'}
	done
}

# sign_up NAME: posts it as a browser does.
sign_up() {
	request --data-urlencode "username=$1" /create-user
}

# header NAME: its values, one a line.
header() {
	local - value
	set +T

	find_header "$1"
	printf '%s\n' "$value"
}

# find_header NAME: sets value to the same. Checks of every answer use it, because $(header …) is a process.
find_header() {
	local line name=${1,,}

	value=
	for line in "${headers[@]:1}"; do
		if [[ ${line,,} == "$name":* ]]; then
			line=${line#*:}
			value+=${value:+$'\n'}${line# }
		fi
	done
}

show_answer() {
	printf '%s\n' "${headers[@]}" '' "${body:0:4000}"
}

expect_code() {
	[[ $code == "$1" ]] || fail "expected $1, got $code" "$(show_answer)"
}

# expect_header NAME VALUE: there once, with exactly this value.
expect_header() {
	local - value
	set +T # as rollcall.bash has it

	find_header "$1"
	[[ $value == "$2" ]] || fail "expected $1: $2" "$(show_answer)"
}

# expect_retry: says when to come back, in seconds.
expect_retry() {
	[[ $(header Retry-After) =~ ^[1-9][0-9]*$ ]] || fail "expected Retry-After" "$(show_answer)"
}

expect_text() {
	[[ $body == *"$1"* ]] || fail "the answer does not hold: $1" "$(show_answer)"
}

# expect_page CODE HEADING: a title of the organiser's stands isolated in the heading.
expect_page() {
	expect_code "$1"
	[[ $body == *"<h1><bdi>$2</bdi></h1>"* ]] || expect_text "<h1>$2</h1>"
}

# expect_security_headers: those of the application, on answers of the web server too.
expect_security_headers() {
	expect_header Content-Security-Policy \
		"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	expect_header X-Content-Type-Options nosniff
	expect_header Referrer-Policy same-origin
}

# users: the names on the list just fetched, in order, as they stand in the HTML.
users() {
	sed -n -E 's|^<li id="user-[0-9]+"( class="new")?><a href="/users/[0-9]+"><bdi>([^<]*)</bdi>.*|\2|p' <<<"$body"
}

# letters COUNT
letters() {
	head -c "$1" /dev/zero | tr '\0' a
}

# expect_cookies KIB…: so long, with a page, with a form of the first users, and with what the web server serves by itself.
expect_cookies() {
	local kib users=0

	for kib in 8 12 20 31; do
		printf 'header = "Cookie: session=%s"\n' "$(letters $((kib * 1024 - 8)))" >"$dir/cookies"
		request --config "$dir/cookies" /users
		expect_page 200 Users
		request --config "$dir/cookies" --data "username=user$kib" /create-user
		expect_created $((users += 1))
		request --config "$dir/cookies" "$(asset style.css)"
		expect_code 200
	done
}
