#!/usr/bin/env bats
# The Debian package for real, in a container of the system it is for: installed, run, upgraded, removed, purged.
#
# The tests of this file follow each other, in the same container.

# shellcheck source=../support/engine.bash
source "$BATS_TEST_DIRNAME/../support/engine.bash"

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

setup_file() {
	local revision

	find_engine
	[[ -z $reason ]] || return 0
	for revision in 1 2; do
		"$ROLLCALL_ROOT/script/package" "$revision" >"$BATS_FILE_TMPDIR/$revision.log" 2>&1 ||
			fail "$(tail -n 40 "$BATS_FILE_TMPDIR/$revision.log")"
	done
	CONTAINER=$(docker run --detach --init debian:bookworm-slim sleep infinity)
	export CONTAINER
	for revision in 1 2; do
		docker cp "$(tail -n 1 "$BATS_FILE_TMPDIR/$revision.log")" "$CONTAINER:/tmp/$revision.deb" 2>/dev/null ||
			docker cp "$ROLLCALL_ROOT/$(tail -n 1 "$BATS_FILE_TMPDIR/$revision.log")" "$CONTAINER:/tmp/$revision.deb"
	done
	inside 'apt-get update -q && apt-get install -y -q --no-install-recommends curl lintian nginx' \
		>"$BATS_FILE_TMPDIR/apt.log" 2>&1 || fail "$(tail -n 20 "$BATS_FILE_TMPDIR/apt.log")"
	printf '# size of the package: %d kB\n' "$(inside "stat -c '%s / 1000' /tmp/1.deb | xargs -n 3 expr")" >&3
}

teardown_file() {
	if [[ -n ${CONTAINER-} ]]; then
		docker rm --force --volumes "$CONTAINER" >/dev/null
	fi
}

setup() {
	find_engine
	[[ -z $reason ]] || skip "$reason"
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# inside SCRIPT: in the container.
inside() {
	docker exec --env DEBIAN_FRONTEND=noninteractive "$CONTAINER" bash -euo pipefail -c "$1" </dev/null
}

# What the units do, where no systemd runs. It is ready when this returns.
start() {
	inside 'install -d -m 2750 -o rollcall -g www-data /run/rollcall
		install -d -m 0750 -o rollcall -g rollcall /var/lib/rollcall
		mkfifo /tmp/log
		setpriv --reuid rollcall --regid rollcall --clear-groups rollcall 2>/tmp/log </dev/null >/dev/null &
		echo $! >/run/rollcall.pid
		grep -q -m 1 event=ready </tmp/log
		rm /tmp/log'
}

# shellcheck disable=SC2016 # it is the container that expands it
stop() {
	inside 'kill $(</run/rollcall.pid)
		timeout 30 tail -f /dev/null --pid $(</run/rollcall.pid)'
}

@test "lintian finds no error" {
	inside 'lintian --allow-root --fail-on error /tmp/1.deb'
}

@test "installed: the program, the site, the manual, the user; the site is off until it is enabled" {
	inside 'apt-get install -y -q --no-install-recommends /tmp/1.deb'
	[[ $(inside 'rollcall --version') == 'rollcall '* ]]
	inside 'getent passwd rollcall'
	inside 'test -e /etc/nginx/sites-available/rollcall -a ! -e /etc/nginx/sites-enabled/rollcall'
	inside 'dpkg-deb -c /tmp/1.deb | grep /usr/share/man/man8/rollcall.8.gz'
	inside 'systemd-analyze verify --man=no /usr/lib/systemd/system/rollcall.{service,socket} 2>&1 | { ! grep rollcall; }'
}

@test "run behind Debian's nginx" {
	start
	inside 'rm /etc/nginx/sites-enabled/default
		ln -s ../sites-available/rollcall /etc/nginx/sites-enabled/
		nginx -t && nginx'
	[[ $(inside 'curl -s -o /dev/null -w %{http_code} -d username=alice localhost/create-user') == 303 ]]
	inside 'curl -s localhost/users | grep "<bdi>alice</bdi>"'
	inside 'rollcall healthcheck'
	[[ $(inside 'stat -c %U:%a /var/lib/rollcall/users.log') == rollcall:6* ]]
}

@test "upgraded: no question is asked, and everyone is there" {
	inside 'apt-get install -y -q --no-install-recommends /tmp/2.deb </dev/null'
	[[ $(inside "dpkg-query -W -f '\${Version}' rollcall") == *-2 ]]
	stop
	start
	inside 'curl -s localhost/users | grep "<bdi>alice</bdi>"'
	[[ $(inside 'curl -s -o /dev/null -w %{http_code} -d username=bob localhost/create-user') == 303 ]]
	stop
}

@test "removed: the program is gone, the users are kept" {
	inside 'apt-get remove -y -q rollcall'
	inside 'test ! -e /usr/sbin/rollcall -a -e /etc/nginx/sites-available/rollcall'
	inside 'grep -q bob /var/lib/rollcall/users.log'
}

@test "purged: nothing is left" {
	inside 'apt-get purge -y -q rollcall'
	inside 'test ! -e /var/lib/rollcall -a ! -e /etc/nginx/sites-available/rollcall'
	[[ $(inside 'find / -xdev -path "*rollcall*" -not -path "/proc/*" -not -path "/tmp/*" -not -path "/run/*" -print') == /etc/nginx/sites-enabled/rollcall ]]
}
