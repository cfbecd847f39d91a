#!/usr/bin/env bats
# The system calls that the unit for systemd and docker-compose.yml allow: the same ones, no others, and those end the program that
# tests of other folders run under this list.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
profile=$ROLLCALL_ROOT/packaging/seccomp.json
unit=$ROLLCALL_ROOT/packaging/systemd/rollcall.service
filtered=$ROLLCALL_ROOT/tests/support/shell/filtered

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# setting NAME: of the unit, all its lines.
setting() {
	sed -n "s/^$1=//p" "$unit"
}

@test "unit and containers allow the same calls" {
	# The unit leaves it to RestrictNamespaces= to say that there is no clone3.
	{
		echo clone3
		jq --raw-output '.syscalls[] | select(.action == "SCMP_ACT_ALLOW" and (.comment // "" | startswith("Commands in a container") | not)) |
			.names[]' "$profile"
	} | sort -u >"$BATS_TEST_TMPDIR/containers"
	# Every list of systemd begins with these.
	systemd-analyze syscall-filter @default | sed -n 's/^ *\([a-z][a-z0-9_]*\)$/\1/p' | sort >"$BATS_TEST_TMPDIR/default"
	setting SystemCallFilter | tr ' ' '\n' | sort >"$BATS_TEST_TMPDIR/unit"
	[[ -s $BATS_TEST_TMPDIR/default && -s $BATS_TEST_TMPDIR/unit ]]
	! uniq -d "$BATS_TEST_TMPDIR/unit" | grep . || fail 'they are there twice'
	diff <(comm -23 "$BATS_TEST_TMPDIR/containers" "$BATS_TEST_TMPDIR/default") <(comm -23 "$BATS_TEST_TMPDIR/unit" "$BATS_TEST_TMPDIR/default") ||
		fail 'containers have < alone, the unit has > alone'
}

@test "the profile is one for Docker: what it does not name is an error" {
	[[ $(jq --raw-output '.defaultAction, .defaultErrnoRet' "$profile") == $'SCMP_ACT_ERRNO\n1' ]]
	! jq --raw-output '.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]' "$profile" | grep -x -E \
		'ptrace|process_vm_.*|bpf|perf_event_open|userfaultfd|io_uring_enter|keyctl|add_key|mount|umount2|unshare|setns|pivot_root|chroot|set.*[ug]id|setgroups|cap(get|set)|mknod.*|linkat|fchown|symlinkat|init_module|kexec_.*|reboot|swapon|personality|settimeofday|clock_settime' ||
		fail 'it has what it should not'
}

@test "here a call that is not in the list ends the process" {
	run "$filtered" "$profile" unshare --user true
	[[ $status -eq 159 ]] # SIGSYS
	run "$filtered" "$profile" /usr/bin/python3 -c 'import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)'
	[[ $status -eq 159 ]]
	# What an administrator does in a container, and the unit to reload.
	run env --unset PWD "$filtered" "$profile" sh -c 'cat /dev/null && ls / >/dev/null && kill -0 $$'
	[[ $status -eq 0 && -z $output ]]
}

# state PID: S sleeps, T is stopped.
state() {
	sed 's/.*) \(.\) .*/\1/' "/proc/$1/stat"
}

@test "a process that was stopped, or a signal came to, goes on with the call that it was in" {
	local process

	"$filtered" "$profile" sleep 2 3>&- &
	process=$!
	until [[ $(</proc/$process/comm) == sleep && $(state "$process") == S ]]; do :; done
	kill -STOP "$process"
	until [[ $(state "$process") == T ]]; do :; done
	kill -CONT "$process"
	wait "$process"
}

@test "a database can be looked up by its name" {
	# With these the C library asks a name server, for addresses of both kinds at once; a name in /etc/hosts does not show it.
	grep -q '"sendmmsg"' "$profile"
	grep -q '"recvmmsg"' "$profile"
}

@test "unit and containers have the same limits" {
	[[ $(setting MemoryMax) == 3G && $(setting TasksMax) -eq 72 && $(setting LimitCORE) -eq 0 ]]
	grep -q -F "\${ROLLCALL_MEMORY:-3g}" "$ROLLCALL_ROOT/docker-compose.yml"
	# A process needs fewer threads than that: the greatest --workers, the loop, the log, and the shell of ExecReload.
	[[ $(($("$ROLLCALL" --workers 1000 2>&1 | sed -n 's/.* from 1 to \([0-9]*\).*/\1/p') + 3)) -le $(setting TasksMax) ]]
}
