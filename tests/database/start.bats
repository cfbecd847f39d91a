#!/usr/bin/env bats
# How the program starts with a list in a database, what it refuses, and how it runs under CGI.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	new_directory
	new_database
	url="postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS"
}

teardown() {
	end_all
}

# refused STATUS TEXT OPTION…: the server does not start, and says why.
refused() {
	local status=0

	timeout 30 "$ROLLCALL" --listen "unix:$dir/app.sock" "${@:3}" >"$dir/refused.out" 2>"$dir/refused" </dev/null || status=$?
	[[ $status -eq $1 ]] || fail "status $status" "$(<"$dir/refused")"
	grep -q -F -e "$2" "$dir/refused" || fail "no '$2' in:" "$(<"$dir/refused")"
	[[ $(cat "$dir"/refused*) != *secret* ]] || fail "it shows a secret:" "$(<"$dir/refused")"
}

@test "what would be unsafe, or is no address of a database, is refused" {
	refused 2 '--data and --store: the users are in a directory or in a database' --store "$url" --data "$dir/data"
	refused 2 '--new is for a directory' --store "$url" --new
	refused 2 'password' --store "postgresql://ada:secret@/x?host=$DATABASE_SOCKETS"
	refused 2 'password' --store "postgresql://ada@/x?host=$DATABASE_SOCKETS&password=secret"
	refused 2 'sslmode=verify-full' --store 'postgresql://ada@localhost/x'
	refused 2 'sslmode=verify-full' --store 'postgresql://ada@localhost/x?sslmode=require'
	refused 2 '--store' --store mysql://ada@localhost/x
	refused 2 "--store-insecure: 'yes'" --store "$url" --store-insecure yes
}

@test "a database that is not there, that has no list, or refuses the user, is refused" {
	admin postgres --command "CREATE DATABASE empty_$database"
	refused 69 'rollcall migrate' --store "postgresql://rollcall_app@/empty_$database?host=$DATABASE_SOCKETS"
	refused 69 'nothing' --store "postgresql://rollcall_app@/nothing?host=$DATABASE_SOCKETS"
	refused 69 'nobody_at_all' --store "postgresql://nobody_at_all@/$database?host=$DATABASE_SOCKETS"
	admin postgres --command "DROP DATABASE empty_$database"
}

@test "one host of several that refuses does not keep the program from starting" {
	start_proxy a
	tell a 'connect refused'
	start_app "$ROLLCALL" --listen "unix:$dir/app.sock" --store "postgresql://rollcall_app@/later_$database?host=$dir/a,$DATABASE_SOCKETS"
	admin postgres --command "CREATE DATABASE later_$database TEMPLATE $DATABASE_TEMPLATE"
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	stop_rollcall
	refused 69 'nothing' --store "postgresql://rollcall_app@/nothing?host=$DATABASE_SOCKETS,$DATABASE_SOCKETS"
	admin postgres --command "DROP DATABASE later_$database WITH (FORCE)"
}

@test "a settings file and the environment can name the database, and nothing shows its address but without its options" {
	echo "ROLLCALL_STORE=$url" >"$dir/settings"
	start_app "$ROLLCALL" --listen "unix:$dir/app.sock" --config "$dir/settings"
	wait_for_line "$app_log" ' event=store-connected ' "$app_pid"
	echo "ROLLCALL_STORE=$url&password=secret" >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" ' event=reload' "$app_pid"
	stop_rollcall
	[[ $(<"$app_log") != *secret* ]] || fail "$(<"$app_log")"
	start_app env "ROLLCALL_STORE=$url" "$ROLLCALL" --listen "unix:$dir/app.sock"
	stop_rollcall
}

