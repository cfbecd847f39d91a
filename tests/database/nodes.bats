#!/usr/bin/env bats
# Two nodes of one list in a database, behind one nginx that sends each request to the next of them; a request with X-Node goes to
# that one.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	prepare
	new_database
	followers=()
}

teardown() {
	end_followers
	stop_nginx
	check_nginx_log
	end_all
}

change_site() {
	add_organiser "$dir" ada secret
	sed -i -e "s|^\tserver \"unix:$dir/a.sock\";|&\n\tserver \"unix:$dir/b.sock\";|" \
		-e '/^map [$]rollcall_base [$]rollcall_upstream {/,/^}/d' "$dir/rollcall.conf"
	cat >>"$dir/rollcall.conf" <<-END
		upstream rollcall_a {
			server "unix:$dir/a.sock";
			keepalive 8;
		}
		upstream rollcall_b {
			server "unix:$dir/b.sock";
			keepalive 8;
		}
		map \$http_x_node \$rollcall_upstream {
			default rollcall;
			a rollcall_a;
			b rollcall_b;
		}
	END
}

# serve_nodes [OPTION…]
serve_nodes() {
	start_node a "$DATABASE_SOCKETS" "$@"
	start_node b "$DATABASE_SOCKETS" "$@"
	start_nginx "unix:$dir/a.sock"
}

# on NODE [CURL OPTION…] PATH: as request.
on() {
	request --header "X-Node: $1" "${@:2}"
}

sign_up_on() {
	on "$1" --data-urlencode "username=$2" /create-user
}

# follow NODE FILE [CURL OPTION…]: its live list goes into FILE; it is followed when this returns. follower is the client's process.
follow() {
	: >"$2"
	curl --silent --no-buffer --max-time 120 --unix-socket "$dir/http.sock" --header "X-Node: $1" --output "$2" "${@:3}" \
		http://rollcall.test/users/events 3>&- &
	follower=$!
	followers+=("$follower")
	wait_for_line "$2" 'retry: ' "$follower"
}

# post_quietly NODE NAME: a sign-up beside others, which leaves nothing of its answer.
post_quietly() {
	curl --silent --show-error --fail --output /dev/null --max-time 30 --unix-socket "$dir/http.sock" --header "X-Node: $1" \
		--data-urlencode "username=$2" http://rollcall.test/create-user
}

# numbers FILE: of the users that came.
numbers() {
	awk -F '[ -]' '/^id: / { number = $2 } /^event: user$/ { print number }' "$1"
}

# until_on NODE PATH TEXT: a page holds it at last. A change that another node made may be a second on its way.
until_on() {
	local tries

	for tries in {1..100}; do
		on "$1" "$2"
		[[ $body != *"$3"* ]] || return 0
		sleep 0.05
	done
	fail "no '$3' after $tries requests:" "$(show_answer)"
}

@test "a user who signed up at one node is on the page of the other at once" {
	local i

	serve_nodes
	for i in {1..20}; do
		sign_up "user $i"
		expect_created "$i"
		request "$(header Location)"
		expect_text "<strong>You are on the list, number $i.</strong> <bdi>user $i</bdi> has signed up.</p>"
		[[ $(users | head -n 1) == "user $i" ]] || fail "$(show_answer)"
	done
	sign_up_on a 'User 7'
	expect_code 409
	sign_up_on b 'User 7'
	expect_code 409
	on a /users/13
	expect_text '<bdi>user 13</bdi>'
	on b '/users?q=user+13'
	[[ $(users) == 'user 13' ]]
}

