#!/usr/bin/env bats
# Upgrades while people use the site: the application and nginx are replaced at full load, and nobody notices.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
# shellcheck source=../support/shell/load.bash
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

SOCKET_HOLDER=${SOCKET_HOLDER:-$ROLLCALL_ROOT/build/dev/packaging/holder/socket-holder}

CLIENTS=32
TIMES=20
ANSWERS=1500 # from one replacement to the next: an application has served each of them some fifty times

setup() {
	prepare
	wrk_pid=
	start_holder
	start_nginx
}

teardown() {
	end_wrk
	stop_nginx
	stop_holder
	check_nginx_log
	drop_directory
}

# wrk speaks TCP only; and the limit on sign-ups is for people, not for a load.
change_site() {
	port=$(free_port)
	sed -i -e 's|rate=5r/s|rate=1000000r/s|' -e "s|^\tlisten .*|&\n\tlisten 127.0.0.1:$port;|" "$dir/rollcall.conf"
}

# The application, on a socket that stays when it is replaced. Its processes share a log.
start_holder() {
	app_log=$dir/app-1.log
	: >"$app_log"
	attached "$SOCKET_HOLDER" hold "$dir/take=unix:$dir/app.sock" </dev/null 2>"$dir/holder.log" 3>&- &
	holder_pid=$!
	start_next
}

start_next() {
	app_starts=$((app_starts + 1))
	attached "$SOCKET_HOLDER" take "$dir/take" "$ROLLCALL" --data "$dir/data" </dev/null >"$dir/app.out" 2>>"$app_log" 3>&- &
	app_pid=$!
	wait_for_line "$app_log" ' event=ready ' "$app_pid" "$app_starts"
}

stop_holder() {
	[[ -z $app_pid ]] || end_process "$app_pid" TERM
	[[ -z ${holder_pid-} ]] || end_process "$holder_pid" TERM
	app_pid=
	holder_pid=
}

# The load is there until it is ended, five minutes at most.
start_wrk() {
	: >"$dir/answered"
	DEPLOY_ANSWERS=$dir/answered attached wrk --threads 1 --connections "$CLIENTS" --duration 300s --timeout 60s \
		--script "$BATS_TEST_DIRNAME/load.lua" "http://127.0.0.1:$port/" </dev/null >"$dir/wrk.out" 2>&1 3>&- &
	wrk_pid=$!
}

end_wrk() {
	[[ -n $wrk_pid ]] || return 0
	kill -s INT "$wrk_pid" || fail "the load was over before the last replacement"
	wait "$wrk_pid" || fail "wrk failed:" "$(<"$dir/wrk.out")"
	wrk_pid=
}

# await_answers: as many as there are between two replacements.
await_answers() {
	(
		set +o pipefail
		timeout 60 tail -n 0 -s 0.1 -f --pid="$wrk_pid" -- "$dir/answered" 3>&- | head -n "$ANSWERS" >"$dir/heard"
	) || true
	[[ $(wc -l <"$dir/heard") -eq $ANSWERS ]] || fail "the load has ended:" "$(<"$dir/wrk.out")"
}

# replace SIGNAL STATUS: TIMES times, while wrk is at work, the application gets the signal and ends with this status, and
# another takes its place.
replace() {
	local i status

	for ((i = 1; i <= TIMES; i++)); do
		await_answers
		kill -s "$1" "$app_pid"
		status=0
		wait "$app_pid" || status=$?
		[[ $status -eq $2 ]] || fail "the application ended with $status after SIG$1"
		start_next
	done
	end_wrk
}

# report TEXT…: what the test has seen.
report() {
	printf '# %s\n' "$*" >&3
}

# expect_only PATTERN: each answer, status and number, is like this.
expect_only() {
	if grep -q -v -x -E "$1" "$dir/answered"; then
		fail "$(cut -d ' ' -f 1 "$dir/answered" | sort | uniq -c)"
	fi
}

