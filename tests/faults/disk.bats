#!/usr/bin/env bats
# Disks that are full, fail or are slow, under the real program.

source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
source "$BATS_TEST_DIRNAME/../support/shell/load.bash"

setup() {
	new_directory
	faults=$dir/faults
	mkdir "$faults"
	export FAULTY_DISK=$faults
	# The sanitizers' runtime likes to be the first library; this one may come before it.
	export ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-}
	expected_nginx_errors=()
	start_faulty
	start_nginx
	sign_up early
	expect_created 1
}

teardown() {
	exec 9>&-
	finish
}

start_faulty() {
	LD_PRELOAD=$FAULTY_DISK_LIBRARY start_rollcall
}

fault() {
	touch "$faults/$1"
}

mended() {
	rm "$faults/$1"
}

snapshot() {
	cp -- "$dir/data/users.log" "$dir/before"
}

expect_unchanged() {
	cmp -- "$dir/before" "$dir/data/users.log"
}

# expect_refused NAME: a form with what was typed, and when to try again.
expect_refused() {
	sign_up "$1"
	expect_code 503
	expect_retry
	expect_text "value=\"$1\""
	expect_text 'could not be stored'
}

expect_not_ready() {
	request /readyz
	expect_code 503
	expect_retry
	expect_text "$1"
}

expect_ready() {
	request /readyz
	expect_code 200
}

expect_reads() {
	request /
	expect_code 200
	request /users
	expect_code 200
	expect_text '<bdi>early</bdi>'
	request /healthz
	expect_code 200
}

@test "a full disk: nothing is lost, reads go on, and a later sign-up works" {
	snapshot
	fault full
	expect_refused late
	expect_unchanged
	expect_not_ready 'No space left on device'
	expect_reads
	mended full
	sign_up late
	expect_created 2
	expect_ready
}

@test "a full disk: the store finds out by itself that there is room again" {
	fault full
	expect_refused late
	mended full
	wait_for_line "$app_log" ' event=store-ready' "$app_pid"
	expect_ready
}

@test "a write that breaks off half-way leaves no half behind" {
	snapshot
	fault short
	expect_refused late
	expect_unchanged
	expect_reads
	mended short
	sign_up late
	expect_created 2
	stop_rollcall
	start_faulty
	expect_listed 2
}

@test "a failed fdatasync is final: no more writes until a new start, reads go on" {
	fault unsynced
	expect_refused late
	mended unsynced
	snapshot
	expect_refused later
	expect_unchanged
	expect_not_ready 'Input/output error'
	expect_reads
	stop_rollcall
	start_faulty
	expect_ready
	sign_up later
	expect_code 303
}

# post_aside NAME: signs up in the background; the status goes to a file. Descriptor 9 is what the test holds the disk by.
post_aside() {
	curl --silent --max-time 60 --unix-socket "$dir/http.sock" --output /dev/null --write-out '%{http_code}\n' \
		--data-urlencode "username=$1" http://rollcall.test/create-user >"$dir/$1.code" 3>&- 9>&- &
}

@test "a slow fdatasync: reads go on, nobody is seen or told before it is done" {
	local first second

	mkfifo "$faults/hold"
	post_aside slow
	first=$!
	# Opens when fdatasync has come to wait.
	exec 9>"$faults/hold"
	rm "$faults/hold"
	expect_reads
	request /users
	expect_no_text slow
	expect_text '1 user<'
	[[ ! -s $dir/slow.code ]]
	post_aside SLOW
	second=$!
	exec 9>&-
	wait "$first" "$second"
	[[ $(<"$dir/slow.code") == 303 ]]
	[[ $(<"$dir/SLOW.code") == 409 ]]
	request /users
	expect_text '<bdi>slow</bdi>'
	expect_no_text '<bdi>SLOW</bdi>'
}

# command_aside ARGUMENT…: of the organiser, in the background; what it says goes to a file.
command_aside() {
	"$ROLLCALL" "$1" --data "$dir/data" --listen "unix:$dir/app.sock" "${@:2}" >"$dir/said" 2>&1 3>&- 9>&- &
	command_pid=$!
}

# The change is on its way to the disk, and the server is killed then.
@test "a command whose answer is lost says that it is not known whether the change was made" {
	local arguments words status

	# The first renaming writes a new file: the next ones are appended.
	command_aside rename --number 1 earlier
	wait "$command_pid"
	while read -r arguments words; do
		mkfifo "$faults/hold"
		# shellcheck disable=SC2086 # several
		command_aside ${arguments//,/ }
		exec 9>"$faults/hold"
		rm "$faults/hold"
		kill -KILL "$app_pid"
		exec 9>&-
		status=0
		wait "$command_pid" || status=$?
		wait "$app_pid" || true
		[[ $status -eq 75 ]] || fail "$arguments: $status" "$(<"$dir/said")"
		grep -q "rollcall: it is not known whether the user was $words: 'rollcall export' lists the users" "$dir/said" ||
			fail "$(<"$dir/said")"
		[[ $(<"$dir/said") == "rollcall: unix:$dir/app.sock: "* && $(<"$dir/said") != *'cannot be asked'* ]] || fail "$(<"$dir/said")"
		start_faulty
	done <<-'LIST'
		remove,--number,1 removed
		add,somebody added
		rename,--number,2,somebody-else renamed
	LIST
	# One that was never sent is another matter.
	command_aside add --listen "unix:$dir/none.sock" nobody
	status=0
	wait "$command_pid" || status=$?
	[[ $status -eq 75 && $(<"$dir/said") != *'not known'* ]] || fail "$(<"$dir/said")"
}