@test "equal lists have equal pages and entity tags, whichever node sends them" {
	local etag path

	serve_nodes --page-size 3
	begin_a_minute
	for name in alice bob carol dave erin; do
		sign_up "$name"
	done
	until_on a /users erin
	until_on b /users erin
	for path in / /users '/users?before=4' '/users?q=c'; do
		on a "$path"
		expect_text carol
		etag=$(header ETag)
		cp "$dir/body" "$dir/body-of-a"
		on b "$path"
		[[ $(header ETag) == "$etag" ]] || fail "$path: $etag and $(header ETag)"
		cmp "$dir/body" "$dir/body-of-a"
		if [[ -n $etag ]]; then
			on b --header "If-None-Match: $etag" "$path"
			expect_code 304
		fi
	done
	on a /users
	etag=$(header ETag)
	[[ -n $etag ]]
	sign_up_on a frank
	until_on b /users frank
	[[ $(header ETag) != "$etag" ]]
	stop_node b
	start_node b "$DATABASE_SOCKETS" --page-size 3
	until_on a /users frank
	etag=$(header ETag)
	on b --header "If-None-Match: $etag" /users
	expect_code 304
	stop_node b
	start_node b "$DATABASE_SOCKETS" --page-size 4
	on b --header "If-None-Match: $etag" /users
	expect_code 200
}

@test "after a reload the nodes have equal entity tags again, once both have the same options" {
	local before after

	echo ROLLCALL_TITLE=Workshop >"$dir/settings"
	serve_nodes --config "$dir/settings"
	site_title=Workshop
	sign_up alice
	until_on a /users alice
	before=$(header ETag)
	echo ROLLCALL_TITLE=Course >"$dir/settings"
	kill -HUP "${node_pid[a]}"
	wait_for_line "$dir/a.log" ' event=reloaded ' "${node_pid[a]}"
	site_title=Course
	on a /users
	after=$(header ETag)
	[[ $after != "$before" ]]
	kill -HUP "${node_pid[b]}"
	wait_for_line "$dir/b.log" ' event=reloaded ' "${node_pid[b]}"
	on b --header "If-None-Match: $after" /users
	expect_code 304
}

@test "live lists of both nodes have each user once, in order" {
	local i one two

	serve_nodes
	follow a "$dir/events-a"
	follow b "$dir/events-b"
	for i in {1..30}; do
		post_quietly a "at a $i" 3>&- &
		one=$!
		post_quietly b "at b $i" 3>&- &
		two=$!
		wait "$one"
		wait "$two"
	done
	wait_for_line "$dir/events-a" 'id: 60-' "${followers[0]}"
	wait_for_line "$dir/events-b" 'id: 60-' "${followers[1]}"
	[[ $(numbers "$dir/events-a") == "$(seq 60)" ]] || fail "$(numbers "$dir/events-a")"
	[[ $(numbers "$dir/events-b") == "$(seq 60)" ]] || fail "$(numbers "$dir/events-b")"
}

@test "a client whose node is gone goes on at the other, and misses nothing" {
	local last

	serve_nodes
	sign_up_on a alice
	follow a "$dir/events-a"
	sign_up_on b bob
	wait_for_line "$dir/events-a" '"username":"bob"' "$follower"
	last=$(sed -n 's/^id: //p' "$dir/events-a" | tail -n 1)
	stop_node a
	wait "$follower"
	sign_up_on b carol
	"$ROLLCALL" remove --store "postgresql://rollcall_operator@/$database?host=$DATABASE_SOCKETS" alice
	follow b "$dir/events-b" --header "Last-Event-ID: $last"
	wait_for_line "$dir/events-b" 'data: {"number":1}' "$follower"
	wait_for_line "$dir/events-b" '"username":"carol"' "$follower"
	[[ $(sed -n 's/^event: //p' "$dir/events-b" | sort | xargs) == 'removed sheet user' ]] || fail "$(<"$dir/events-b")"
}

# end_links: as when the server fails.
end_links() {
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$database' AND usename = 'rollcall_app'"
}

@test "live lists are read anew when users were lost and their numbers are given to others" {
	local name

	serve_nodes
	for name in alice bob carol; do
		sign_up_on a "$name"
	done
	follow a "$dir/events-a"
	follow b "$dir/events-b"
	# All that at once: no node sees the list without them.
	sql "BEGIN; UPDATE rollcall.users SET name = 'dave', key = 'dave', created = created + 1 WHERE number = 3;
		INSERT INTO rollcall.users SELECT 4, created, 'erin', 'erin' FROM rollcall.users WHERE number = 3;
		UPDATE rollcall.state SET version = version + 1, revision = 7, next_number = 5, newest = 4, users = 4; COMMIT"
	end_links
	wait_for_line "$dir/events-a" 'event: reload' "${followers[0]}"
	wait_for_line "$dir/events-b" 'event: reload' "${followers[1]}"
}

