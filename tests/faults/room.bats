#!/usr/bin/env bats
# Room that really runs out, under the real program: a file-size limit, a file system of 64 KiB.

source "$BATS_TEST_DIRNAME/../support/http.bash"
source "$BATS_TEST_DIRNAME/../support/load.bash"

setup() {
	prepare
}

teardown() {
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

# expect_file DATA: all who were told so are in it, whole, and nobody else.
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

# start_in_small_disk: the program alone sees the file system, which goes when it does.
start_in_small_disk() {
	local unshare=(unshare --mount)

	[[ $EUID -eq 0 ]] || unshare+=(--map-root-user)
	"${unshare[@]}" true 2>/dev/null || skip "no mount namespace can be made here"
	# shellcheck disable=SC2016 # the inner shell's variables
	start_app "${unshare[@]}" bash -c 'mount -t tmpfs -o size=64k none "$1" && fallocate -l 52k "$1/filler" &&
		exec "$0" --listen "$2" --data "$1"' "$ROLLCALL" "$dir/data" "unix:$dir/app.sock"
	small=/proc/$app_pid/root$dir/data
}

@test "a file system of 64 KiB: full, and room again" {
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
