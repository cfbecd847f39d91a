#!/usr/bin/env bats
# The units: what systemd's own tools say of them, and the program started by the socket.

# Each test is a process of its own.
# shellcheck disable=SC2030,SC2031

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"

setup() {
	prepare
	built=${ROLLCALL%/app/rollcall}
	command -v systemd-analyze >/dev/null || skip 'systemd is not installed'
}

teardown() {
	finish
}

# place_units: in the test's directory, with the program that is tested.
place_units() {
	sed "s|^ExecStart=[^ ]*|ExecStart=$ROLLCALL|" "$ROLLCALL_ROOT/packaging/systemd/rollcall.service" >"$dir/rollcall.service"
	cp -- "$ROLLCALL_ROOT/packaging/systemd/rollcall.socket" "$dir"
	sed "s|^ExecStart=[^ ]*|ExecStart=$ROLLCALL|" "$built/rollcall@.service" >"$dir/rollcall@.service"
	cp -- "$built/rollcall@.socket" "$dir"
}

# expect_sound: systemd finds nothing wrong with the units in the test's directory, and their drop-ins.
expect_sound() {
	systemd-analyze verify --man=no "$dir"/rollcall{,@}.{service,socket} >"$dir/verify.log" 2>&1 || fail "$(<"$dir/verify.log")"
	# It also reports units of the system that it comes across.
	! grep -F rollcall "$dir/verify.log" || fail 'not sound'
}

@test "the units are sound" {
	place_units
	expect_sound
}

@test "the units are sound with the drop-ins for a list in a database" {
	place_units
	documented_files "$ROLLCALL_ROOT/docs/database.md" "$dir"
	[[ $(grep -c . "$dir/rollcall.socket.d/tcp.conf") -eq 3 ]]
	[[ -s $dir/rollcall.service.d/tcp.conf && -s $dir/rollcall.service.d/database.conf ]]
	sed -i "s|^ExecStart=/[^ ]*|ExecStart=$ROLLCALL|" "$dir/rollcall@.service.d/database.conf"
	expect_sound
	cp -- "$ROLLCALL_ROOT/packaging/systemd/database.conf" "$dir/rollcall.service.d"
	expect_sound
	# Each line for an administrator to uncomment, too.
	sed -i 's/^#\([A-Z][A-Za-z]*=\)/\1/' "$dir/rollcall.service.d/database.conf"
	[[ $(grep -c '^IPAddressAllow=' "$dir/rollcall.service.d/database.conf") -eq 3 ]]
	expect_sound
	# What systemd does not know, it says.
	echo IPAddressAllow=nowhere >>"$dir/rollcall.service.d/database.conf"
	! (expect_sound) >/dev/null 2>&1 || fail 'it takes anything'
}

@test "the units are sound with the drop-in for more memory" {
	place_units
	documented_files "$ROLLCALL_ROOT/docs/operate.md" "$dir"
	grep -q -x 'MemoryMax=[0-9]*G' "$dir/rollcall.service.d/memory.conf"
	expect_sound
}

@test "the sandbox is tight" {
	local score

	systemd-analyze security --offline=true "$ROLLCALL_ROOT/packaging/systemd/rollcall.service" >"$dir/security.log"
	score=$(sed -n 's/.*Overall exposure level for rollcall.service: \([0-9.]*\) .*/\1/p' "$dir/security.log")
	printf '# exposure of rollcall.service: %s of 10\n' "$score" >&3
	# In tenths.
	systemd-analyze security --offline=true --threshold=10 "$ROLLCALL_ROOT/packaging/systemd/rollcall.service" >/dev/null
}

