# shellcheck shell=bash
# Nodes of one list in a database of the test's own, with a proxy in front of the server for each node that is to meet faults,
# and people who sign up at them. Under tests/support/with-postgres. Source it after rollcall.bash.

# ROLLCALL, DATABASE_PROXY and DATABASE_SIGN_UP are the programs.

declare -gA node_pid=() proxy_pid=() proxy_in=()

# The longest that a client waits: --request-timeout's 10 s.
CLIENT_PATIENCE=10000

# new_database: an empty list, `database`.
new_database() {
	database=test_$$_$RANDOM
	admin postgres --command "CREATE DATABASE $database TEMPLATE $DATABASE_TEMPLATE"
	load_pid=
}

# admin DATABASE [OPTION…]: psql as the superuser.
admin() {
	"$DATABASE_BIN/psql" --no-psqlrc --quiet --tuples-only --no-align --host "$DATABASE_SOCKETS" --username postgres \
		--dbname "$@"
}

# sql TEXT: in the list.
sql() {
	admin "$database" --command "$1"
}

# pg_ctl ACTION [OPTION…]: the server it starts has nothing of Bats, nor the pipes of proxies.
pg_ctl() (
	for in in "${proxy_in[@]}"; do
		exec {in}>&-
	done
	# shellcheck disable=SC2086 # several words, or none
	exec env --chdir=/ $DATABASE_AS "$DATABASE_BIN/pg_ctl" --pgdata "$DATABASE_DATA" --silent --wait "$@" >/dev/null 2>&1 3>&- 4>&-
)

start_server() {
	pg_ctl start --log "$DATABASE_DATA/server.log"
}

# It starts when the last child of the one before has seen that.
start_server_anew() {
	local tries

	for tries in {1..300}; do
		if start_server; then
			return
		fi
		sleep 0.1
	done
	fail "the server does not start after $tries tries"
}

# start_proxy NAME: its log is $dir/NAME.proxy.
start_proxy() {
	local in

	# shellcheck disable=SC2154 # rollcall.bash sets dir
	mkdir -p "$dir/$1"
	rm -f "$dir/$1/in"
	mkfifo "$dir/$1/in"
	: >"$dir/$1.proxy"
	# shellcheck disable=SC2094 # the proxy reads the pipe
	attached "$DATABASE_PROXY" "$dir/$1/.s.PGSQL.5432" "$DATABASE_SOCKETS/.s.PGSQL.5432" \
		<"$dir/$1/in" >"$dir/$1.proxy" 2>"$dir/$1.proxy-errors" 3>&- &
	proxy_pid[$1]=$!
	exec {in}>"$dir/$1/in"
	proxy_in[$1]=$in
	wait_for_line "$dir/$1.proxy" ready "${proxy_pid[$1]}"
}

# tell NAME COMMAND: the proxy does it now.
tell() {
	local begin

	begin=$(wc -l <"$dir/$1.proxy")
	printf '%s\n' "$2" >&"${proxy_in[$1]}"
	wait_for_more "$dir/$1.proxy" "$begin" "^did $2\$" "${proxy_pid[$1]}"
}

# fail_next NAME COMMAND FAULT: tells it, and waits until that has happened.
fail_next() {
	local begin

	begin=$(wc -l <"$dir/$1.proxy")
	tell "$1" "$2"
	wait_for_more "$dir/$1.proxy" "$begin" "^fired $3\$" "${proxy_pid[$1]}"
}

# release NAME FAULT: what it holds goes on its way.
release() {
	local begin

	begin=$(wc -l <"$dir/$1.proxy")
	tell "$1" release
	wait_for_more "$dir/$1.proxy" "$begin" "^released $2\$" "${proxy_pid[$1]}"
}

# wait_for_more FILE LINES PATTERN PID [COUNT]: a line behind the first LINES lines of FILE, or COUNT of them.
wait_for_more() {
	local count=${5-1} found

	found=$(
		set +o pipefail
		timeout 60 tail -s 0.02 -n "+$(($2 + 1))" -f --pid="$4" -- "$1" 3>&- | grep -m "$count" -c -e "$3"
	) || true
	[[ $found -eq $count ]] || fail "$found of $count lines like '$3' in $1"
}

# start_node NAME SOCKETS [OPTION…]: with the server behind the socket in that folder, run by NODE_WRAPPER if that is set. It is ready
# to take users when this returns.
start_node() {
	# shellcheck disable=SC2086 # several words, or none
	attached ${NODE_WRAPPER-} "$ROLLCALL" --listen "unix:$dir/$1.sock" --store "postgresql://rollcall_app@/$database?host=$2" \
		"${@:3}" </dev/null >"$dir/$1.out" 2>"$dir/$1.log" 3>&- &
	node_pid[$1]=$!
	wait_for_ready "$1"
}

# wait_for_ready NAME: until it can store users. A node of start_app, too.
wait_for_ready() {
	local tries

	for tries in {1..600}; do
		if "$ROLLCALL" healthcheck --ready --listen "unix:$dir/$1.sock" >/dev/null 2>&1 3>&-; then
			return
		fi
		kill -0 "${node_pid[$1]-$app_pid}" || break
		sleep 0.05
	done
	fail "$1 is not ready after $tries questions"
}

stop_node() {
	end_process "${node_pid[$1]}" TERM
	unset "node_pid[$1]"
}

# start_load CLIENTS SHARED NAME…: so many people at each of these nodes, as sign_up.c has it. Their answers are lines of
# $dir/answers.
start_load() {
	local sockets=()

	sockets=("${@:3}")
	attached "$DATABASE_SIGN_UP" "user-$RANDOM" "$1" "$2" "$CLIENT_PATIENCE" "${sockets[@]/#/unix:$dir/}" </dev/null \
		>>"$dir/answers" 3>&- &
	load_pid=$!
}

end_load() {
	[[ -n $load_pid ]] || return 0
	end_process "$load_pid" TERM
	load_pid=
}

# expect_answers STATUS COUNT NODE…: waits for so many more such answers of each of these nodes, which are counted from 1.
expect_answers() {
	local begin node

	begin=$(wc -l <"$dir/answers")
	for node in "${@:3}"; do
		wait_for_more "$dir/answers" "$begin" "^$node [0-9]* $1 " "$load_pid" "$2"
	done
}

# judge [MS]: every answer was right, and none took longer. Nodes tell of creates in 5 s; a busy machine takes some more.
judge() {
	local faults

	faults=$(admin "$database" --set answers="$dir/answers" --set most="${1-7000}" --file "$BATS_TEST_DIRNAME/judge.sql")
	[[ -z $faults ]] || fail "$(wc -l <<<"$faults") faults, the first of which are:" "$(head -n 20 <<<"$faults")"
}

# expect_no_loss: no client lost its connection.
expect_no_loss() {
	! grep -m 5 -E '^[0-9]+ [0-9]+ 0 ' "$dir/answers" || fail "clients lost their connections"
}

end_all() {
	local name

	end_load
	for name in "${!node_pid[@]}"; do
		stop_node "$name"
	done
	end_proxies
	admin postgres --command "DROP DATABASE $database WITH (FORCE)"
	drop_directory
}

# Those that were started later have the pipes of the earlier ones, too: so all are closed first.
end_proxies() {
	local in name

	for in in "${proxy_in[@]}"; do
		exec {in}>&-
	done
	for name in "${!proxy_pid[@]}"; do
		wait "${proxy_pid[$name]}" || fail "the proxy $name failed"
	done
	proxy_in=()
	proxy_pid=()
}
