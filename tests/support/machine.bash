# shellcheck shell=bash
# A clean Debian machine: a container whose first process is systemd, as on a machine that was just installed. Services can
# be started, killed and looked at there, and it can be rebooted. Needs a Docker engine (script/docker-engine).
#
#     start_machine bookworm
#     copy_checkout
#     on_machine 'git clone /srv/rollcall.git rollcall'
#     stop_machine

# shellcheck source=engine.bash
source "$BATS_TEST_DIRNAME/../support/engine.bash"

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# start_machine SUITE [DOCKER OPTION…]: of Debian's bookworm or trixie. Sets MACHINE, which the functions below go by. Its
# port 80 is a free one of 127.0.0.1 here: machine_address 80.
#
# systemd wants to mount and to make control groups; SYS_RESOURCE is what no engine within a container can give.
start_machine() {
	make_machine_image "$1" "$ROLLCALL_ROOT/tests/support/machine"
	start_machine_from "rollcall-test-machine:$1" "$@"
}

# start_machine_with DOCKERFILE SUITE [DOCKER OPTION…]: one where that has installed more, FROM the image of start_machine.
start_machine_with() {
	local image

	image=rollcall-test-$(basename "$(dirname "$1")"):$2
	make_machine_image "$2" "$ROLLCALL_ROOT/tests/support/machine"
	make_machine_image "$2" "$ROLLCALL_ROOT" --file "$1" --tag "$image"
	start_machine_from "$image" "${@:2}"
}

# make_machine_image SUITE CONTEXT [DOCKER OPTION…]: rollcall-test-machine:SUITE, unless an option has another name for it.
make_machine_image() {
	local name=(--tag "rollcall-test-machine:$1") said

	[[ " ${*:3} " != *' --tag '* ]] || name=()
	said=$(docker build --build-arg SUITE="$1" "${name[@]}" "${@:3}" "$2" 2>&1) || fail 'no image of a machine could be made' "$said"
}

# start_machine_from IMAGE SUITE [DOCKER OPTION…]: one that keep_machine has kept.
start_machine_from() {
	local began

	began=$(date +%s.%N)
	MACHINE=$(docker run --detach --tty --label rollcall-test --hostname "$2" --publish 127.0.0.1::80 \
		--cap-add ALL --cap-drop SYS_RESOURCE --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
		--tmpfs /run:exec --tmpfs /tmp:exec --cgroupns host --volume /sys/fs/cgroup:/sys/fs/cgroup:rw "${@:3}" "$1")
	export MACHINE
	wait_until_running "$began"
}

# keep_machine IMAGE [DOCKER OPTION…]: its disk as it is now. The caller removes the image.
keep_machine() {
	docker commit "${@:2}" "$MACHINE" "$1" >/dev/null
}

# wait_until_running SINCE: its services are up; systemd says on its terminal what it has reached, and "degraded" if a service
# failed, which is a fault of ours or of the container.
wait_until_running() {
	local state

	grep -q -m 1 'Reached target.*Multi-User' < <(exec timeout 120 docker logs --follow --since "$1" "$MACHINE" 2>&1) ||
		fail 'systemd does not come up' "$(docker logs "$MACHINE" 2>&1 | tail -n 20)"
	state=$(docker exec "$MACHINE" timeout 120 systemctl is-system-running --wait) ||
		fail "the machine is $state" "$(docker exec "$MACHINE" systemctl --failed --no-pager --full)"
}

stop_machine() {
	[[ -z ${MACHINE-} ]] || docker rm --force --volumes "$MACHINE" >/dev/null
}

# What is in /run and /tmp goes, all else stays.
reboot_machine() {
	local began

	began=$(date +%s.%N)
	docker restart "$MACHINE" >/dev/null
	wait_until_running "$began"
}

# Power is cut: nothing is told to stop.
cut_power() {
	local began

	docker kill "$MACHINE" >/dev/null
	began=$(date +%s.%N)
	docker start "$MACHINE" >/dev/null
	wait_until_running "$began"
}

# on_machine SCRIPT: run there by bash, as root, in root's home.
on_machine() {
	docker exec --env DEBIAN_FRONTEND=noninteractive --workdir /root "$MACHINE" bash -euo pipefail -c "$1" </dev/null
}

# copy_checkout: what is in this checkout, committed or not, becomes the repository /srv/rollcall.git there.
copy_checkout() {
	git -C "$ROLLCALL_ROOT" ls-files -z --cached --others --exclude-standard |
		tar -C "$ROLLCALL_ROOT" --null --files-from - --ignore-failed-read --create 2>/dev/null |
		docker exec --interactive "$MACHINE" sh -euc 'mkdir /tmp/checkout && cd /tmp/checkout && tar -x --no-same-owner &&
			git init -q -b main && git add -A && git -c user.name=test -c user.email=test@rollcall.test commit -q -m checkout &&
			git clone -q --bare . /srv/rollcall.git && rm -r /tmp/checkout'
}

# machine_address PORT: where this port of the machine is here, ADDRESS:PORT.
machine_address() {
	docker port "$MACHINE" "$1"
}
