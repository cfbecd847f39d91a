#!/usr/bin/env bats
# The units, where systemd is the first process: started by the socket, killed, wrongly set, restarted under load, rebooted.
# The machine is of the suite of Debian that this file is named after; trixie.bats is a link to it.
#
# The tests of this file follow each other, on the same machine.

# The words of a script are expanded on the machine.
# shellcheck disable=SC2016

# shellcheck source=../support/shell/machine.bash
source "$BATS_TEST_DIRNAME/../support/shell/machine.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"

setup_file() {
	local suite=${BATS_TEST_FILENAME##*/}

	find_engine
	[[ -z $reason ]] || return 0
	start_machine_with "$ROLLCALL_ROOT/tests/systemd/Dockerfile" "${suite%.bats}"
	copy_checkout
	on_machine 'git clone -q /srv/rollcall.git rollcall && cd rollcall
		cmake --preset release --log-level=WARNING && cmake --build --preset release && cmake --install build/release --prefix /usr
		systemd-sysusers && systemctl daemon-reload && systemctl enable -q rollcall.socket rollcall.service
		rm /etc/nginx/sites-enabled/default && cp nginx/rollcall.conf /etc/nginx/conf.d/ && systemctl restart nginx' \
		>"$BATS_FILE_TMPDIR/build.log" 2>&1 || fail "$(tail -n 40 "$BATS_FILE_TMPDIR/build.log")"
}

teardown_file() {
	stop_machine
}

setup() {
	need_engine
}

# What the service and its socket are, and what the service has said, for a test that fails.
teardown() {
	[[ -z ${BATS_TEST_COMPLETED-} && -n ${MACHINE-} ]] || return 0
	on_machine 'systemctl status --no-pager --lines 0 rollcall.service rollcall.socket || true
		journalctl --no-pager --lines 40 --unit rollcall'
}

# state PROPERTY [UNIT]: as systemd has it, of the service.
state() {
	on_machine "systemctl show --value --property $1 ${2:-rollcall.service}"
}

# code [CURL OPTION…]: the status that nginx answers with.
code() {
	on_machine "curl --silent --output /dev/null --max-time 60 --write-out '%{http_code}' $*"
}

sign_up() {
	local answered

	answered=$(code "--data username=$1 localhost/create-user")
	[[ $answered == 303 ]] || fail "signing up $1: $answered"
}

# expect_users NAME…: all of them are listed, and nobody else is.
expect_users() {
	local listed

	listed=$(on_machine 'rollcall export' | tr -d '\r' | tail -n +2 | cut -d , -f 3 | sort | paste -s -d ' ')
	[[ $listed == "$(printf '%s\n' "$@" | sort | paste -s -d ' ')" ]] || fail "listed are: $listed"
}

expect_up() {
	[[ $(state ActiveState) == active && $(state ActiveState rollcall.socket) == active ]] ||
		fail "service: $(state ActiveState), socket: $(state ActiveState rollcall.socket)"
	[[ $(code localhost/healthz) == 200 ]]
}

# mark: a moment, for said. Not a cursor: systemd 252 leaves out the first line after one that is of another unit.
mark() {
	on_machine 'date "+%F %T.%6N"'
}

# said SINCE [JOURNALCTL OPTION…]: what the service, and systemd of it, have said since.
said() {
	on_machine "journalctl --sync; journalctl --unit rollcall --output cat --quiet --since '$1' ${*:2}"
}

# wait_said SINCE TEXT: returns when a line since then has it.
wait_said() {
	on_machine "grep -q -m 1 -F '$2' < <(exec timeout 60 journalctl --unit rollcall --output cat --follow --lines all --since '$1')" ||
		fail "nothing was said of: $2"
}

# set_unit LINE…: a drop-in for the service with these lines of [Service], until clear_unit.
set_unit() {
	local lines

	printf -v lines '%q ' '[Service]' "$@"
	on_machine "mkdir -p /run/systemd/system/rollcall.service.d
		printf '%s\n' $lines >/run/systemd/system/rollcall.service.d/test.conf && systemctl daemon-reload"
}

clear_unit() {
	on_machine 'rm -r /run/systemd/system/rollcall.service.d && systemctl daemon-reload'
}

# begin_load SECONDS: 16 connections to nginx ask for the list, again and again.
begin_load() {
	on_machine "wrk --threads 1 --connections 16 --duration $1 --timeout 120 http://127.0.0.1:80/users" >"$BATS_TEST_TMPDIR/load" 3>&- &
	load=$!
}

# end_load: sets answered and failed.
end_load() {
	wait "$load" || fail "$(<"$BATS_TEST_TMPDIR/load")"
	answered=$(awk '/requests in/ { print $1 }' "$BATS_TEST_TMPDIR/load")
	failed=$(awk '/Non-2xx/ { sum += $NF } /Socket errors/ { gsub(",", ""); sum += $4 + $6 + $8 + $10 } END { print sum + 0 }' \
		"$BATS_TEST_TMPDIR/load")
	[[ $answered -gt 0 ]] || fail 'no request was answered' "$(<"$BATS_TEST_TMPDIR/load")"
}

# report WHAT
report() {
	printf '# %s, %s: %s of %s requests failed\n' "$(on_machine hostname)" "$1" "$failed" "$answered" >&3
}

@test "the units are sound, and the sandbox is as tight as docs/deploy.md says" {
	local found score

	found=$(on_machine 'systemd-analyze verify --man=no rollcall.service rollcall.socket 2>&1')
	[[ -z $found ]] || fail "$found"
	score=$(on_machine 'systemd-analyze security rollcall.service' | sed -n 's/.*Overall exposure level for rollcall.service: \([0-9.]*\) .*/\1/p')
	[[ $(tr '\n' ' ' <"$ROLLCALL_ROOT/docs/deploy.md") == *"\`systemd-analyze security rollcall\` says $score of 10"* ]] || fail "it is $score"
}

@test "the first connection starts it" {
	on_machine 'systemctl start rollcall.socket'
	[[ $(state ActiveState) == inactive ]]
	sign_up alice
	[[ $(state ActiveState) == active ]]
	expect_users alice
}

@test "the journal has priorities: warnings and errors are found by them, and a library's last words too" {
	local here

	here=$(mark)
	set_unit 'ExecStartPre=/bin/sh -c "echo unmarked >&2"'
	on_machine 'echo ROLLCALL_WORKERS=3 >/etc/default/rollcall && systemctl restart rollcall'
	on_machine 'echo ROLLCALL_WORKERS=2 >/etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=setting-needs-restart
	on_machine 'echo ROLLCALL_WORKERS=none >/etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=reload-failed
	[[ $(said "$here" --priority err) == *unmarked*event=reload-failed* ]]
	[[ $(said "$here" --priority warning) == *event=setting-needs-restart* ]]
	[[ $(said "$here" --priority err) != *event=setting-needs-restart* ]]
	[[ $(said "$here" --priority info) == *event=ready* ]]
	[[ $(said "$here" --priority warning) != *event=ready* ]]
	# The mark itself is taken off.
	[[ $(said "$here") != *'<'[0-9]'>'* ]]
	on_machine 'rm /etc/default/rollcall'
	clear_unit
}

@test "commands that systemd starts have priorities, too" {
	on_machine 'systemd-run --quiet --wait --unit rollcall-check rollcall check /nowhere' && fail 'there is such a file'
	on_machine 'journalctl --sync; journalctl --unit rollcall-check --priority err --output cat' | grep -F -x 'rollcall: /nowhere: No such file or directory'
}

@test "a reload with a wrong setting: the old ones stay, and the status says why" {
	local here

	here=$(mark)
	on_machine 'echo ROLLCALL_PAGE_SIZE=0 >/etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=reload-failed
	[[ $(state StatusText) == 'Listening on '*'; the settings are the old ones: /etc/default/rollcall:1: ROLLCALL_PAGE_SIZE:'* ]] ||
		fail "$(state StatusText)"
	expect_up
	on_machine 'rm /etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=reloaded
	[[ $(state StatusText) != *'old ones'* ]]
}

@test "100,000 requests: not a line is lost of what follows" {
	local here total=0

	here=$(mark)
	while [[ $total -lt 100000 ]]; do
		begin_load 5
		end_load
		[[ $failed -eq 0 ]]
		total=$((total + answered))
	done
	printf '# %s: %s requests\n' "$(on_machine hostname)" "$total" >&3
	[[ $(said "$here") != *event=request* ]]
	# As many lines as requests, where somebody wants them: over 10,000 in 30 s.
	on_machine 'echo ROLLCALL_LOG_LEVEL=debug >/etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=reloaded
	total=0
	while [[ $total -lt 15000 ]]; do
		begin_load 2
		end_load
		total=$((total + answered))
	done
	on_machine 'echo ROLLCALL_WORKERS=3 >/etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=setting-needs-restart
	on_machine 'echo ROLLCALL_WORKERS=none >/etc/default/rollcall && systemctl reload rollcall'
	wait_said "$here" event=reload-failed
	[[ $(said "$here" --priority warning) == *event=setting-needs-restart* ]]
	[[ $(said "$here" --priority err) == *event=reload-failed* ]]
	on_machine "journalctl --since '$here' --output cat" >"$BATS_TEST_TMPDIR/journal"
	run grep -E 'Suppressed [0-9]+ messages' "$BATS_TEST_TMPDIR/journal"
	[[ $status -eq 1 ]] || fail 'the journal has dropped lines' "$output"
	[[ $(grep -c event=request "$BATS_TEST_TMPDIR/journal") -gt 10000 ]] || fail "fewer lines than $total requests should have"
	on_machine 'rm /etc/default/rollcall && systemctl restart rollcall'
}

# expect_reason TEXT: of a service that failed, and is shown so.
expect_reason() {
	on_machine 'systemctl status --no-pager --lines 0 rollcall' >"$BATS_TEST_TMPDIR/status" || [[ $? -eq 3 ]]
	grep -q -F "Status: \"$1" "$BATS_TEST_TMPDIR/status" || fail "$(<"$BATS_TEST_TMPDIR/status")"
}

@test "a wrong setting: failed with its reason, visitors get 502 at once, and a restart is enough when it is mended" {
	local reason="/etc/default/rollcall:1: ROLLCALL_PAGE_SIZE: '0': expected a whole number from 1 to 500" here

	on_machine 'echo ROLLCALL_PAGE_SIZE=0 >/etc/default/rollcall'
	on_machine 'systemctl restart rollcall' && fail 'it has started'
	[[ $(state ActiveState) == failed && $(state StatusErrno) -eq 22 && $(state NRestarts) -eq 0 ]]
	expect_reason "$reason"
	here=$(mark)
	# A visitor's connection starts it once more. nginx would wait for 30 s for an answer.
	begin_load 6
	end_load
	printf '# %s, a wrong setting: %s answers in 6 s, started %s times\n' "$(on_machine hostname)" "$answered" \
		"$(said "$here" | grep -c '^Starting')" >&3
	[[ $failed -eq $answered && $answered -gt 16 ]] || fail "$(<"$BATS_TEST_TMPDIR/load")"
	[[ $(said "$here" | grep -c '^Starting') -le 4 ]]
	expect_reason "$reason"
	[[ $(state ActiveState rollcall.socket) == active ]]
	begin_load 4
	on_machine 'rm /etc/default/rollcall && systemctl restart rollcall'
	expect_up
	end_load
}

@test "what a restart may help is tried again: another process has the list" {
	local here

	on_machine 'systemctl stop rollcall.socket'
	on_machine 'systemd-run --quiet --unit rollcall-other --property Type=notify --property User=rollcall rollcall --listen /tmp/other.sock'
	here=$(mark)
	on_machine 'systemctl start rollcall.socket; systemctl start rollcall' && fail 'it has started'
	expect_reason '/var/lib/rollcall is in use by process'
	[[ $(code localhost/users) == 502 ]]
	on_machine 'systemctl stop rollcall-other'
	wait_said "$here" event=ready
	expect_up
}

@test "a crash at each start is tried again each second, and is over when its cause is" {
	local here

	here=$(mark)
	set_unit 'ExecStart=' 'ExecStart=/bin/sh -c "kill -SEGV $$$$"'
	on_machine 'systemctl restart rollcall' && fail 'it has started'
	wait_said "$here" 'restart counter is at 3'
	[[ $(said "$here") == *'status=11/SEGV'* ]]
	[[ $(state ActiveState rollcall.socket) == active ]]
	clear_unit
	on_machine 'systemctl restart rollcall'
	expect_up
}

@test "ten restarts under load: no request fails, and nothing has to be reset" {
	begin_load 20
	on_machine 'for i in {1..10}; do systemctl restart rollcall; done'
	expect_up
	end_load
	report 'ten restarts in 20 s'
	[[ $failed -eq 0 ]] || fail "$(<"$BATS_TEST_TMPDIR/load")"
}

@test "killed under load: only what was under way fails, and nobody is lost" {
	local here

	sign_up bob
	here=$(mark)
	begin_load 6
	on_machine 'systemctl kill --signal KILL rollcall'
	wait_said "$here" event=ready
	end_load
	report 'killed'
	[[ $failed -le 16 ]] || fail "$(<"$BATS_TEST_TMPDIR/load")"
	expect_up
	expect_users alice bob
}

@test "one that hangs is started again by the watchdog" {
	local here

	set_unit WatchdogSec=2s
	on_machine 'systemctl restart rollcall'
	here=$(mark)
	on_machine 'systemctl kill --signal STOP rollcall'
	wait_said "$here" 'Watchdog timeout'
	wait_said "$here" event=ready
	clear_unit
	on_machine 'systemctl restart rollcall'
	expect_up
}

@test "ROLLCALL_LISTEN has no effect, and the log says so" {
	local here

	here=$(mark)
	on_machine 'echo ROLLCALL_LISTEN=/run/rollcall/other.sock >/etc/default/rollcall && systemctl restart rollcall'
	[[ $(said "$here" --priority warning) == *'event=setting-ignored name=listen value=/run/rollcall/other.sock used=unix:/run/rollcall/rollcall.sock'* ]]
	on_machine 'rm /etc/default/rollcall && systemctl restart rollcall'
}

@test "stopped: the socket is gone with its unit, and not before" {
	on_machine 'systemctl stop rollcall.service'
	[[ $(code localhost/healthz) == 200 ]]
	on_machine 'systemctl stop rollcall.socket'
	[[ $(state ActiveState) == inactive ]]
	on_machine 'test ! -e /run/rollcall/rollcall.sock'
	[[ $(code localhost/healthz) == 502 ]]
	on_machine 'tail -n 1 /var/log/nginx/error.log' | grep -F 'No such file or directory'
	on_machine 'systemctl start rollcall.socket rollcall.service'
	expect_up
}

@test "the socket, too, may be stopped and started as often as one likes" {
	on_machine 'for i in {1..10}; do systemctl stop rollcall.socket && systemctl start rollcall.socket rollcall.service; done'
	expect_up
}

@test "a disk that has become read-only: the refusal says so, and asks for no drop-in" {
	on_machine 'systemctl stop rollcall.socket && mount --bind /var/lib/rollcall /var/lib/rollcall && mount -o remount,bind,ro /var/lib/rollcall'
	on_machine 'systemctl start rollcall' && fail 'it has started'
	expect_reason 'cannot lock /var/lib/rollcall/users.lock: Read-only file system; its unit lets it write there: the disk is mounted read-only'
	on_machine 'umount /var/lib/rollcall && systemctl restart rollcall'
	expect_up
}

@test "a link in place of the data directory: systemd refuses it, and docs/deploy.md names the status" {
	on_machine 'systemctl stop rollcall.socket && mv /var/lib/rollcall /srv/moved && ln -s /srv/moved /var/lib/rollcall'
	on_machine 'systemctl start rollcall' && fail 'it has started'
	[[ $(state ExecMainStatus) -eq 238 ]]
	grep -q -F 'status=238/STATE_DIRECTORY' "$ROLLCALL_ROOT/docs/deploy.md"
	on_machine 'systemctl stop rollcall.socket rollcall && rm /var/lib/rollcall && mv /srv/moved /var/lib/rollcall && systemctl start rollcall.socket rollcall'
	expect_up
}

@test "another data directory: the refusal names what is missing, and the commands of docs/deploy.md make it" {
	on_machine 'install -d -o rollcall -g rollcall -m 750 /srv/rollcall && echo ROLLCALL_DATA=/srv/rollcall >/etc/default/rollcall'
	on_machine 'systemctl restart rollcall' && fail 'it has started'
	[[ $(state StatusText) == *'Read-only file system; a drop-in for its unit with ReadWritePaths=/srv/rollcall lets it write there'* ]] ||
		fail "$(state StatusText)"
	on_machine 'rm -r /srv/rollcall /etc/default/rollcall'
	on_machine "$(documented "$ROLLCALL_ROOT/docs/deploy.md" 'Another data directory')"
	expect_up
	sign_up carol
	on_machine 'grep -q carol /srv/rollcall/users.log'
}

@test "a full disk: 503 until there is room" {
	on_machine 'systemctl stop rollcall.socket && mount -t tmpfs -o size=64k,uid=rollcall,gid=rollcall,mode=750 tmpfs /srv/rollcall &&
		systemctl start rollcall.socket rollcall.service'
	sign_up carol
	on_machine 'dd if=/dev/zero of=/srv/rollcall/filler bs=4k status=none' && fail 'there is room without end'
	# The last block of the file has room for a few users with long names.
	on_machine 'name=$(printf "𐐨%.0s" {1..60})
		for i in {10..30}; do
			code=$(curl -s -o /dev/null -w "%{http_code}" --data-urlencode "username=$name$i" localhost/create-user)
			[[ $code == 303 ]] || break
		done
		[[ $code == 503 ]]'
	[[ $(code localhost/readyz) == 503 ]]
	[[ $(code localhost/users) == 200 ]]
	on_machine 'rm /srv/rollcall/filler'
	sign_up dave
	on_machine 'systemctl stop rollcall.socket && umount /srv/rollcall && rm -r /etc/default/rollcall /etc/systemd/system/rollcall.service.d /srv/rollcall &&
		systemctl daemon-reload && systemctl start rollcall.socket rollcall.service'
	expect_up
}

@test "rebooted: everybody is there" {
	local began

	began=$(date +%s%N)
	reboot_machine
	[[ $(code localhost/users) == 200 ]]
	printf '# %s, rebooted: first answer after %s ms\n' "$(on_machine hostname)" $((($(date +%s%N) - began) / 1000000)) >&3
	expect_users alice bob
	expect_up
}
