#!/usr/bin/env bats
# docker-compose.database.yml for real: two nodes behind one nginx, and a database that is stopped and replaced under them.
#
# The tests of this file follow each other, on the same containers.

# shellcheck source=../support/shell/compose.bash
source "$BATS_TEST_DIRNAME/../support/shell/compose.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"

begin() {
	begin_project database "$ROLLCALL_ROOT/docker-compose.database.yml"
}

setup_file() {
	find_engine
	[[ -z $reason ]] || return 0
	begin
	build_images
	compose up -d
	wait_until_ready
}

teardown_file() {
	find_engine
	[[ -z $reason ]] || return 0
	begin
	compose down --volumes --timeout 0
}

setup() {
	need_engine
	begin
	readarray -t nodes < <(container app)
}

# wait_until_ready: the site takes sign-ups.
wait_until_ready() {
	timeout 60 bash -c "until curl --silent --fail --max-time 5 --output /dev/null http://$(address 8080)/readyz; do :; done" ||
		fail "$(compose logs --no-color 2>&1 | tail -n 60)"
}

@test "two nodes have one list" {
	[[ ${#nodes[@]} -eq 2 ]]
	sign_up alice
	expect_code 303
	sign_up Alice
	expect_code 409
	docker stop --time 15 "${nodes[0]}" >/dev/null
	expect_users alice
	sign_up bob
	expect_code 303
	docker start "${nodes[0]}" >/dev/null
	docker stop --time 15 "${nodes[1]}" >/dev/null
	wait_until_ready
	expect_users bob alice
	sign_up BOB
	expect_code 409
	docker start "${nodes[1]}" >/dev/null
}

@test "nobody has a network, or more than they need" {
	local container status

	for container in "${nodes[@]}" "$(container database)"; do
		status=$(docker exec "$container" cat /proc/1/status)
		[[ $status == *$'\nNoNewPrivs:\t1\n'* ]]
		[[ $status == *$'\nCapEff:\t0000000000000000\n'* ]]
		# shellcheck disable=SC2016
		[[ $(docker exec "$container" sed -n '3,$s/:.*//p' /proc/net/dev | tr -d ' ') == lo ]]
		! docker exec "$container" sh -c 'echo >/usr/new' || fail "it can write to its image"
	done
	[[ $(state migrate .State.ExitCode) == 0 ]]
}

# psql ROLE SQL: as the application's user.
psql_as() {
	docker exec --user 10001 "$(container database)" psql --host=/run/postgresql --username="$1" --dbname=rollcall --tuples-only \
		--no-align --command="$2" 2>&1
}

@test "the application is the role of the application, and no other" {
	[[ $(psql_as rollcall_app 'SELECT count(*) FROM rollcall.users') == 2 ]]
	run psql_as postgres 'SELECT 1'
	[[ $status -ne 0 && $output == *'Peer authentication failed'* ]] || fail "$output"
	run psql_as rollcall_app 'DELETE FROM rollcall.users'
	[[ $status -ne 0 && $output == *'permission denied'* ]] || fail "$output"
}

# type_here COMMANDS: what is documented for one kind of compose is typed into the one that is here.
type_here() {
	docker() {
		if [[ $1 == compose ]]; then
			"${compose_command[@]}" -p "$project" "${files[@]}" "${@:2}"
		else
			command docker "$@"
		fi
	}
	eval "$1" </dev/null
}

@test "a backup, restored as documented: who came after it is gone" {
	cd "$BATS_TEST_TMPDIR"
	type_here "$(documented "$ROLLCALL_ROOT/docs/database.md" 'In containers' 2)"
	[[ $(head -c 5 rollcall.dump) == PGDMP ]]
	sign_up late
	expect_code 303
	type_here "$(documented "$ROLLCALL_ROOT/docs/database.md" 'In containers' 3)"
	wait_until_ready
	expect_users bob alice
}

@test "a list in the file moves into the database as documented" {
	printf 'username\ndave\n' | command docker exec -i "${nodes[0]}" rollcall import --data /var/lib/rollcall --format csv
	type_here "$(documented "$ROLLCALL_ROOT/docs/database.md" 'In containers' 4)"
	expect_users dave bob alice
	command docker exec "${nodes[0]}" rm /var/lib/rollcall/users.log
}

@test "the database goes and comes back: pages stay, sign-ups are told so, and go on" {
	docker stop --time 60 "$(container database)" >/dev/null
	expect_users dave bob alice
	sign_up carol
	expect_code 503
	request /readyz
	expect_code 503
	docker start "$(container database)" >/dev/null
	wait_until_ready
	sign_up carol
	expect_code 303
	expect_users carol dave bob alice
}

@test "all of it is replaced, and everybody is there" {
	compose up -d --force-recreate
	wait_until_ready
	expect_users carol dave bob alice
}
