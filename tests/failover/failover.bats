#!/usr/bin/env bats
# Failures of a replicated database, Patroni with etcd, under two nodes with people who sign up.
#
#     FAILOVER_ROUNDS=10 script/test failover

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
rounds=${FAILOVER_ROUNDS:-1}

setup_file() {
	cmake --preset release -B "$ROLLCALL_ROOT/build/failover" -DBUILD_TESTING=ON --log-level=WARNING >/dev/null
	cmake --build "$ROLLCALL_ROOT/build/failover" --target rollcall database_sign_up >"$BATS_FILE_TMPDIR/build.log"
}

setup() {
	cd "$ROLLCALL_ROOT" || return
	for program in patroni etcd; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

# fail_over SCENARIO
fail_over() {
	local round

	for ((round = 0; round < rounds; round++)); do
		"$BATS_TEST_DIRNAME/failover.py" build/failover/app/rollcall build/failover/tests/database/database_sign_up "$1" |
			sed 's/^/# /' >&3
		[[ ${PIPESTATUS[0]} -eq 0 ]]
	done
}

@test "the primary is killed" {
	fail_over primary_killed
}

@test "a standby takes over on request" {
	fail_over switchover
}

@test "the synchronous standby is gone" {
	fail_over standby_gone
}

@test "both standbys are gone: nobody is told what is not replicated" {
	fail_over both_standbys_gone
}

@test "the primary is cut off, and comes back to another one" {
	fail_over network_split
}
