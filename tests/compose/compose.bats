#!/usr/bin/env bats
# docker-compose.yml for real: built, started, killed, recreated, filled, taken down.
#
# The tests of this file follow each other, on the same containers.

# shellcheck source=../support/shell/compose.bash
source "$BATS_TEST_DIRNAME/../support/shell/compose.bash"

setup_file() {
	local image

	find_engine
	[[ -z $reason ]] || return 0
	begin_project site
	build_images
	for image in socket app nginx; do
		printf '# size of the %s image: %d KB\n' "$image" \
			$(($(docker image inspect --format '{{.Size}}' "$ROLLCALL_IMAGE-$image") / 1000)) >&3
	done
	start_project
}

teardown_file() {
	find_engine
	[[ -z $reason ]] || return 0
	begin_project site
	compose down --volumes --timeout 0
}

setup() {
	need_engine
	begin_project site
}

teardown() {
	# What a test began besides.
	if [[ -z $reason && $project != rollcall-test-site-* ]]; then
		compose down --volumes --timeout 0
	fi
}

@test "created through nginx" {
	sign_up alice
	expect_code 303
	sign_up Alice
	expect_code 409
	expect_users alice
	request /style.css
	expect_code 200
	request /nowhere
	expect_code 404
}

@test "none has more than it needs" {
	local service status

	for service in app nginx; do
		status=$(inside "$service" cat /proc/1/status)
		[[ $status == *$'\nNoNewPrivs:\t1\n'* ]]
		[[ $status == *$'\nCapEff:\t0000000000000000\n'* ]]
		[[ $status == *$'\nCapBnd:\t0000000000000000\n'* ]]
		! inside "$service" sh -c 'echo >/usr/new' || fail "$service can write to its image"
		! inside "$service" sh -c 'command -v cc gcc cmake ninja' || fail "$service has what it was built with"
		# No interface but its own loopback.
		# shellcheck disable=SC2016
		[[ $(inside "$service" sed -n '3,$s/:.*//p' /proc/net/dev | tr -d ' ') == lo ]]
	done
	for service in socket app nginx; do
		[[ $(state "$service" .HostConfig.RestartPolicy.Name) == unless-stopped ]]
		[[ $(state "$service" .HostConfig.LogConfig.Config) == *max-size:10m* ]]
		[[ $(state "$service" .HostConfig.ReadonlyRootfs) == true ]]
		[[ $(state "$service" .HostConfig.CapDrop) == '[ALL]' ]]
		[[ $(state "$service" .HostConfig.SecurityOpt) == *no-new-privileges* ]]
	done
	for service in socket app; do
		[[ $(state "$service" .HostConfig.SecurityOpt) == *seccomp=* ]]
	done
	# Making a directory is allowed by the engine's own profile.
	! inside app mkdir /var/lib/rollcall/new 2>"$BATS_TEST_TMPDIR/refused" || fail 'its system calls are not filtered'
	grep -q 'Operation not permitted' "$BATS_TEST_TMPDIR/refused"
	inside app cat /proc/1/limits | grep -q -E '^Max core file size +0 +0 '
	[[ $(state app .HostConfig.Memory) -eq $((3 << 30)) && $(state app .HostConfig.PidsLimit) -eq 128 ]]
	docker cp "$(container socket):/usr/sbin/socket-holder" "$BATS_TEST_TMPDIR"
	readelf --file-header --program-headers --wide "$BATS_TEST_TMPDIR/socket-holder" >"$BATS_TEST_TMPDIR/headers"
	grep -q 'Type: *DYN ' "$BATS_TEST_TMPDIR/headers"
	grep -q 'GNU_STACK.* RW  ' "$BATS_TEST_TMPDIR/headers"
	grep -q GNU_RELRO "$BATS_TEST_TMPDIR/headers"
	[[ $(inside app id -u) -eq 10001 ]]
	[[ $(inside nginx id -u) -eq 10002 ]]
	[[ $(state socket .Config.User) == 10001:10001 ]]
	# One program, and nothing else.
	! inside socket sh -c true || fail "the holder of the sockets has a shell"
	# The application cannot take what nginx is handed.
	[[ $(inside app ls /run/rollcall) == $'rollcall.sock\ntake' ]]
	! inside app test -e /run/rollcall-http || fail "the application can ask for the sockets of nginx"
}

