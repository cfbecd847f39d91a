#!/usr/bin/env bats
# docs/deploy.md: in containers. The machine has Debian's docker-compose and talks to the engine that it runs in itself, so the
# site is at an address of 127.0.0.1 here.

# shellcheck source=ways.bash
source "$BATS_TEST_DIRNAME/ways.bash"

# Debian 12 has docker-compose alone; docs/deploy.md says that it will do.
compose_commands() {
	local script

	script=$(commands "$@")
	[[ $debian != debian12 ]] || script=${script//docker compose/docker-compose}
	printf '%s\n' "$script"
}

follow() {
	on_machine "$(compose_commands "$@")"
}

browse() {
	curl --silent --max-time 240 "${@:1:$#-1}" "http://$outside${*: -1}"
}

wait_for_site() {
	timeout 240 bash -c "until curl --silent --fail --output /dev/null http://$outside/; do :; done" ||
		fail 'the site does not answer' "$(browse --include /)"
}

compose_machine() {
	clean_machine --volume /var/run/docker.sock:/var/run/docker.sock
	outside=127.0.0.1:$(free_port)
	# The engine is there before anything is typed, and is not the machine's own.
	on_machine 'systemctl mask --quiet docker.service docker.socket containerd.service'
	if [[ $debian == debian12 ]]; then
		on_machine 'apt-get install -q --no-install-recommends docker.io docker-compose'
	else
		on_machine 'apt-get install -q --no-install-recommends docker-cli docker-compose'
	fi
	began=$EPOCHREALTIME
}

# end_compose: nothing of it stays on the engine.
end_compose() {
	on_machine "[[ ! -e $checkout/.env ]] || { cd $checkout && docker-compose down --volumes --rmi all --timeout 0; }" || true
}

# kill_application: the process itself, since `docker kill` would be taken for the operator's wish that it stays away.
kill_application() {
	in_checkout "docker inspect --format '{{.State.Pid}}' \$(docker-compose ps --quiet app)" |
		xargs kill -KILL
}

upgrade_containers() {
	in_checkout 'git pull --quiet && docker-compose up -d --build'
}

compose_way() {
	project=rollcall-test-ways-$debian-$(stat --format %i "$BATS_RUN_TMPDIR")
	compose_machine
	trap 'end_compose; end_way' EXIT
	# .env is where docs/deploy.md says that variables are set.
	on_machine "git clone --quiet file:///srv/rollcall.git rollcall
		printf '%s\n' COMPOSE_PROJECT_NAME=$project ROLLCALL_IMAGE=$project ROLLCALL_PUBLISH=$outside >rollcall/.env"
	start_at_terminal "$(compose_commands docs/deploy.md 'In containers' 1)" 'event=ready'
	first_sign_up
	press_ctrl_c 1 # docker-compose 1 says "Aborting."
	start_visits restart
	in_checkout 'docker-compose restart app'
	end_visits restart 0
	start_visits kill
	kill_application
	end_visits kill 8

	follow docs/deploy.md 'In containers' 2
	sign_up too-late
	follow docs/deploy.md 'In containers' 3
	wait_for_site
	expect_user alice
	expect_nobody too-late

	publish_release
	start_visits upgrade
	upgrade_containers
	# Of some 170,000 requests over 40 upgrades, ten connections were closed as they were made, between Docker's proxy and the
	# nginx that ends.
	end_visits upgrade 2
	expect_release
	expect_user alice
}

@test "docker-compose" {
	on_both compose_way
}
