#!/usr/bin/env bats
# README.md: script/server, as a newcomer tries it.

# shellcheck source=ways.bash
source "$BATS_TEST_DIRNAME/ways.bash"

start_server() {
	start_at_terminal "$1" '^server: http://localhost:8080 '
}

leave() {
	press_ctrl_c
	! on_machine 'pgrep --exact "nginx|rollcall"' || fail 'something still runs'
}

script_server_way() {
	local answer

	clean_machine
	start_server "$(commands README.md 'Try it' 1)"
	answer=$(follow README.md 'Try it' 2)
	figure first-signup "$(seconds_since "$began")s"
	[[ $answer == *'303 See Other'*'Location: /users?created=1'*'<bdi>alice</bdi>'* ]] || fail 'not as documented' "$answer"
	answer=$(follow docs/api.md 'For programs' 1)
	[[ $answer == *'201 Created'*'Location: /users/2'*'"username":"alice"'* ]] || fail 'not as documented' "$answer"
	leave

	# As often as one likes.
	start_server "cd $checkout && script/server"
	[[ $(browse --connect-to '::localhost:8080' /users) == *'<bdi>alice</bdi>'* ]] || fail 'alice is not in the list'
	leave

	# From trying it to deploying it: nginx is there by now, and is started by nobody.
	follow docs/deploy.md 'Behind your own nginx, under systemd' 1
	follow docs/deploy.md 'Behind your own nginx, under systemd' 2
	follow docs/deploy.md 'Behind your own nginx, under systemd' 3
	wait_for_site
	sign_up bob
	reboot_machine
	wait_for_site
	expect_user bob
}

@test "script/server, tried, and then deployed" {
	on_both script_server_way
}
