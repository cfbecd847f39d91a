# script/bench database: durable creates with the list in PostgreSQL, by one, two and four nodes, beside the flat file and beside
# programs in Go and Node with the same schema and a transaction for each sign-up, as people write them; and pages of a node.
#
# All share one server of the run's own, which syncs. In each round they take turns.

# shellcheck source=common.bash
source bench/common.bash

here=$PWD/bench/peers/database
create_rounds=3
get_rounds=15
database_seconds=3
many_users=${ROLLCALL_BENCH_USERS:-10000000}

# find_database_peers: sets hosts to those that can run here.
find_database_peers() {
	hosts=(file nodes-1 nodes-2 nodes-4)
	if command -v go >/dev/null && [[ -d /usr/share/gocode/src/github.com/jackc/pgx/v4 ]]; then
		GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$PWD/$build/go go build -o "$build/go-database" "$here/main.go"
		hosts+=(go)
	else
		say "skipped: go, because Go or pgx is not installed (script/bench --install)"
	fi
	if command -v node >/dev/null && [[ -d $here/node_modules/pg ]]; then
		hosts+=(node)
	else
		say "skipped: node, because Node or pg is not installed (script/bench --install)"
	fi
}

# start_responder NAME COMMAND…: it listens on NAME.sock when this returns.
start_responder() {
	attached "${@:2}" </dev/null >"$files/$1.out" 2>"$files/$1.log" &
	pid[$1]=$!
	wait_for test -S "$run/$1.sock" || die "$1 did not start: $(<"$files/$1.log")"
}

# start_responders: each node with a database that all share, and the rest as a person would start it.
start_responders() {
	local i

	mkdir "$files/file"
	start_responder file "$build/app/rollcall" --listen "unix:$run/file.sock" --data "$files/file"
	for i in 1 2 3 4; do
		start_responder "node-$i" env -u ROLLCALL_DATA "$build/app/rollcall" --listen "unix:$run/node-$i.sock" --store "$DATABASE_URL"
	done
	[[ " ${hosts[*]} " != *' go '* ]] || start_responder go "$build/go-database" "$DATABASE_PEER_URL" "$run/go.sock"
	[[ " ${hosts[*]} " != *' node '* ]] ||
		start_responder node env DATABASE_PEER_URL="$DATABASE_PEER_URL" node "$here/node.js" "$run/node.sock"
}

start_front() {
	local name

	port=$(free_port)
	for name in "$here/nginx.conf" "$PWD/bench/peers/params.conf"; do
		sed "s|/run/bench|$run|g; s|127.0.0.1:8080|127.0.0.1:$port|g" "$name" >"$run/${name##*/}"
	done
	nginx_command "$run"
	attached "${nginx_command[@]}" </dev/null >/dev/null 2>"$files/nginx.log" &
	pid[nginx]=$!
	wait_for_nginx
}

# rate_of HOST KIND PATH CLIENTS PREFIX: answers a second.
rate_of() {
	local answers took errors

	read -r _ answers took errors < <(BENCH_KIND=$2 BENCH_HOST=$1 BENCH_PATH=$3 BENCH_PREFIX=$5 \
		bounded wrk --threads 1 --connections "$4" --duration "${database_seconds}s" --timeout 30s --script bench/load.lua \
		"http://127.0.0.1:$port/" | grep ^result)
	[[ $errors == 0 ]] || die "$errors errors from $1: $(tail -n 3 "$files"/*.log)"
	fraction "$answers" "$took" 0
}

# measure_rates ROUNDS KIND PATH CLIENTS: in turns. A line for each host: the median.
measure_rates() {
	local rounds=$1 kind=$2 path=$3 clients=$4 round turn host
	declare -A rates=()

	say "$kind $path, $clients clients"
	for ((round = 0; round <= rounds; round++)); do
		for ((turn = 0; turn < ${#measured[@]}; turn++)); do
			host=${measured[(turn + round) % ${#measured[@]}]}
			rate=$(rate_of "$host" "$kind" "$path" "$clients" "$host-$clients-$round")
			# The first round warms up.
			((round == 0)) || rates[$host]+="$rate "
		done
	done
	for host in "${measured[@]}"; do
		printf '%-10s %5s  %-12s %10s a second (%s)\n' "$kind" "$clients" "$host" \
			"$(tr ' ' '\n' <<<"${rates[$host]% }" | median | grouped)" "${rates[$host]% }"
	done
}

# make_many: a database with very many users, and a file with few, each with a program.
make_many() {
	local many=${DATABASE_URL/rollcall_app@\/rollcall/rollcall_app@/bench_many}

	[[ $many != "$DATABASE_URL" ]] || die "$DATABASE_URL is not as tests/support/with-postgres has it"
	say "$(grouped <<<"$many_users") users into a database"
	"$DATABASE_BIN/psql" --no-psqlrc --quiet --host "$DATABASE_SOCKETS" --username postgres --dbname postgres \
		--command "CREATE DATABASE bench_many TEMPLATE $DATABASE_TEMPLATE"
	mkdir "$files/few" "$files/many"
	"$programs/bench_users_file" 1000 "$files/few/users.log" >/dev/null
	"$programs/bench_users_file" "$many_users" "$files/many/users.log" >/dev/null
	end_cleanly "$files/few"
	"$build/app/rollcall" export "$files/many/users.log" |
		"$build/app/rollcall" import --store "${many/rollcall_app/postgres}" --format csv >&2
	rm -r "$files/many"
	# As the server does by itself, some minutes later.
	"$DATABASE_BIN/psql" --no-psqlrc --quiet --host "$DATABASE_SOCKETS" --username postgres --dbname bench_many --command 'VACUUM (ANALYZE)'
	start_responder few "$build/app/rollcall" --listen "unix:$run/few.sock" --data "$files/few"
	start_responder many "$build/app/rollcall" --listen "unix:$run/many.sock" --store "$many"
}

# measure_pages: of a node whose list has very many users, beside the flat file with few, over one connection each.
measure_pages() {
	local kind p50 p99 p50_many p99_many

	make_many
	say "pages"
	while read -r kind p50 p99 p50_many p99_many; do
		printf '%-8s file, 1,000 users: p50 %s us, p99 %s us; node, %s users: p50 %s us, p99 %s us\n' "$kind" "$p50" "$p99" \
			"$(grouped <<<"$many_users")" "$p50_many" "$p99_many"
	done < <(bounded "$programs/bench_latency" get "unix:$run/few.sock" 1000 "unix:$run/many.sock" "$many_users")
	end few TERM
	end many TERM
}

# measure_database: run again under tests/support/with-postgres, which makes the server.
measure_database() {
	local clients

	if [[ -z ${DATABASE_URL-} ]]; then
		build
		DATABASE_FSYNC=on DATABASE_SHARED_BUFFERS=1GB exec tests/support/with-postgres "$BASH" script/bench database
	fi
	DATABASE_PEER_URL=$DATABASE_ADMIN_URL
	make_directories
	find_database_peers
	start_responders
	start_front
	measured=("${hosts[@]}")
	for clients in 32 64 256; do
		measure_rates $create_rounds create /create-user "$clients"
	done
	measured=(file nodes-1)
	measure_rates $get_rounds get / 32
	measure_rates $get_rounds get /users 32
	end nginx QUIT
	measure_pages
}
