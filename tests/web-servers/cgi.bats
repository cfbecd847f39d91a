#!/usr/bin/env bats
# A process for each request, started by WEB_SERVER. Only one at a time has the users.

# shellcheck source=web_servers.bash
source "$BATS_TEST_DIRNAME/web_servers.bash"

WEB_SERVER=${WEB_SERVER/%apache/lighttpd-cgi}

setup() {
	find_web_server
	serve
}

teardown() {
	finish
}

# both NAME NAME: signs up the two at the same time; their answers, lines of code and place, are in $dir/answers, sorted.
both() {
	local url=http://127.0.0.1:$port/create-user format='%{http_code} %header{location}\n'

	curl --no-progress-meter --max-time 60 --parallel --parallel-immediate --output /dev/null --write-out "$format" \
		--data-urlencode "username=$1" "$url" --next --silent --output /dev/null --write-out "$format" --max-time 60 \
		--data-urlencode "username=$2" "$url" | sort --version-sort >"$dir/answers"
}

@test "two sign-ups at the same time: one waits for the other, both are taken" {
	local i

	for i in 1 2 3 4 5; do
		both "alice$i" "bob$i"
		[[ $(sed 's|http://127.0.0.1:[0-9]*||;s|&claim=.*||' "$dir/answers") == \
			"303 /users?created=$((2 * i - 1))"$'\n'"303 /users?created=$((2 * i))" ]] || fail "$(<"$dir/answers")"
		[[ $(stored | wc -l) -eq $((2 * i)) ]]
	done
	[[ $(stored | sort) == "$(printf '%s\n' alice{1..5} bob{1..5})" ]]
}

@test "two of the same name: one gets it, the other is told" {
	local i

	for i in 1 2 3 4 5; do
		both "alice$i" "ALICE$i"
		[[ $(cut -d ' ' -f 1 "$dir/answers") == $'303\n409' ]] || fail "$(<"$dir/answers")"
	done
	[[ $(stored | wc -l) -eq 5 ]]
}

@test "a service has the users: 503 in the layout, and when to come back; when it has gone, it goes on" {
	sign_up alice
	[[ ${#web_user[@]} -eq 0 ]] || chown -R root: "$dir/data"
	start_rollcall
	[[ ${#web_user[@]} -eq 0 ]] || chown -R www-data: "$dir/data"
	sign_up bob
	expect_page 503 'Temporarily unavailable'
	expect_retry
	grep -q -F 'is in use by process' "$dir/web.log" || fail "the process that has them is not in the log" "$(<"$dir/web.log")"
	[[ $(stored) == alice ]]
	stop_rollcall
	[[ ${#web_user[@]} -eq 0 ]] || chown -R www-data: "$dir/data"
	sign_up bob
	expect_created 2
	[[ $(stored) == $'alice\nbob' ]]
}

@test "users that cannot be reached: 503 in the layout, and why in the log" {
	mv "$dir/data" "$dir/elsewhere"
	request /users
	expect_page 503 'Temporarily unavailable'
	expect_retry
	grep -q -F 'No such file or directory' "$dir/web.log" || fail "$(<"$dir/web.log")"
	mv "$dir/elsewhere" "$dir/data"
	request /users
	expect_page 200 Users
}

@test "a body without a length" {
	request --header 'Transfer-Encoding: chunked' --data-raw username=alice /create-user
	if [[ $WEB_SERVER == apache-cgi ]]; then
		# It passes on what comes, and cannot say how much that will be.
		expect_page 400 'Bad request'
		request /users
		expect_text 'Nobody has signed up yet.'
		return
	fi
	expect_created 1
}