# Each number that was answered is in the file; what is there beyond was under way when wrk stopped or a process ended.
check_users() {
	local answered stored

	awk '$2 != "-" { print $2 }' "$dir/answered" | sort >"$dir/created"
	[[ -z $(uniq -d "$dir/created") ]] || fail "two people were told that they are the same user"
	tail -n +2 "$dir/data/users.log" | cut -f 3 | sort >"$dir/numbers"
	[[ -z $(uniq -d "$dir/numbers") ]] || fail "a number was stored twice"
	[[ -z $(tail -n +2 "$dir/data/users.log" | cut -f 5 | sort | uniq -d) ]] || fail "a name was stored twice"
	[[ -z $(comm -23 "$dir/created" "$dir/numbers") ]] || fail "acknowledged, but not stored"
	answered=$(wc -l <"$dir/created")
	stored=$(wc -l <"$dir/numbers")
	((stored - answered <= $1)) || fail "$stored stored, $answered acknowledged"
	report "$(wc -l <"$dir/answered") answers, $answered of them sign-ups"
}

@test "the application is replaced 20 times at full load: nothing fails, nobody is lost or doubled" {
	start_wrk
	replace TERM 0
	# No connection was cut, and each answer is what was asked for.
	grep -q ' errors 0$' "$dir/wrk.out" || fail "$(<"$dir/wrk.out")"
	expect_only '200 -|303 [0-9]+'
	check_users "$CLIENTS"
}

@test "the application is killed 20 times at full load: what was under way may fail, and nothing else" {
	local failed

	start_wrk
	replace KILL 137
	grep -q ' errors 0$' "$dir/wrk.out" || fail "$(<"$dir/wrk.out")"
	expect_only '200 -|303 [0-9]+|502 -'
	failed=$(grep -c '^502 ' "$dir/answered" || true)
	((failed <= TIMES * CLIENTS)) || fail "$failed requests failed"
	check_users $((CLIENTS + failed))
	report "$failed failed, of $CLIENTS under way each of $TIMES times"
	expected_nginx_errors+=(-e 'prematurely closed connection' -e 'Connection reset by peer' -e 'Broken pipe')
}

# start_reading COUNT: the list so many times, 16 at a time. The statuses are in $dir/read.
start_reading() {
	curl --silent --parallel --parallel-immediate --parallel-max 16 --max-time 120 --unix-socket "$dir/http.sock" \
		--output /dev/null --write-out '%{http_code}\n' "http://rollcall.test/users#[1-$1]" >"$dir/read" 3>&- &
	reader_pid=$!
}

# ask_again FILE: nginx may close a connection just as a body is sent on it, and curl gives up then, which it does not for
# requests without a body. A request without an answer was not read: the name is still free.
ask_again() {
	local name unheard

	unheard=$(sed -n 's/^000 //p' "$1")
	[[ $(wc -w <<<"$unheard") -le $TIMES ]] || fail "told nothing:" "$unheard"
	for name in $unheard; do
		sign_up "$name"
		expect_code 303
		sed -i "s/^000 $name\$/303 $name/" "$1"
	done
}

# Before nginx's workers end they close connections that wait for a request, as HTTP has it (RFC 9112, section 9.5), and a
# client then asks on another; curl does, wrk calls it an error.
@test "nginx reloads 20 times while people read and sign up: nothing fails, nobody is lost or doubled" {
	local i

	start_load user 20000
	start_reading 40000
	for ((i = 1; i <= TIMES; i++)); do
		read_answers "$dir/seen" 900
		kill -s HUP "$nginx_pid"
		wait_for_line "$dir/nginx.log" ' reconfiguring' "$nginx_pid" "$i"
	done
	end_load "$dir/seen"
	wait "$reader_pid"
	report "$(grep -c '^000 ' "$dir/seen" || true) sign-ups were sent on a connection that was being closed"
	ask_again "$dir/seen"
	[[ $(grep -c '^303 ' "$dir/seen") -eq 20000 ]] || fail "$(cut -d ' ' -f 1 "$dir/seen" | sort | uniq -c)"
	[[ $(grep -c -x 200 "$dir/read") -eq 40000 ]] || fail "$(sort "$dir/read" | uniq -c)"
	expect_all_stored "$dir/seen"
	expect_listed 20000
	report "$(wc -l <"$dir/seen") sign-ups, $(wc -l <"$dir/read") pages"
}
