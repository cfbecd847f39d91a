#!/usr/bin/env bats
# The commands and settings of docs/database.md, as they stand there: a list that is made, moves, is backed up and restored, and the
# upstreams of nginx.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	prepare
	new_database
	kept_roles=
	kept_hba=
	document=$ROLLCALL_ROOT/docs/database.md
	mkdir "$dir/bin"
	ln -s "$ROLLCALL" "$dir/bin/rollcall"
	PATH=$dir/bin:$DATABASE_BIN:$PATH
}

teardown() {
	stop_nginx
	put_hba_back
	put_roles_back
	end_all
}

# follow DOCUMENT HEADING N: with this test's server, database and directory, as the server's administrator.
follow() {
	local block

	block=$(documented "$ROLLCALL_ROOT/$1" "$2" "$3" | sed -e "s|/run/postgresql|$DATABASE_SOCKETS|g" \
		-e "s|:///rollcall?|:///$database?|g; s|^createdb \(.*\) rollcall|createdb \1 $database|" -e "s|/var/lib/rollcall|$dir/data|g" \
		-e "s|^pg_dump \(.*\) rollcall >|pg_dump \1 $database >|; s|rollcall[.]dump|$dir/&|")
	PGHOST=$DATABASE_SOCKETS PGUSER=postgres bash -euo pipefail -c "$block"
}

@test "a list is made on one's own server" {
	admin postgres --command "DROP DATABASE $database"
	follow docs/database.md 'On your own machines' 1
	rollcall add --store "postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS" alice
	[[ $(sql 'SELECT name FROM rollcall.users') == alice ]]
}

@test "a list moves there and back, and is the same" {
	local first

	mkdir -p "$dir/data"
	printf '{"username":"%s"}\n' alice 'Jürgen Müller' Bob | rollcall import --data "$dir/data" --format jsonl
	rollcall remove --data "$dir/data" alice
	first=$(rollcall export --data "$dir/data")
	follow docs/database.md 'Move a list' 1
	[[ $(rollcall export --store "postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS") == "$first" ]]
	run rollcall export --data "$dir/data"
	[[ $status -eq 66 ]] || fail "$output"
	rm -r "$dir/data"
	mkdir "$dir/data"
	follow docs/database.md 'Move a list' 2
	[[ $(rollcall export --data "$dir/data") == "$first" ]]
	[[ $first == *2,*'Jürgen Müller'*3,*Bob* ]] || fail "$first"
}

# reload_hba TEXT: the server reads its files again; then a role that cannot log in is refused with TEXT.
reload_hba() {
	local tries found

	sql 'SELECT pg_reload_conf()' >/dev/null
	for tries in {1..100}; do
		found=$(psql_as rollcall_owner 2>&1) || true
		[[ $found != *"$1"* ]] || return 0
		sleep 0.05
	done
	fail "not after $tries tries: $found"
}

psql_as() {
	"$DATABASE_BIN/psql" --no-psqlrc --host "$DATABASE_SOCKETS" --username "$1" --dbname "$database" --command 'SELECT 1'
}

# set_hba USER: the lines of the document, with USER for the system's user `rollcall`, and this user for root.
set_hba() {
	kept_hba=$(<"$DATABASE_DATA/pg_hba.conf")
	{
		sed -n "s/^local  rollcall  /local  $database  /p" "$document"
		echo 'local all postgres trust'
	} >"$DATABASE_DATA/pg_hba.conf"
	sed -n "s/^rollcall  rollcall  /rollcall  $1  /p; s/^rollcall  root  /rollcall  $(id -un)  /p" "$document" >"$DATABASE_DATA/pg_ident.conf"
	[[ $(wc -l <"$DATABASE_DATA/pg_hba.conf") -eq 2 && $(wc -l <"$DATABASE_DATA/pg_ident.conf") -eq 3 ]]
	reload_hba 'no pg_hba.conf entry'
}

put_hba_back() {
	[[ -n $kept_hba ]] || return 0
	printf '%s\n' "$kept_hba" >"$DATABASE_DATA/pg_hba.conf"
	: >"$DATABASE_DATA/pg_ident.conf"
	kept_hba=
	reload_hba 'not permitted to log in'
}

@test "the server knows roles by the users of the system" {
	local as=() node_user app=user=rollcall_app operator=user=rollcall_operator store="postgresql:///$database?host=$DATABASE_SOCKETS"

	node_user=$(id -un)
	if [[ $EUID -eq 0 ]]; then
		node_user=daemon
		as=(setpriv --reuid=daemon --regid=daemon --clear-groups --)
		chmod 755 "$dir"
		rm "$dir/bin/rollcall"
		install "$ROLLCALL" "$dir/bin/rollcall"
	fi
	set_hba "$node_user"
	"${as[@]}" rollcall add --store "$store&$app" alice
	[[ $(rollcall export --store "$store&$app") == *1,*alice* ]]
	printf '{"username":"bob"}\n' | rollcall import --store "$store&$operator" --format jsonl
	[[ $(sql 'SELECT max(number) FROM rollcall.users') -eq 2 ]]
	if [[ $EUID -eq 0 ]]; then
		! "${as[@]}" rollcall status --store "$store&$operator" 2>"$dir/refused" || fail 'a node can be the operator'
		grep -q 'Peer authentication failed' "$dir/refused"
	fi
}