@test "the sandbox hides nothing of /proc that the program reads" {
	local source

	source=$(sed -n 's|^#define SOURCE "\(.*\)"$|\1|p' "$ROLLCALL_ROOT/app/store/files/boot_id.c")
	[[ $source == /proc/sys/* ]]
	# With that, nothing is in /proc but processes.
	if grep -q '^ProcSubset=pid' "$ROLLCALL_ROOT/packaging/systemd/rollcall.service"; then
		fail "$source is hidden: each end that is not clean would have the list written anew"
	fi
}

@test "the first connection starts it, on the socket that was there before" {
	app_log=$dir/app-1.log
	attached systemd-socket-activate --listen="$dir/app.sock" "--setenv=ROLLCALL_DATA=$dir/data" "$ROLLCALL" \
		</dev/null >"$dir/app.out" 2>"$app_log" 3>&- &
	app_pid=$!
	wait_for_line "$app_log" 'Listening on' "$app_pid"
	start_nginx
	sign_up alice
	expect_created 1
	grep -q "event=ready address=unix:$dir/app.sock" "$app_log"
	stop_rollcall
	# systemd's socket is not ours to remove.
	[[ -S $dir/app.sock ]]
}

# expect_refused TEXT DIRECTORY: started as a service of systemd with these users, it says that at the end of the reason.
expect_refused() {
	! INVOCATION_ID=1 "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$2" 2>"$dir/refused" || fail 'it has started'
	[[ $(<"$dir/refused") == *"$1" ]] || fail "$(<"$dir/refused")"
}

@test "a directory that the unit hides is told from one that the program sees" {
	[[ $dir == /tmp/* ]]
	expect_refused ': No such file or directory; PrivateTmp= of its unit hides what is in /tmp/' "$dir/none"
	: >"$dir/data/users.log"
	expect_refused "$dir/data/users.log is empty. Put a backup in its place; or, if there is no list to keep, remove it and start with --new" "$dir/data"
	rm "$dir/data/users.log"
	expect_refused 'put it back, or have a new one made with --new' "$dir/data"
}

# unit_command NAME: prints what the unit has of it, with the file of settings in the test's directory.
unit_command() {
	sed -n "s|^$1=||p" "$ROLLCALL_ROOT/packaging/systemd/rollcall.service" | sed "s|/etc/default|$dir|; s|/usr/sbin/rollcall|$ROLLCALL|"
}

@test "started and reloaded as the unit does it, the file of settings may be missing, and counts when it is there" {
	local start

	read -r -a start <<<"$(unit_command ExecStart)"
	start_app env ROLLCALL_LISTEN="$dir/app.sock" ROLLCALL_DATA="$dir/data" "${start[@]}"
	echo 'ROLLCALL_PAGE_SIZE=7' >"$dir/rollcall"
	MAINPID=$app_pid bash -c "$(unit_command ExecReload)"
	wait_for_line "$app_log" 'event=setting-changed name=page-size from=50 to=7' "$app_pid"
	wait_for_line "$app_log" 'event=reloaded' "$app_pid"
	stop_rollcall
}

# start_list NAME: as the template starts it, with its file of settings.
start_list() {
	local start

	mkdir "$dir/state-$1"
	printf '%s\n' "ROLLCALL_BASE_PATH=/$1" "ROLLCALL_TITLE=The $1" >"$dir/$1.conf"
	read -r -a start <<<"$(sed -n 's|^ExecStart=||p' "$built/rollcall@.service" | sed "s|%i|$1|g; s|/etc/rollcall|$dir|; s|/usr/sbin/rollcall|$ROLLCALL|
		s|\${STATE_DIRECTORY}|$dir/state-$1|")"
	start_app env ROLLCALL_LISTEN="$dir/$1.sock" "${start[@]}"
}

@test "two lists of the template, under two paths of one site" {
	local chess name

	# As docs/deploy.md says.
	change_site() {
		local list

		for list in chess choir; do
			sed -i -e "s#^upstream rollcall {#upstream $list {\n\tserver unix:$dir/$list.sock;\n\tkeepalive 128;\n\tkeepalive_timeout 60s;\n}\n&#" \
				-e "s#^\tdefault rollcall;#&\n\t/$list $list;#" \
				-e "s#^map \$uri \$rollcall_base {#&\n\t~^/$list(/|\$) /$list;#" "$dir/rollcall.conf"
		done
	}
	start_list chess
	chess=$app_pid
	start_list choir
	start_nginx
	for name in chess choir; do
		# shellcheck disable=SC2034 # for http.bash
		site_base=/$name site_title="The $name"
		request "/$name"
		expect_page 200 "The $name"
		request --data-raw "username=$name-player" "/$name/create-user"
		expect_code 303
		[[ $(header Location) == "/$name/users?created=1"* ]] || fail "$(show_answer)"
		request "/$name/users"
		expect_text "<bdi>$name-player</bdi>"
		expect_text "data-live=\"/$name/users/events?after=1"
		[[ $(grep -c player "$dir/state-$name/users.log") -eq 1 ]]
	done
	end_process "$chess" TERM
}
