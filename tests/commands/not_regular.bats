#!/usr/bin/env bats
# What stands where a file should, and is none: a FIFO, a directory, a device, a socket. It is said, and not waited for.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# soon COMMAND…: it ends by itself. Sets status, out and err.
soon() {
	status=0
	timeout 60 "$@" </dev/null >"$dir/out" 2>"$dir/err" 3>&- || status=$?
	out=$(<"$dir/out")
	err=$(<"$dir/err")
}

# put KIND: in place of what is at $path.
put() {
	rm -rf -- "$path"
	case $1 in
	fifo) mkfifo -- "$path" ;;
	directory) mkdir -- "$path" ;;
	device) ln -s /dev/zero "$path" ;;
	socket) python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$path" ;;
	esac
}

expect_said() {
	[[ $status -ne 0 && $status -ne 124 ]] || fail "$*" "$(show_result)"
	[[ $err == *'Not a regular file'* || $err == *'s a directory'* ]] || fail "$*" "$(show_result)"
}

@test "users.log, for every command and the server" {
	local path=$users_log kind

	printf 'username\nalice\n' >"$dir/list.csv"
	for kind in fifo directory device socket; do
		put "$kind"
		for arguments in check export repair compact "remove alice" "backup $dir/copy" "import $dir/list.csv"; do
			# shellcheck disable=SC2086
			soon "$ROLLCALL" $arguments
			expect_said "$kind: $arguments"
		done
		soon "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data"
		expect_said "$kind: the server"
		[[ -e $path && ! -f $path ]]
	done
	[[ ! -e $dir/copy ]]
}

@test "users.lock" {
	local path=$dir/data/users.lock kind

	put_records +alice
	# A device can only be put there as a link, which has a message of its own.
	for kind in fifo directory socket; do
		put "$kind"
		soon "$ROLLCALL" compact
		expect_said "$kind"
		soon "$ROLLCALL" --listen "unix:$dir/app.sock" --data "$dir/data"
		expect_said "$kind: the server"
	done
	expect_unchanged
}

@test "a file that is named" {
	local path=$dir/named kind

	for kind in fifo directory device socket; do
		put "$kind"
		for command in check export; do
			soon "$ROLLCALL" "$command" "$path"
			expect_said "$kind: $command"
		done
	done
}

@test "a list to be imported may come through a pipe, but not from a device or a directory" {
	local path=$dir/list.csv kind

	for kind in directory device socket; do
		put "$kind"
		soon "$ROLLCALL" import "$path"
		expect_said "$kind"
		[[ ! -e $users_log ]]
	done
	put fifo
	printf 'username\nalice\n' >"$path" 3>&- &
	expect "$EX_OK" import "$path"
	wait $!
	expect "$EX_OK" import --format csv <(printf 'username\nbob\n')
	printf 'username\ncarol\n' >"$dir/input"
	input=$dir/input expect "$EX_OK" import --format csv /dev/stdin
	[[ $(records | cut -f 3 | xargs) == 'alice bob carol' ]]
}