@test "how it is, is shown to this machine and no other" {
	local path socket

	for path in /healthz /readyz /metrics /loop; do
		request "$path"
		expect_code 200
	done
	socket=$(state socket '(index .NetworkSettings.Networks "'"${project}_default"'").IPAddress')
	[[ $(elsewhere "http://$socket:8080/users") == *'200 OK'* ]]
	for path in /healthz /readyz /metrics /loop /loop/events; do
		[[ $(elsewhere "http://$socket:8080$path") == *'404 Not Found'* ]]
	done
}

# elsewhere URL: what is answered to another machine of the network.
elsewhere() {
	docker run --rm --network "${project}_default" --entrypoint busybox "$ROLLCALL_IMAGE-nginx" \
		wget -S -q -O /dev/null "$1" 2>&1 || true
}

@test "health: alive and ready are asked in the protocol it speaks" {
	[[ $(inside app rollcall healthcheck) == ready ]]
	[[ $(inside app rollcall healthcheck --live) == ok ]]
	compose logs --no-color app | grep -q 'event=request id=healthcheck method=GET path=/healthz status=200'
}

@test "killed, and started again: every user is there, and a request that came between is answered" {
	local began asked

	sign_up bob
	expect_code 303
	docker kill "$(container app)"
	curl --silent --max-time 60 --output /dev/null --write-out '%{http_code}' "http://$(address 8080)/users" \
		>"$BATS_TEST_TMPDIR/code" 3>&- &
	asked=$!
	began=$(now)
	compose up -d
	wait "$asked"
	[[ $(<"$BATS_TEST_TMPDIR/code") == 200 ]]
	wait_until_healthy "$began" app
	expect_users bob alice
}

@test "backed up and restored" {
	local began backup=$BATS_TEST_TMPDIR/users.log

	inside app rollcall backup - >"$backup"
	sign_up mallory
	expect_code 303
	compose stop app
	"${compose_command[@]}" -p "$project" "${files[@]}" run --rm -T --entrypoint sh app \
		-c 'cat >/var/lib/rollcall/users.log' <"$backup"
	began=$(now)
	compose start app
	wait_until_healthy "$began" app
	expect_users bob alice
}

@test "64 KiB for the users: full, alive, readable, and in use again once there is room" {
	local began i name

	begin_project full "$BATS_TEST_DIRNAME/small-disk.yml"
	began=$(now)
	compose up -d
	wait_until_healthy "$began" app
	sign_up alice
	expect_code 303
	inside app sh -c 'head -c 64k /dev/zero >/var/lib/rollcall/ballast' || true
	name=$(printf '𐌰%.0s' {1..60}) # of four bytes each
	for ((i = 10; i < 50; i++)); do
		sign_up "$name$i"
		[[ $code == 303 ]] || break
	done
	expect_code 503
	request /users
	expect_code 200
	[[ $body == *alice* ]]
	# A restart would be of no use, so it counts as healthy; a client that asks whether it is ready is told why not.
	inside app rollcall healthcheck --live
	! inside app rollcall healthcheck 2>"$BATS_TEST_TMPDIR/reason" || fail 'is ready without room'
	grep -q 'not ready: .*No space left on device' "$BATS_TEST_TMPDIR/reason"
	inside app rm /var/lib/rollcall/ballast
	sign_up bob
	expect_code 303
	inside app rollcall healthcheck
	inside app rollcall check
}

@test "stopped within the grace period, with exit code 0" {
	local began=$SECONDS service

	compose stop
	((SECONDS - began < 15)) || fail "took $((SECONDS - began)) s"
	for service in socket app nginx; do
		[[ $(state "$service" .State.ExitCode) -eq 0 ]] || fail "$service ended with $(state "$service" .State.ExitCode)"
	done
	compose logs --no-color app | tail -n 1 | grep -q event=stopped
	compose down
	# The users outlive their containers.
	began=$(now)
	compose up -d
	wait_until_healthy "$began" app
	expect_users bob alice
}