@test "a server that does not answer at the start is waited for, without end" {
	start_proxy a
	tell a 'connect refused'
	start_app "$ROLLCALL" --listen "unix:$dir/app.sock" --store "postgresql://rollcall_app@/$database?host=$dir/a"
	[[ $("$ROLLCALL" status --listen "unix:$dir/app.sock") == *'not ready: '* ]]
	tell a 'connect served'
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	stop_rollcall
}

# The password of rollcall_app counts while the server asks for one.
@test "the password comes from a file, of libpq or of systemd" {
	admin postgres --command "ALTER ROLE rollcall_app PASSWORD 'open sesame'"
	cp -p -- "$DATABASE_DATA/pg_hba.conf" "$dir/pg_hba.conf"
	sed -i '1i local all rollcall_app scram-sha-256' "$DATABASE_DATA/pg_hba.conf"
	pg_ctl reload
	refused 69 'no password supplied' --store "$url"
	mkdir "$dir/credentials"
	printf 'open sesame\n' >"$dir/credentials/database-password"
	start_app env CREDENTIALS_DIRECTORY="$dir/credentials" "$ROLLCALL" --listen "unix:$dir/app.sock" --store "$url"
	wait_for_ready app
	stop_rollcall
	printf '*:*:*:rollcall_app:open sesame\n' >"$dir/passwords"
	chmod 600 "$dir/passwords"
	start_app env PGPASSFILE="$dir/passwords" "$ROLLCALL" --listen "unix:$dir/app.sock" --store "$url"
	wait_for_ready app
	stop_rollcall
	printf 'open barley' >"$dir/credentials/database-password"
	CREDENTIALS_DIRECTORY=$dir/credentials refused 69 'password authentication failed' --store "$url"
	[[ $(cat -- "$dir"/*.log "$dir/refused") != *'open '[sb]* ]]
	cat -- "$dir/pg_hba.conf" >"$DATABASE_DATA/pg_hba.conf"
	pg_ctl reload
}

# cgi NAME=VALUE…: one request, with standard input as its body; the answer is in $dir/answer.
cgi() {
	env -i ${ASAN_OPTIONS+"ASAN_OPTIONS=$ASAN_OPTIONS"} ${UBSAN_OPTIONS+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} \
		GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 REQUEST_METHOD=GET SCRIPT_NAME= ROLLCALL_STORE="$url" "$@" \
		timeout 60 "$ROLLCALL" 2>"$dir/cgi.log" | sed 's/\r$//' >"$dir/answer"
}

@test "under CGI, too" {
	cgi PATH_INFO=/ </dev/null
	grep -q -x 'Status: 200 OK' "$dir/answer" || fail "$(cat "$dir/answer" "$dir/cgi.log")"
	printf 'username=alice' >"$dir/form"
	cgi REQUEST_METHOD=POST PATH_INFO=/create-user CONTENT_TYPE=application/x-www-form-urlencoded CONTENT_LENGTH=14 <"$dir/form"
	grep -q -x 'Status: 303 See Other' "$dir/answer" || fail "$(cat "$dir/answer" "$dir/cgi.log")"
	cgi PATH_INFO=/users </dev/null
	grep -q '<bdi>alice</bdi>' "$dir/answer"
	cgi PATH_INFO=/users QUERY_STRING=q=ali </dev/null
	grep -q '<bdi>alice</bdi>' "$dir/answer"
	url="postgresql://rollcall_app@/$database?host=$dir" cgi PATH_INFO=/users </dev/null
	grep -q -x 'Status: 503 Service Unavailable' "$dir/answer" || fail "$(cat "$dir/answer" "$dir/cgi.log")"
	grep -q '^Retry-After: ' "$dir/answer"
}

@test "a program without a list in a database has nothing of libpq" {
	start_rollcall
	[[ $(<"/proc/$app_pid/maps") != *libpq* ]]
	stop_rollcall
	start_app "$ROLLCALL" --listen "unix:$dir/app.sock" --store "$url"
	[[ $(<"/proc/$app_pid/maps") == *libpq* ]]
	stop_rollcall
}
