#!/usr/bin/env bats
# The Debian package for real, on Debian 12 and on Debian 13: made there, and on a machine with systemd installed, upgraded,
# removed and purged.
#
# The tests of this file follow each other, on the same machines.

# The scripts in quotes are expanded where they run.
# shellcheck disable=SC2016

# shellcheck source=../support/shell/machine.bash
source "$BATS_TEST_DIRNAME/../support/shell/machine.bash"
# shellcheck source=../support/shell/hardened.bash
source "$BATS_TEST_DIRNAME/../support/shell/hardened.bash"

SUITES=(bookworm trixie)

setup_file() {
	local suite making=()

	find_engine
	[[ -z $reason ]] || return 0
	for suite in "${SUITES[@]}"; do
		make_packages "$suite" >"$BATS_FILE_TMPDIR/$suite.log" 2>&1 &
		making+=($!)
	done
	for suite in "${SUITES[@]}"; do
		wait "${making[0]}" || fail "$(tail -n 40 "$BATS_FILE_TMPDIR/$suite.log")"
		making=("${making[@]:1}")
		start_machine "$suite"
		printf '%s\n' "$MACHINE" >"$BATS_FILE_TMPDIR/$suite.machine"
		prepare_machine "$suite" >"$BATS_FILE_TMPDIR/$suite.log" 2>&1 || fail "$(tail -n 20 "$BATS_FILE_TMPDIR/$suite.log")"
	done
	printf '# size of the package: %d kB\n' "$(on_machine "stat -c '%s / 1000' rollcall_*.deb | xargs -n 3 expr")" >&3
}

# make_packages SUITE: in a container that stays until the tests are over, from this checkout: twice on bookworm, the second
# time by another user, elsewhere, and with other settings; on trixie as revision 2.
make_packages() {
	make_image "rollcall-test-package:$1" "$1" --file "$BATS_TEST_DIRNAME/Dockerfile" "$ROLLCALL_ROOT"
	MACHINE=$(docker run --detach --init --label rollcall-test "rollcall-test-package:$1" sleep infinity)
	printf '%s\n' "$MACHINE" >"$BATS_FILE_TMPDIR/$1.maker"
	copy_checkout
	on_machine 'git clone -q /srv/rollcall.git rollcall'
	if [[ $1 == trixie ]]; then
		on_machine 'rollcall/script/package 2'
		return
	fi
	on_machine 'rollcall/script/package'
	on_machine 'umask 077
		git clone -q /srv/rollcall.git /home/builder/elsewhere
		chown -R builder: /home/builder
		env TZ=Pacific/Kiritimati LC_ALL=tr_TR.UTF-8 setpriv --reuid builder --regid builder --clear-groups \
			/home/builder/elsewhere/script/package'
}

# prepare_machine SUITE: the packages in root's home, an older one beside them (0.deb, the same but for its number), and a web
# server with a site that has nothing to do with us.
prepare_machine() {
	docker cp "$(<"$BATS_FILE_TMPDIR/$1.maker"):/root/rollcall/build/package/." - | docker cp - "$MACHINE:/root"
	docker cp "$BATS_TEST_DIRNAME/../deploy/load.lua" "$MACHINE:/root/"
	on_machine 'apt-get update -q
		apt-get install -y -q --no-install-recommends nginx wrk xz-utils
		echo "server { listen 8081; return 200 other; }" >/etc/nginx/conf.d/other.conf
		systemctl restart nginx
		dpkg-deb --raw-extract rollcall_*.deb older
		sed -i "s/^Version: .*/Version: 0.2.0-0/" older/DEBIAN/control
		dpkg-deb --root-owner-group --build older 0.deb
		rm -r older'
}

