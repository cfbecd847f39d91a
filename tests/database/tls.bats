#!/usr/bin/env bats
# A list in a database that is reached by TCP. The server has a certificate, and a node or a command talks to it only if an
# authority that it was told of has signed that, for the host that it was told of.

# shellcheck source=../support/shell/commands.bash
source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

setup_file() {
	make_authority right
	make_authority wrong
	make_server_certificate
	configure_tls
	listen_on_tcp
	admin postgres --command "ALTER ROLE rollcall_app PASSWORD 'open sesame'"
}

setup() {
	new_directory
	input=/dev/null
	new_database
	printf 'localhost:*:*:rollcall_app:open sesame\n' >"$dir/passwords"
	chmod 600 "$dir/passwords"
	export PGPASSFILE=$dir/passwords
}

teardown() {
	stop_rollcall
	end_all
}

new_key() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@" 2>/dev/null
}

# make_authority NAME: its certificate is NAME.crt, in the directory of this file's run.
make_authority() {
	new_key -x509 -days 2 -subj "/CN=$1" -keyout "$BATS_FILE_TMPDIR/$1.key" -out "$BATS_FILE_TMPDIR/$1.crt"
}

# For localhost, signed by the right authority.
make_server_certificate() {
	local here=$BATS_FILE_TMPDIR

	new_key -subj /CN=database -keyout "$here/server.key" -out "$here/server.csr"
	printf 'subjectAltName=DNS:localhost\n' >"$here/server.ext"
	openssl x509 -req -in "$here/server.csr" -CA "$here/right.crt" -CAkey "$here/right.key" -CAcreateserial -days 2 \
		-extfile "$here/server.ext" -out "$here/server.crt" 2>/dev/null
}

# server_file NAME: standard input becomes this file of the server's, for it alone.
server_file() {
	# shellcheck disable=SC2016,SC2086 # expanded there; several words, or none
	$DATABASE_AS sh -c 'umask 077 && cat >"$1"' sh "$DATABASE_DATA/$1"
}

configure_tls() {
	server_file server.key <"$BATS_FILE_TMPDIR/server.key"
	server_file server.crt <"$BATS_FILE_TMPDIR/server.crt"
	server_file pg_hba.conf <<-END
		local all all trust
		hostssl all rollcall_app 127.0.0.1/32 scram-sha-256
	END
}

# Another program may take the port in between. The socket keeps its name of before.
listen_on_tcp() {
	local tries

	for tries in {1..20}; do
		DATABASE_PORT=$(free_port)
		sed "/^# by tls.bats/,\$d" "$DATABASE_DATA/postgresql.conf" >"$BATS_FILE_TMPDIR/postgresql.conf"
		printf '%s\n' '# by tls.bats' 'ssl = on' "listen_addresses = '127.0.0.1'" "port = $DATABASE_PORT" \
			>>"$BATS_FILE_TMPDIR/postgresql.conf"
		server_file postgresql.conf <"$BATS_FILE_TMPDIR/postgresql.conf"
		pg_ctl stop --mode fast || true
		if start_server; then
			ln -sf ".s.PGSQL.$DATABASE_PORT" "$DATABASE_SOCKETS/.s.PGSQL.5432"
			export DATABASE_PORT
			return
		fi
	done
	fail "the server does not start after $tries tries" "$(tail -n 5 "$DATABASE_DATA/server.log")"
}

# url HOST AUTHORITY [OPTION]
url() {
	printf 'postgresql://rollcall_app@%s:%s/%s?sslmode=verify-full&sslrootcert=%s%s' "$1" "$DATABASE_PORT" "$database" \
		"$BATS_FILE_TMPDIR/$2.crt" "${3-}"
}

# plain_url [OPTION]: one that checks nothing.
plain_url() {
	printf 'postgresql://rollcall_app@localhost:%s/%s%s' "$DATABASE_PORT" "$database" "${1-}"
}

# refused SERVER COMMAND TEXT OPTION…: a server with these options does not start and ends with the status SERVER, and a command does
# with the other; both say why.
refused() {
	local status=0

	timeout 30 "$ROLLCALL" --listen "unix:$dir/app.sock" "${@:4}" >"$dir/refused.out" 2>"$dir/refused.log" </dev/null || status=$?
	[[ $status -eq $1 ]] || fail "status $status" "$(<"$dir/refused.log")"
	grep -q -F -e "$3" "$dir/refused.log" || fail "no '$3' in:" "$(<"$dir/refused.log")"
	expect "$2" add "${@:4}" mallory
	expect_err "$3"
	[[ $(sql 'SELECT count(*) FROM rollcall.users') -eq 0 ]]
}