@test "a client of before a failover reads the list anew, at a node that was started since" {
	local last

	serve_nodes
	sign_up_on a alice
	follow a "$dir/events-a"
	sign_up_on b bob
	wait_for_line "$dir/events-a" '"username":"bob"' "$follower"
	last=$(sed -n 's/^id: //p' "$dir/events-a" | tail -n 1)
	stop_node a
	stop_node b
	pg_ctl stop --mode fast
	# shellcheck disable=SC2086 # several words, or none
	$DATABASE_AS touch "$DATABASE_DATA/standby.signal"
	start_server_anew
	pg_ctl promote
	start_node a "$DATABASE_SOCKETS"
	start_node b "$DATABASE_SOCKETS"
	follow b "$dir/events-b" --header "Last-Event-ID: $last"
	wait_for_line "$dir/events-b" 'event: reload' "$follower"
	last=$(sed -n 's/^id: //p' "$dir/events-b" | tail -n 1)
	follow a "$dir/events-c" --header "Last-Event-ID: $last"
	sign_up_on a carol
	wait_for_line "$dir/events-c" '"username":"carol"' "$follower"
	! grep reload "$dir/events-c" || fail "$(<"$dir/events-c")"
}

# until_title NODE TITLE: the first page has it at last. Without request(), which wants the title in each page: there may be one more
# with the old one.
until_title() {
	local tries page

	for tries in {1..100}; do
		page=$(curl --silent --max-time 30 --unix-socket "$dir/http.sock" --header "X-Node: $1" http://rollcall.test/)
		[[ $page != *"<h1><bdi>$2</bdi></h1>"* ]] || return 0
		sleep 0.05
	done
	fail "no title '$2' after $tries requests:" "$page"
}

@test "what an organiser sets or changes at one node is so at the other" {
	serve_nodes --admin on
	sign_up_on a alice
	sign_up_on a bob
	on a --user ada:secret --request PUT --header 'Content-Type: application/json' \
		--data-raw '{"title":"Winter workshop","seats":2}' /sheet
	expect_code 200
	until_title b 'Winter workshop'
	site_title='Winter workshop'
	sign_up_on b carol
	expect_code 409
	on a --user ada:secret --request PATCH --header 'Content-Type: application/json' --data-raw '{"username":"Bob B"}' /users/2
	expect_code 200
	until_on b /users 'Bob B'
	curl --silent --show-error --fail --max-time 30 --unix-socket "$dir/http.sock" --header 'X-Node: b' --user ada:secret \
		--request DELETE http://rollcall.test/users/1
	until_on a /users '1 user'
	sign_up_on a carol
	expect_created 3
	on b /users/1
	expect_code 404
}

# as_organiser [CURL OPTION…] NODE PATH: what the node says to one.
as_organiser() {
	curl --silent --show-error --fail --max-time 30 --unix-socket "$dir/http.sock" --user ada:secret --header "X-Node: ${*: -2:1}" \
		"${@:1:$#-2}" "http://rollcall.test${*: -1}"
}

@test "organisers see at one node what they did at the other, and so do clients that ask for nothing older" {
	local i page page_of_sheet

	serve_nodes --admin on
	for i in {1..10}; do
		sign_up_on a "user $i"
		until_on b /users "user $i"
		as_organiser --request DELETE a "/users/$i"
		if ((i % 2)); then
			page_of_sheet=/sheet
			page=$(as_organiser b /admin)
		else
			page_of_sheet=/admin/sheet
			page=$(as_organiser --header 'Cache-Control: no-cache' b /users)
		fi
		[[ $page == *'<title>'* && $page != *"user $i<"* ]] || fail "user $i is there"
		on b --header 'Cache-Control: no-cache' "/users/$i"
		expect_code 404
		as_organiser --request PUT --json "{\"contact\": \"desk-$i\"}" a /sheet >/dev/null
		[[ $(as_organiser b "$page_of_sheet") == *"desk-$i"* ]] || fail "$page_of_sheet has the contact of before"
	done
}

@test "the link with which somebody leaves is the same at both nodes" {
	local link

	serve_nodes
	sign_up_on a alice
	on b "$(header Location)"
	[[ $body =~ href=\"(/leave/1#([A-Za-z0-9_-]{22}))\" ]] || fail "no link" "$(show_answer)"
	link=${BASH_REMATCH[1]}
	on a --data-urlencode "key=${BASH_REMATCH[2]}" /leave/1
	expect_code 200
	expect_text '<bdi>alice</bdi> was taken off.'
	on b --data-urlencode "key=${link#*#}" /leave/1
	expect_code 404
}

@test "without the database pages are shown, and nobody is signed up; when it is back all goes on" {
	local node

	serve_nodes
	sign_up_on a alice
	until_on b /users alice
	follow b "$dir/events"
	pg_ctl stop --mode fast
	for node in a b; do
		sign_up_on "$node" bob
		expect_code 503
		expect_retry
		on "$node" /users
		expect_code 200
		[[ $(users) == alice ]]
		on "$node" /healthz
		expect_code 200
		on "$node" /readyz
		expect_code 503
		[[ $body == 'not ready: '* ]]
		[[ $("$ROLLCALL" status --listen "unix:$dir/$node.sock") == *'not ready: '* ]]
	done
	start_server_anew
	wait_for_ready a
	wait_for_ready b
	sign_up_on a bob
	expect_created 2
	wait_for_line "$dir/events" '"username":"bob"' "$follower"
	[[ $(numbers "$dir/events") == 2 ]]
	grep -q ' event=store-failed ' "$dir/a.log"
	on a /metrics
	expect_text $'\nrollcall_database_connected 1\n'
}

@test "a node that cannot read the list is not ready, however well it could store" {
	serve_nodes
	wait_for_ready a
	sql 'REVOKE SELECT ON rollcall.state FROM rollcall_app'
	until on a /readyz && [[ $body == *'has not told of the list'* ]]; do
		sleep 0.1
	done
	sql 'GRANT SELECT ON rollcall.state TO rollcall_app'
	wait_for_ready a
}

@test "a node without its database ends when it is told to" {
	serve_nodes
	pg_ctl stop --mode fast
	sign_up_on a alice
	expect_code 503
	stop_node a
	start_server_anew
}

# planned TEXT: fails unless the server has told of the plan of a statement with TEXT.
planned() {
	grep -q -F -e "$1" "$dir/plans" || fail "nobody asked with $1"
}

@test "no question of a node reads a whole table" {
	# More users than a node keeps in memory.
	admin "$database" --file "$BATS_TEST_DIRNAME/names.sql" --command "SELECT FROM pg_temp.create_users(1, 1,
		ARRAY(SELECT 'user ' || i FROM generate_series(1, 3000) i))"
	admin "$database" --command "ALTER DATABASE $database SET session_preload_libraries = auto_explain" \
		--command "LOAD 'auto_explain'" --command "ALTER DATABASE $database SET auto_explain.log_min_duration = 0"
	serve_nodes --admin on
	on a /users
	on a '/users?before=500'
	expect_text 'user 499</bdi>'
	on a '/users?after=500'
	on a '/users?q=user+12'
	expect_text 'user 1200</bdi>'
	on a --user ada:secret '/admin/named?name=USER+7'
	expect_text '"username":"user 7"'
	# The server's standard error, and its log since a test has started it.
	cat "$DATABASE_SOCKETS/server.log" "$DATABASE_DATA/server.log" >"$dir/plans" 2>/dev/null || true
	planned 'ORDER BY number DESC LIMIT 2048'
	planned 'row_number() OVER (), b.*'
	planned 'WHERE key = '
	planned 'FROM rollcall.words'
	planned 'Index Only Scan'
	! grep -B 20 'Seq Scan on \(users\|words\|looks\|changes\)' "$dir/plans" || fail 'a whole table'
}
