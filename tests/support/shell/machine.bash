# shellcheck shell=bash
# A clean Debian machine: a container whose first process is systemd, as on a machine that was just installed. Services can
# be started, killed and looked at there, and it can be rebooted. Needs a Docker engine (script/docker-engine).
#
#     start_machine bookworm
#     copy_checkout
#     on_machine 'git clone /srv/rollcall.git rollcall'
#     stop_machine

# shellcheck source=tests/support/shell/engine.bash
source "$BATS_TEST_DIRNAME/../support/shell/engine.bash"

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
# shellcheck source=script/lib/image.bash
source "$ROLLCALL_ROOT/script/lib/image.bash"

# start_machine SUITE [DOCKER OPTION…]: of Debian's bookworm or trixie. Sets MACHINE, which the functions below go by.
start_machine() {
	make_image "rollcall-test-machine:$1" "$1" "$ROLLCALL_ROOT/tests/support/shell/machine"
	start_machine_from "rollcall-test-machine:$1" "$@"
}

# start_machine_with DOCKERFILE SUITE [DOCKER OPTION…]: one where that has installed more, FROM the image of start_machine.
start_machine_with() {
	local image

	image=rollcall-test-$(basename "$(dirname "$1")"):$2
	make_image "rollcall-test-machine:$2" "$2" "$ROLLCALL_ROOT/tests/support/shell/machine"
	make_image "$image" "$2" --file "$1" "$ROLLCALL_ROOT"
	start_machine_from "$image" "${@:2}"
}

# make_image TAG SUITE [DOCKER OPTION…] CONTEXT: for this Debian.
make_image() {
	local said

	said=$(build_image "$1" --build-arg "SUITE=$2" "${@:3}" 2>&1) || fail "$1 could not be made" "$said"
}

# start_machine_from IMAGE SUITE [DOCKER OPTION…]: one that was made, or kept by keep_machine. systemd wants to mount and to make
# control groups; SYS_RESOURCE is what no engine within a container can give.
start_machine_from() {
	local began

	began=$(date +%s.%N)
	MACHINE=$(docker run --detach --tty --label rollcall-test --hostname "$2" \
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