start_node_by_tcp() {
	start_app "$ROLLCALL" --listen "unix:$dir/app.sock" "$@"
	wait_for_ready app
}

# sign_up_at_node: somebody does, and is stored.
sign_up_at_node() {
	: >"$dir/answers"
	start_load 1 0 app.sock
	expect_answers 201 1 1
	end_load
	judge
}

# connections WHAT: how many of nodes and commands are so.
connections() {
	sql "SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = 'rollcall_app' AND $1"
}

@test "a node and commands talk to the server that they were told of, and the password is seen nowhere" {
	local store

	store=$(url localhost right '&channel_binding=require')
	start_node_by_tcp --store "$store"
	[[ $(connections ssl) -eq 2 && $(connections 'NOT ssl') -eq 0 ]]
	sign_up_at_node
	expect "$EX_OK" add --store "$store" bob
	expect "$EX_OK" export --store "$store"
	[[ $(tail -n 1 "$dir/out") == *,bob$'\r' ]] || fail "$(<"$dir/out")"
	expect "$EX_OK" check --store "$store"
	for file in "/proc/$app_pid/cmdline" "/proc/$app_pid/environ" "$app_log" "$dir/out" "$dir/err"; do
		! grep -q sesame "$file" || fail "$file has it"
	done
}

@test "a node connects again, as safely" {
	local begin

	start_node_by_tcp --store "$(url localhost right)"
	begin=$(wc -l <"$app_log")
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rollcall_app'"
	wait_for_more "$app_log" "$begin" ' event=store-connected ' "$app_pid" 2
	wait_for_ready app
	[[ $(connections ssl) -eq 2 && $(connections 'NOT ssl') -eq 0 ]]
	sign_up_at_node
}

@test "a server for another host, or of another authority, is refused" {
	refused "$EX_UNAVAILABLE" "$EX_NOPERM" 'does not match host name "db.example.org"' --store "$(url db.example.org right '&hostaddr=127.0.0.1')"
	refused "$EX_UNAVAILABLE" "$EX_NOPERM" 'does not match host name "127.0.0.1"' --store "$(url 127.0.0.1 right)"
	refused "$EX_UNAVAILABLE" "$EX_NOPERM" 'certificate verify failed' --store "$(url localhost wrong '&hostaddr=127.0.0.1')"
}

@test "without --store-insecure nothing is sent that others could read, or to a server that others could be" {
	local mode

	for mode in '' '?sslmode=disable' '?sslmode=prefer' '?sslmode=require' "?sslmode=verify-ca&sslrootcert=$BATS_FILE_TMPDIR/right.crt"; do
		refused 2 "$EX_USAGE" sslmode=verify-full --store "$(plain_url "$mode")"
	done
	# The mode is for this host alone, whatever the environment says.
	PGSSLMODE=disable start_node_by_tcp --store "$(url localhost right)"
	[[ $(connections ssl) -eq 2 ]]
}

@test "with --store-insecure the server decides" {
	refused "$EX_UNAVAILABLE" "$EX_NOPERM" 'no encryption' --store-insecure on --store "$(plain_url '?sslmode=disable&hostaddr=127.0.0.1')"
	start_node_by_tcp --store-insecure on --store "$(plain_url '?sslmode=require')"
	expect "$EX_OK" add --store-insecure on --store "$(plain_url '?sslmode=require')" alice
}

# set_tls VALUE: new connections find it so when this returns.
set_tls() {
	admin postgres --command "ALTER SYSTEM SET ssl = $1" --command 'SELECT pg_reload_conf()' >/dev/null
	until [[ $(admin postgres --command 'SHOW ssl') == "$1" ]]; do
		sleep 0.05
	done
}

@test "a server without TLS is refused" {
	set_tls off
	refused "$EX_UNAVAILABLE" "$EX_NOPERM" 'server does not support SSL' --store "$(url localhost right '&hostaddr=127.0.0.1')"
	set_tls on
}

# keepalives: in how many ticks the server's end of each connection sends one, as the kernel's table has it (02). While something is on
# its way there is another timer.
keepalives() {
	local port

	printf -v port '0100007F:%04X' "$DATABASE_PORT"
	awk -v port="$port" '$2 == port && $4 == "01" && $6 ~ /^02:/ { print "0x" substr($6, 4) }' /proc/net/tcp
}

@test "the server finds out within seconds that a node's machine is gone" {
	local due ticks

	start_node_by_tcp --store "$(url localhost right)"
	until due=$(keepalives) && [[ $(wc -l <<<"$due") -eq 2 ]]; do
		kill -0 "$app_pid"
		sleep 0.02
	done
	for ticks in $due; do
		[[ $((ticks)) -le $((5 * $(getconf CLK_TCK))) ]] || fail "in $((ticks)) ticks"
	done
}
