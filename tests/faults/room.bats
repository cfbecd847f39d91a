#!/usr/bin/env bats
# Room that really runs out, under the real program: a file-size limit, a file system of 64 KiB.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	prepare
	small_pid=
}

teardown() {
	if [[ -n $small_pid ]]; then
		kill "$small_pid"
	fi
	finish
}

# sign_up_until_refused PREFIX: the names that were stored are in $dir/stored, one a line.
sign_up_until_refused() {
	local i

	: >"$dir/stored"
	for ((i = 1; i <= 2000; i++)); do
		sign_up "$1-$i"
		[[ $code == 303 ]] || break
		printf '%s-%s\n' "$1" "$i" >>"$dir/stored"
	done
	expect_code 503
	expect_retry
	expect_text "value=\"$1-$i\""
	[[ -s $dir/stored ]]
}

expect_reads() {
	request /
	expect_code 200
	request /users
	expect_code 200
	expect_text "<bdi>$(tail -n 1 "$dir/stored")</bdi>"
	request /healthz
	expect_code 200
	request /readyz
	expect_code 503
	expect_text "$1"
	"$ROLLCALL" healthcheck --listen "$dir/app.sock" --live
	"$ROLLCALL" healthcheck --listen "$dir/app.sock" 2>"$dir/unwell" || [[ $? -eq 69 ]]
	grep -q "not ready: .*$1" "$dir/unwell"
}

# expect_file DATA: every user whose sign-up was confirmed is in it, whole, and no other.
expect_file() {
	"$ROLLCALL" check "$1/users.log" >"$dir/checked"
	grep -q 'torn end: no' "$dir/checked"
	cmp <(tail -n +2 "$1/users.log" | cut -f 5) "$dir/stored"
}

@test "a file-size limit: refused with the reason, reads go on, nobody is lost" {
	# Room for a few more than are there; the log, and what requests are decoded in, is smaller.
	local names=() limit

	mapfile -t names < <(seq -f '+user-with-a-long-name-%05.0f' 1500)
	"$FLAT_FILE" "${names[@]}" >"$dir/data/users.log"
	limit=$(($(stat -c %s "$dir/data/users.log") + 1500))
	start_rollcall
	prlimit --pid "$app_pid" --fsize="$limit:unlimited"
	start_nginx
	sign_up_until_refused limited
	expect_reads 'File too large'
	"$ROLLCALL" check "$dir/data/users.log"
	prlimit --pid "$app_pid" --fsize=unlimited
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	sign_up later
	expect_code 303
	printf 'later\n' >>"$dir/stored"
	cmp <(tail -n +1502 "$dir/data/users.log" | cut -f 5) "$dir/stored"
	stop_rollcall
	start_rollcall
	expect_listed "$((1500 + $(wc -l <"$dir/stored")))"
}

# make_small_disk SIZE FILLED: a file system of its own, for what run_in_small_disk starts; it goes when the test ends.
make_small_disk() {
	local unshare=(unshare --mount)

	small_user=()
	if [[ $EUID -ne 0 ]]; then
		unshare+=(--map-root-user)
		small_user=(--user --preserve-credentials)
	fi
	"${unshare[@]}" true 2>/dev/null || skip "no mount namespace can be made here"
	mkfifo "$dir/made"
	# shellcheck disable=SC2016 # the inner shell's variables
	attached "${unshare[@]}" bash -c 'mount -t tmpfs -o size="$1" none "$0" && fallocate -l "$2" "$0/filler" &&
		echo made >"$3" && exec sleep 600' "$dir/data" "$1" "$2" "$dir/made" </dev/null >"$dir/small.log" 2>&1 3>&- &
	small_pid=$!
	[[ $(<"$dir/made") == made ]]
	small=/proc/$small_pid/root$dir/data
}

start_in_small_disk() {
	start_app nsenter --target "$small_pid" --mount "${small_user[@]}" "$ROLLCALL" --listen "unix:$dir/app.sock" \
		--data "$dir/data"
}

@test "a file system of 64 KiB: full, and room again" {
	make_small_disk 64k 52k
	start_in_small_disk
	grep -q -F ' event=file-system type=tmpfs' "$app_log"
	start_nginx
	sign_up_until_refused small
	expect_reads 'No space left on device'
	expect_file "$small"
	rm -- "$small/filler"
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	sign_up later
	expect_code 303
	request /readyz
	expect_code 200
	printf 'later\n' >>"$dir/stored"
	expect_file "$small"
}

# The rewrite after an unclean end needs room for a second copy.
@test "killed on a file system more than half full: reads go on, and the rest when there is room" {
	local names

	make_small_disk 192k 104k
	mapfile -t names < <(seq -f '+user-with-a-long-name-%05.0f' 700)
	"$FLAT_FILE" "${names[@]}" >"$small/users.log"
	echo clean >"$small/users.lock"
	start_in_small_disk
	start_nginx
	sign_up early
	expect_created 701
	kill -KILL "$app_pid"
	wait "$app_pid" || true
	start_in_small_disk
	grep -q -F 'level=error event=store-failed reason="cannot write anew ' "$app_log"
	request /users
	expect_code 200
	expect_text '<bdi>early</bdi>'
	request /
	expect_code 200
	expect_text '701 users'
	request /readyz
	expect_code 503
	expect_retry
	expect_text 'No space left on device'
	sign_up early
	expect_code 503
	sign_up late
	expect_code 503
	expect_retry
	expect_text 'value="late"'
	[[ $(ls --ignore leave.key -- "$small") == $'filler\nusers.lock\nusers.log' ]]
	rm -- "$small/filler"
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	[[ $(grep -c -F ' event=store-failed' "$app_log") -eq 1 ]]
	grep -q -F 'event=unclean-end action="written anew"' "$app_log"
	request /readyz
	expect_code 200
	sign_up late
	expect_created 702
	"$ROLLCALL" check "$small/users.log" >"$dir/checked"
	grep -q -F 'users: 702' "$dir/checked"
	stop_rollcall
	start_in_small_disk
	grep -q -F ' users=702' "$app_log"
	[[ $(grep -c -F ' event=unclean-end' "$app_log") -eq 0 ]]
}