# rename_roles FROM TO: ROLE to another name, while a list is restored by the roles of the document.
rename_roles() {
	local role

	for role in owner app operator; do
		admin postgres --command "ALTER ROLE $1_$role RENAME TO $2_$role"
	done
}

put_roles_back() {
	[[ -n $kept_roles ]] || return 0
	admin postgres --command "DROP DATABASE IF EXISTS $database WITH (FORCE)" \
		--command 'DROP ROLE IF EXISTS rollcall_owner, rollcall_app, rollcall_operator'
	admin postgres --command "ALTER DATABASE $kept_roles RENAME TO $database"
	rename_roles before rollcall
	kept_roles=
}

@test "a list is restored on a server without its roles" {
	local store="postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS" users site

	# A copy of the template would not have the rights on the database.
	admin postgres --command "DROP DATABASE $database"
	follow docs/database.md 'On your own machines' 1
	rollcall add --store "$store" alice
	rollcall add --store "$store" 'Jürgen Müller'
	users=$(rollcall export --store "$store")
	site=$(sql 'SELECT site FROM rollcall.state')
	follow docs/database.md 'Back up and restore' 1
	rollcall add --store "$store" late
	admin postgres --command "ALTER DATABASE $database RENAME TO ${database}_before"
	kept_roles=${database}_before
	rename_roles rollcall before
	follow docs/database.md 'Back up and restore' 2
	follow docs/database.md 'Back up and restore' 3
	[[ $(rollcall export --store "$store") == "$users" ]]
	[[ $(sql 'SELECT site FROM rollcall.state') != "$site" ]]
	# Rights and functions are there, too.
	rollcall add --store "$store" Carol
	printf '{"username":"bob"}\n' | rollcall import --store "${store/_app/_operator}" --format jsonl
	[[ $(sql 'SELECT max(number) FROM rollcall.users') -eq 4 ]]
	[[ $(psql_as before_app 2>&1 || true) == *'permission denied for database'* ]]
}

@test "the upstreams of the site" {
	local i node

	# put_upstream N
	put_upstream() {
		sed -i '/^upstream rollcall {$/,/^}$/d' "$dir/rollcall.conf"
		documented_upstream "$document" "$1" | sed "s|/run/rollcall/|$dir/|" >>"$dir/rollcall.conf"
	}
	change_site() {
		put_upstream 1
	}
	start_node one "$DATABASE_SOCKETS"
	start_node two "$DATABASE_SOCKETS"
	start_nginx
	for i in {1..4}; do
		sign_up "user $i"
		expect_created "$i"
	done
	for node in one two; do
		wait_for_line "$dir/$node.log" ' path=/create-user status=303 ' "${node_pid[$node]}"
	done
	stop_node one
	for i in {1..4}; do
		request /users
		expect_code 200
	done
	expect_nginx_error 'connect() to unix:'
	expect_nginx_error 'temporarily disabled'
	stop_nginx
	check_nginx_log
	put_upstream 2
	grep -q 'server 192.0.2.12:9000;' "$dir/rollcall.conf"
	"${nginx_command[@]}" -t
}

# lose_machine: sets port to one that takes no connection and refuses none, since its queue is full. It ends with the test.
lose_machine() {
	exec {lost}< <(exec setpriv --pdeathsig KILL python3 -B -c '
import signal, socket
listener = socket.create_server(("127.0.0.1", 0), backlog=0)
waiting = [socket.socket() for _ in range(4)]
for one in waiting:
    one.setblocking(False)
    one.connect_ex(listener.getsockname())
print(listener.getsockname()[1], flush=True)
signal.pause()')
	lost_pid=$!
	read -r port <&"$lost"
}

@test "pages and sign-ups go to the next node when a machine does not answer" {
	local i port lost lost_pid

	change_site() {
		sed -i '/^upstream rollcall {$/,/^}$/d' "$dir/rollcall.conf"
		documented_upstream "$document" 2 | sed "s|server 192.0.2.11:9000|server unix:$dir/one.sock|; s|192.0.2.12:9000|127.0.0.1:$port|" \
			>>"$dir/rollcall.conf"
		while read -r name value; do
			sed -i "s|^\t$name .*|\t$name $value|" "$dir/rollcall.conf"
		done < <(sed -n 's/^\t\(fastcgi_.*;\)$/\1/p' "$document")
	}
	lose_machine
	start_node one "$DATABASE_SOCKETS"
	start_nginx
	for i in {1..3}; do
		sign_up "user $i"
		expect_created "$i"
		request /users
		expect_code 200
	done
	expect_nginx_error 'upstream timed out'
	expect_nginx_error 'temporarily disabled'
	kill "$lost_pid"
}