teardown_file() {
	cat "$BATS_FILE_TMPDIR"/*.machine "$BATS_FILE_TMPDIR"/*.maker 2>/dev/null |
		xargs --no-run-if-empty docker rm --force --volumes >/dev/null
}

setup() {
	need_engine
}

# on_each SCRIPT: on one machine after the other.
on_each() {
	local suite

	for suite in "${SUITES[@]}"; do
		MACHINE=$(<"$BATS_FILE_TMPDIR/$suite.machine")
		on_machine "$functions"$'\n'"$1" || fail "on $suite"
	done
}

# What the scripts there have in common.
functions='
not() { ! "$@"; } # bash takes no offence at a ! that is false
get() { apt-get install -y -q --no-install-recommends "$@" </dev/null; }
sign_up() { [ "$(curl -s -o /dev/null -w "%{http_code}" --data-urlencode "username=$1" localhost/create-user)" = 303 ]; }
listed() { curl -s -H "Accept: application/json" "localhost/users?q=$1" | grep "\"username\":\"$1\""; }
other_site() { nginx -t && systemctl restart nginx && [ "$(curl -s localhost:8081)" = other ]; }
answers() { [ "$(head -n "$1" < <(exec timeout 300 tail -n +1 -F answered 2>/dev/null) | wc -l)" -eq "$1" ]; }
'

# maker SUITE: what follows with on_machine is done where its package was made.
maker() {
	MACHINE=$(<"$BATS_FILE_TMPDIR/$1.maker")
}

@test "made twice, from the same files: every byte is the same, by any user, anywhere, and with any settings" {
	maker bookworm
	on_machine 'cd rollcall/build/package
		ls "rollcall_0.2.0-1_$(dpkg --print-architecture).deb" rollcall_0.2.0-1.dsc rollcall_0.2.0.orig.tar.xz rollcall_0.2.0-1.debian.tar.xz
		for file in *.deb *.dsc *.tar.xz *.spdx.json; do
			cmp "$file" "/home/builder/elsewhere/build/package/$file"
		done'
}

# fetch SUITE: what was made there, into the directory of the test.
fetch() {
	docker cp "$(<"$BATS_FILE_TMPDIR/$1.maker"):/root/rollcall/build/package" "$BATS_TEST_TMPDIR/$1"
}

@test "the document beside it says what is in it, and what it is linked with" {
	local deb suite libraries

	for suite in "${SUITES[@]}"; do
		fetch "$suite"
		deb=$(echo "$BATS_TEST_TMPDIR/$suite"/rollcall_*.deb)
		# As dpkg has found out for itself.
		mapfile -t libraries < <(dpkg-deb --field "$deb" Depends | tr ',' '\n' | sed -n 's/^ *\(lib[^ ]*\).*/\1/p')
		"$BATS_TEST_DIRNAME/sbom.py" "$deb" "${deb%.deb}.spdx.json" "${libraries[@]}"
	done
}

@test "the program in it is as hard as the compiler makes it" {
	local program suite

	for suite in "${SUITES[@]}"; do
		fetch "$suite"
		dpkg-deb --extract "$BATS_TEST_TMPDIR/$suite"/rollcall_*.deb "$BATS_TEST_TMPDIR/$suite"
		dpkg-deb --extract "$BATS_TEST_TMPDIR/$suite"/rollcall-dbgsym_*.deb "$BATS_TEST_TMPDIR/$suite"
		program=$BATS_TEST_TMPDIR/$suite/usr/sbin/rollcall
		expect_layout "$program"
		expect_checks "$program" __memcpy_chk __snprintf_chk
		expect_branch_targets "$program"
		expect_stack_probes "$program"
		# How each of its files was compiled.
		find "$BATS_TEST_TMPDIR/$suite/usr/lib/debug" -name '*.debug' -exec readelf --debug-dump=info {} + |
			grep -E 'DW_AT_producer *: .*GNU C17' >"$BATS_TEST_TMPDIR/producers"
		! grep -v -e ' -ftrivial-auto-var-init=zero' "$BATS_TEST_TMPDIR/producers" || fail "on $suite"
	done
}

@test "lintian finds neither error nor warning, in the source and in what is built" {
	for suite in "${SUITES[@]}"; do
		maker "$suite"
		on_machine 'lintian --allow-root --display-info --pedantic --fail-on error,warning rollcall/build/package/*.changes'
	done
}

@test "a revision has its own entry in the changelog, and is newer" {
	maker trixie
	# It reads a file twice, which a pipe that has a name does not stand.
	on_machine 'dpkg-deb --fsys-tarfile rollcall/build/package/rollcall_0.2.0-2_*.deb |
			tar -xO ./usr/share/doc/rollcall/changelog.Debian.gz | zcat |
			dpkg-parsechangelog --file - --show-field Version | grep -x 0.2.0-2
		dpkg --compare-versions 0.2.0-2 gt 0.2.0-1'
}

