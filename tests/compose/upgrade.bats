#!/usr/bin/env bats
# What is replaced, restarted or killed in containers while people use the site, and what they notice.
#
# The tests of this file follow each other, on the same containers.

# shellcheck source=../support/shell/compose.bash
source "$BATS_TEST_DIRNAME/../support/shell/compose.bash"

setup_file() {
	find_engine
	[[ -z $reason ]] || return 0
	begin_project upgrade
	build_images
	# What was there before the sockets were held: the application and nginx made them, each its own.
	begin_project upgrade "$BATS_TEST_DIRNAME/two-containers.yml"
	compose up -d --no-deps app nginx
}

teardown_file() {
	find_engine
	[[ -z $reason ]] || return 0
	begin_project upgrade
	compose down --volumes --timeout 0
}

setup() {
	need_engine
	begin_project upgrade
}

# identity SERVICE: which container it is, since when.
identity() {
	state "$1" .Id
	state "$1" .State.StartedAt
}

# nobody_notices COMMAND…
nobody_notices() {
	under_load "$@"
	[[ $failed -eq 0 && $broken -eq 0 ]]
}

@test "from two containers to three: the users are there" {
	begin_project upgrade "$BATS_TEST_DIRNAME/two-containers.yml"
	curl --silent --retry 100 --retry-all-errors --retry-delay 1 --output /dev/null --data username=alice \
		"http://$(docker port "$(container nginx)" 8080)/create-user"
	compose down
	begin_project upgrade
	start_project
	expect_users alice
}

@test "upgraded, build and all: nobody notices, and the sockets stay" {
	local app nginx socket

	app=$(identity app)
	nginx=$(identity nginx)
	socket=$(identity socket)
	ROLLCALL_REVISION=upgraded nobody_notices compose up -d --build
	[[ $(identity app) != "$app" && $(identity nginx) != "$nginx" && $(identity socket) == "$socket" ]]
	[[ $(docker image inspect --format '{{json .Config.Labels}}' "$(state app .Image)") == *'.revision":"upgraded"'* ]]
}

@test "the application alone is another one: nobody notices, and nginx carries on" {
	local app nginx

	app=$(identity app)
	nginx=$(identity nginx)
	ROLLCALL_REVISION=upgraded ROLLCALL_PAGE_SIZE=10 nobody_notices compose up -d
	[[ $(identity app) != "$app" && $(identity nginx) == "$nginx" ]]
}

@test "nginx alone is another one, or either is restarted: nobody notices" {
	nobody_notices compose up -d --no-deps --force-recreate nginx
	nobody_notices compose restart app
	nobody_notices compose restart nginx
}

@test "the application is killed: what was under way may fail, and nothing else" {
	local before

	before=$(state app .RestartCount)
	under_load kill_and_wait app
	((failed <= 17 && broken == 0))
	[[ $(state app .RestartCount) -eq $((before + 1)) ]]
}

@test "nginx is killed and started: what it had accepted gets no answer, and nothing else" {
	local container

	container=$(container nginx)
	under_load eval "docker kill $container && docker start $container"
	((failed == 0 && broken <= 17))
}

@test "what holds the sockets is killed: all of it comes back by itself" {
	local began service

	sign_up bob
	began=$(now)
	kill_process socket
	for service in socket app nginx; do
		wait_for_event "$began" "$service" start
		wait_until_healthy "$began" "$service"
	done
	wait_until_answered
	request /users/1
	expect_code 200
	compose logs --no-color app nginx | grep -c 'the holder has ended' | grep -q -x 2
}

@test "all are killed, and started in any order, as after a reboot: the site is back" {
	local order service

	for order in 'socket app nginx' 'app nginx socket' 'nginx app socket'; do
		docker kill "$(container app)" "$(container nginx)" "$(container socket)"
		for service in $order; do
			docker start "$(container "$service")"
		done
		wait_until_answered
	done
	for service in socket app nginx; do
		[[ $(state "$service" .State.Running) == true ]]
	done
}
