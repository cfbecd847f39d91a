#!/usr/bin/env bats
# Nothing may be lost or misused from start to stop, with all that lies between.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	new_directory
	expected_nginx_errors=()
	printf '#!/bin/sh\nexec valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 --log-file="%s" "%s" "$@"\n' \
		"$dir/valgrind.log" "$ROLLCALL" >"$dir/checked"
	chmod +x "$dir/checked"
	ROLLCALL=$dir/checked start_rollcall --page-size 10
	start_nginx
}

teardown() {
	stop_nginx
	drop_directory
}

@test "valgrind finds nothing after every kind of request and a stop under load" {
	request /
	request /users
	request '/users?before=3'
	request '/users?before=x'
	request /nothing
	request --head /users
	request -X DELETE /users
	sign_up ''
	sign_up '<script>'
	post 'username=%'
	request --header 'Content-Type: text/plain' --data x /create-user
	request --header 'Sec-Fetch-Site: cross-site' --data username=x /create-user
	head -c 50000 /dev/zero | tr '\0' a >"$dir/long"
	request --data-binary "@$dir/long" /create-user
	expect_code 413
	start_load valgrind 200
	read_answers "$dir/all" 60
	stop_rollcall
	end_load "$dir/all"
	expect_all_stored "$dir/all"
	[[ $(acknowledged "$dir/all" | wc -l) -ge 60 ]]
	[[ ! -s $dir/valgrind.log ]] || fail "$(<"$dir/valgrind.log")"
}