@test "installed: the program, its user and its units, which run; the site is off until it is linked" {
	on_each 'get ./0.deb
		systemctl is-active rollcall.service rollcall.socket
		systemctl is-enabled rollcall.service rollcall.socket
		getent passwd rollcall
		test -e /etc/nginx/sites-available/rollcall -a ! -e /etc/nginx/sites-enabled/rollcall
		not grep rollcall <(systemd-analyze verify --man=no rollcall.service rollcall.socket 2>&1)
		test -e /usr/share/man/man8/rollcall.8.gz'
}

@test "the test that Debian would run of it" {
	on_each 'mkdir source
		tar -C source -xf rollcall_*.debian.tar.xz
		source/debian/tests/sign-up'
}

@test "upgraded at full load: no question, not one failed request, settings and users are kept" {
	# The limit on sign-ups is for people, not for a load.
	on_each 'sed -i "s|rate=5r/s|rate=1000000r/s|" /etc/nginx/sites-available/rollcall
		systemctl restart nginx # a reload ends connections that the load has just opened
		echo ROLLCALL_PAGE_SIZE=7 >/etc/default/rollcall
		socket=$(systemctl show -P InvocationID rollcall.socket)
		service=$(systemctl show -P InvocationID rollcall.service)
		systemd-run --quiet --unit load --property KillSignal=SIGINT --property StandardOutput=file:/root/load.out \
			--setenv DEPLOY_ANSWERS=/root/answered \
			wrk --threads 1 --connections 16 --duration 1200s --timeout 60s --script /root/load.lua http://127.0.0.1:80/
		answers 500
		get ./rollcall_*.deb
		dpkg-query -W -f "\${Version}" rollcall | grep -- "-[12]\$"
		for i in 1 2; do
			answers $(($(wc -l <answered) + 500))
			get --reinstall ./rollcall_*.deb
		done
		answers $(($(wc -l <answered) + 500))
		systemctl stop load
		cat load.out
		grep " errors 0\$" load.out
		not grep -v -x -E "200 -|303 [0-9]+" answered
		test "$(systemctl show -P InvocationID rollcall.socket)" = "$socket"
		test "$(systemctl show -P InvocationID rollcall.service)" != "$service"
		test -z "$(comm -23 <(sed -n "s/^303 //p" answered | sort) <(cut -f 3 /var/lib/rollcall/users.log | sort))"
		grep rate=1000000r/s /etc/nginx/sites-available/rollcall
		test "$(curl -s -H "Accept: application/json" localhost/users | grep -o "\"number\":" | wc -l)" -eq 7'
}

@test "upgraded: what the operator disabled or masked stays so" {
	on_each 'systemctl disable rollcall.service
		get --reinstall ./rollcall_*.deb
		test "$(systemctl is-enabled rollcall.service)" = disabled
		systemctl stop rollcall.service rollcall.socket
		systemctl mask rollcall.socket
		get --reinstall ./rollcall_*.deb
		test "$(systemctl is-enabled rollcall.socket)" = masked
		test "$(systemctl is-active rollcall.service)" = inactive
		systemctl unmask rollcall.socket
		systemctl enable --now rollcall.socket rollcall.service'
}

@test "removed: users, settings and site are kept, nginx goes on; installed again, all is as before" {
	on_each 'apt-get remove -y -q rollcall
		not pgrep -x rollcall
		test ! -e /usr/sbin/rollcall -a ! -e /run/rollcall
		test -e /etc/nginx/sites-available/rollcall -a -e /etc/default/rollcall
		other_site
		get ./rollcall_*.deb
		listed bob
		sign_up carol'
}

# What is left on the machine, beside the tests' own files and what a purge says that it kept.
functions+='
left() {
	find / -xdev -path "*rollcall*" -not -path "/proc/*" -not -path "/root/*" -not -path "/var/backups/rollcall-*"
	find /run -path "*rollcall*"
	systemctl list-units --all --plain --no-legend "rollcall*"
	systemctl list-unit-files --no-legend "rollcall*"
}
purge() { apt-get purge -y -q rollcall 2>&1 | tr -d "\r" | tee said; }
kept() { sed -n "s/^rollcall: the users are kept in //p" said; }
'

@test "purged: nothing is left but the users, for root alone; nginx starts, and other sites are answered" {
	on_each 'mkdir -p /etc/apache2/sites-enabled
		ln -s /usr/share/doc/rollcall/examples/apache.conf /etc/apache2/sites-enabled/rollcall.conf
		ln -s /nowhere /etc/apache2/sites-enabled/operator.conf
		purge
		other_site
		grep "^rollcall: removed.* /etc/nginx/sites-enabled/rollcall\$" said
		test ! -L /etc/apache2/sites-enabled/rollcall.conf -a -L /etc/apache2/sites-enabled/operator.conf
		test -z "$(left)" || { left; exit 1; }
		test "$(stat -c %U:%a "$(kept)")" = root:700
		grep -q bob "$(kept)/users.log"'
}

