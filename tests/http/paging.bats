#!/usr/bin/env bats
# The list by pages, and what it answers when nothing has changed. unit.routes.users has the table of places and links.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

# add_users FIRST LAST: user1, user2, … in this order, over one connection.
add_users() {
	local i

	for ((i = $1; i <= $2; i++)); do
		printf 'url = "http://rollcall.test/create-user"\ndata = "username=user%d"\nunix-socket = "%s"\noutput = "/dev/null"\nwrite-out = "%%{http_code}\\n"\nsilent\nnext\n' "$i" "$dir/http.sock"
	done | sed '$d' >"$dir/config"
	[[ $(curl --config "$dir/config" | sort | uniq -c) =~ ^\ *$(($2 - $1 + 1))\ 303$ ]]
}

# expect_users NEWEST OLDEST
expect_users() {
	[[ $(users) == "$(seq -f 'user%.0f' "$1" -1 "$2")" ]] || fail "expected user$1 to user$2, got:" "$(users)"
}

# link REL: where the link with this rel leads, as it stands in the page.
link() {
	if [[ $body =~ '<a rel="'$1'" href="'([^\"]*) ]]; then
		printf '%s\n' "${BASH_REMATCH[1]}"
	fi
}

expect_links() {
	[[ $(link prev) == "$1" ]] || fail "rel=prev is '$(link prev)', not '$1'"
	[[ $(link next) == "$2" ]] || fail "rel=next is '$(link next)', not '$2'"
}

@test "121 users stand on three pages, from the newest to the oldest and back" {
	add_users 1 121
	request /users
	expect_text '<strong class="count">121 users</strong>'
	expect_users 121 72
	expect_links '' '/users?before=72'
	request "$(link next)"
	expect_users 71 22
	expect_links '/users?after=71' '/users?before=22'
	request "$(link next)"
	expect_users 21 1
	expect_links '/users?after=21' ''
	request "$(link prev)"
	expect_users 71 22
	expect_links '/users?after=71' '/users?before=22'
	request "$(link prev)"
	expect_users 121 72
	expect_links '' '/users?before=72'
}

@test "a page is as long as the option says" {
	stop_rollcall
	start_rollcall --page-size 2
	add_users 1 5
	request /users
	expect_users 5 4
	expect_links '' '/users?before=4'
	request '/users?before=4'
	expect_users 3 2
	expect_links '/users?after=3' '/users?before=2'
}

@test "nothing changed answers 304, something changed the list" {
	local etag

	begin_a_minute
	add_users 1 1
	request /users
	etag=$(header ETag)
	[[ $etag == W/\"*\" ]]
	request --header "If-None-Match: $etag" /users
	expect_code 304
	expect_header ETag "$etag"
	expect_body ''
	request --header "If-None-Match: \"x\", ${etag#W/}, W/\"y\"" /users
	expect_code 304
	request --header 'If-None-Match: *' /users
	expect_code 304
	request --head --header "If-None-Match: $etag" /users
	expect_code 304
	request --header 'If-None-Match: W/"x"' /users
	expect_code 200
	add_users 2 2
	request --header "If-None-Match: $etag" /users
	expect_code 200
	expect_users 2 1
	[[ $(header ETag) != "$etag" ]]
}

@test "an ETag holds over a restart or changes, but never stands for another list" {
	local etag

	add_users 1 2
	request /users
	etag=$(header ETag)
	stop_rollcall
	rm "$dir/data/users.log" "$dir/data/users.lock"
	start_rollcall
	add_users 3 4
	request --header "If-None-Match: $etag" /users
	expect_code 200
	expect_text '<bdi>user4</bdi>'
}

@test "other pages carry no ETag" {
	request /
	expect_no_header ETag
	request /nowhere
	expect_no_header ETag
}
