#!/usr/bin/env bats
# Files that the program may not open: it says which and why, also by its exit status, and changes nothing.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# The program as an ordinary user has it. Root gives up what lets it pass over permissions.
ordinary=$ROLLCALL

setup() {
	local unprivileged=()

	new_directory
	[[ $EUID -ne 0 ]] || unprivileged=(setpriv '--bounding-set=-dac_override,-dac_read_search' --)
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${unprivileged[*]}" "$ordinary" >"$dir/ordinary"
	chmod +x "$dir/ordinary"
	ROLLCALL=$dir/ordinary
	export ROLLCALL_DATA=$dir/data
	users_log=$dir/data/users.log
	input=/dev/null
	put_records +alice +bob
	printf 'username\ncarol\n' >"$dir/list.csv"
	readers=(check export "backup $dir/copy")
	writers=('remove alice' compact repair "import $dir/list.csv")
}

teardown() {
	chmod -R u+rwX -- "$dir"
	stop_rollcall
	drop_directory
}

# expect_denied FILE COMMAND…: each is refused for FILE, and the list is as it was.
expect_denied() {
	local command

	for command in "${@:2}"; do
		# shellcheck disable=SC2086
		expect "$EX_NOPERM" $command
		[[ -z $out && $err == "rollcall: $1: Permission denied" ]] || fail "$command" "$(show_result)"
	done
	chmod -R u+rwX -- "$dir"
	expect_unchanged
	[[ ! -e $dir/copy ]]
}

# expect_no_start STATUS REASON OPTION…
expect_no_start() {
	expect "$1" --listen "unix:$dir/app.sock" "${@:3}"
	expect_err "$2: Permission denied"
	[[ -z $out && ! -e $dir/app.sock ]] || fail "$(show_result)"
}

@test "a users.log that may not be read, for every command" {
	chmod 0 "$users_log"
	expect_denied "$users_log" "${readers[@]}" "${writers[@]}"
}

@test "one that may only be read, for the commands that write" {
	chmod 400 "$users_log"
	for command in "${readers[@]}"; do
		# shellcheck disable=SC2086
		expect "$EX_OK" $command
	done
	rm "$dir/copy"
	expect_denied "$users_log" "${writers[@]}"
}

@test "a data directory that may not be entered, for every command" {
	chmod 0 "$dir/data"
	expect_denied "$users_log" "${readers[@]}" "${writers[@]::3}"
	chmod 0 "$dir/data"
	expect_denied "$dir/data" "${writers[3]}"
}

@test "a users.lock that may not be opened, for the commands that write" {
	for mode in 0 400; do
		chmod "$mode" "$dir/data/users.lock"
		for command in "${writers[@]}"; do
			# shellcheck disable=SC2086
			expect "$EX_NOPERM" $command
			[[ -z $out && $err == "rollcall: cannot lock $dir/data/users.lock: Permission denied" ]] || fail "$(show_result)"
		done
	done
	expect_unchanged
}

# expect_not_written COMMAND: it needs a new file, which it may not make.
expect_not_written() {
	# shellcheck disable=SC2086
	expect "$EX_NOPERM" $1
	[[ -z $out && $err == *": Permission denied" ]] || fail "$(show_result)"
	expect_unchanged
}

@test "a data directory that may not be written, for the commands that write the list anew" {
	chmod 500 "$dir/data"
	expect_not_written compact
	expect_not_written "import $dir/list.csv"
	# After an end that was not clean it is written anew first.
	echo 'process 1 on elsewhere' >"$dir/data/users.lock"
	for command in "${writers[@]:0:2}" "${writers[3]}"; do
		expect_not_written "$command"
	done
	chmod 700 "$dir/data"
	put_records +alice +bob +carol
	sed -i 's/bob/bab/' "$users_log" "$dir/before"
	chmod 500 "$dir/data"
	expect_not_written repair
}

@test "the list to be imported, and the place of a backup" {
	chmod 0 "$dir/list.csv"
	expect_denied "$dir/list.csv" "import $dir/list.csv"
	mkdir -m 500 "$dir/closed"
	expect_denied "$dir/closed/copy" "backup $dir/closed/copy"
}

@test "the server, whatever of its data it may not open" {
	chmod 400 "$users_log"
	expect_no_start "$EX_NOPERM" "cannot open $users_log"
	chmod 0 "$dir/data/users.lock"
	expect_no_start "$EX_NOPERM" "cannot lock $dir/data/users.lock"
	chmod 0 "$dir/data"
	expect_no_start "$EX_NOPERM" "cannot lock $dir/data/users.lock"
	chmod 700 "$dir/data"
	rm "$dir/data"/*
	chmod 500 "$dir/data"
	expect_no_start "$EX_NOPERM" "cannot lock $dir/data/users.lock"
}

@test "the server, where it may not make its socket" {
	mkdir -m 500 "$dir/closed"
	expect_no_start "$EX_NOPERM" "cannot listen on $dir/closed/app.sock" --listen "unix:$dir/closed/app.sock"
	chmod 0 "$dir/closed"
	expect_no_start "$EX_NOPERM" "cannot listen on $dir/closed/app.sock" --listen "unix:$dir/closed/app.sock"
}

@test "the server, whose settings it may not read" {
	echo ROLLCALL_MAX_USERS=5 >"$dir/settings"
	chmod 0 "$dir/settings"
	expect_no_start 2 "cannot read settings from $dir/settings" --config "$dir/settings"
	expect_no_start 2 "cannot read settings from $dir/settings" --config "-$dir/settings"
}

@test "a socket that it may not connect to, for healthcheck" {
	start_rollcall
	chmod 0 "$dir/app.sock"
	expect "$EX_UNAVAILABLE" healthcheck --listen "unix:$dir/app.sock"
	[[ $err == "rollcall: unix:$dir/app.sock: cannot connect: Permission denied" ]] || fail "$(show_result)"
}