@test "installed after a purge: the list is empty, and what was kept is put back as docs/deploy.md says" {
	on_each 'get ./rollcall_*.deb
		ln -s ../sites-available/rollcall /etc/nginx/sites-enabled/
		systemctl reload nginx
		not listed bob
		systemctl stop rollcall.socket rollcall.service
		install -o rollcall -g rollcall -m 640 "$(kept)/users.log" /var/lib/rollcall/users.log
		systemctl start rollcall.socket rollcall.service
		listed bob
		rm -r "$(kept)"'
}

@test "purged when nothing can be copied: the users stay where they are until it can" {
	on_each 'mount -t tmpfs -o size=4k tmpfs /var/backups
		cat /dev/zero >/var/backups/full 2>/dev/null || true
		not purge
		grep "^rollcall: /var/lib/rollcall stays as it is" said
		grep -q bob /var/lib/rollcall/users.log
		test "$(ls /var/backups)" = full
		umount /var/backups
		# One user, and no line feed at the end.
		list=$(sed -n "1p; /bob/p" /var/lib/rollcall/users.log)
		printf %s "$list" >/var/lib/rollcall/users.log
		purge
		grep -q bob "$(kept)/users.log"
		test -z "$(left)" || { left; exit 1; }'
}

@test "purged with the users on another disk: they stay there" {
	on_each 'copy=$(kept)
		mkdir /srv/disk
		mount -t tmpfs tmpfs /srv/disk
		cp "$copy/users.log" /srv/disk/
		mkdir /var/lib/rollcall
		mount --bind /srv/disk /var/lib/rollcall
		get ./rollcall_*.deb
		purge
		grep "^rollcall: /var/lib/rollcall is a mount point" said
		grep -q bob /srv/disk/users.log
		umount /var/lib/rollcall
		rmdir /var/lib/rollcall
		ln -s /srv/disk /var/lib/rollcall
		get ./rollcall_*.deb
		purge
		grep "^rollcall: /var/lib/rollcall was a link; the users stay in /srv/disk" said
		grep -q bob /srv/disk/users.log
		test -z "$(left)" || { left; exit 1; }'
}

@test "purged with nobody on the list, and nginx told by name to read the site: nothing is kept, and the reason is said" {
	on_each 'get ./rollcall_*.deb
		echo "include /etc/nginx/sites-available/rollcall;" >/etc/nginx/conf.d/by-name.conf
		nginx -t
		purge
		test -z "$(kept)"
		grep "^rollcall: nginx will not start again until" said
		rm /etc/nginx/conf.d/by-name.conf
		other_site
		test -z "$(left)" || { left; exit 1; }'
}

# A list of its own, which the site does not show: /run/rollcall/chess.sock, /var/lib/rollcall-chess.
@test "an instance: it is restarted by an upgrade, stopped by a removal, and its list stays after a purge" {
	on_each 'get ./rollcall_*.deb
		mkdir /etc/rollcall
		echo ROLLCALL_TITLE=Chess >/etc/rollcall/chess.conf
		systemctl enable --now rollcall@chess.socket rollcall@chess.service
		service=$(systemctl show -P InvocationID rollcall@chess.service)
		socket=$(systemctl show -P InvocationID rollcall@chess.socket)
		get --reinstall ./rollcall_*.deb
		test "$(systemctl is-active rollcall@chess.service)" = active
		test "$(systemctl show -P InvocationID rollcall@chess.service)" != "$service"
		test "$(systemctl show -P InvocationID rollcall@chess.socket)" = "$socket"
		rollcall add --data /var/lib/rollcall-chess --listen unix:/run/rollcall/chess.sock Kasparov
		apt-get remove -y -q rollcall
		not pgrep -x rollcall
		test ! -e /run/rollcall
		get ./rollcall_*.deb
		systemctl start rollcall@chess.socket rollcall@chess.service
		purge
		grep "^rollcall: /var/lib/rollcall-chess stays as it is\$" said
		grep Kasparov /var/lib/rollcall-chess/users.log
		test -e /etc/rollcall/chess.conf
		test -z "$(systemctl list-units --all --plain --no-legend "rollcall*")"'
}
