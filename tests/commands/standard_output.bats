#!/usr/bin/env bats
# What export and `backup -` write to standard output: all of it, or the exit status says that it is not.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

writers=('export' 'export --format jsonl' 'backup -')

# More than a pipe holds.
put_many() {
	seq -f '+user%g' 5000 | xargs "$FLAT_FILE" >"$users_log"
}

# expect_failed_write REASON: of the command that err and status are of.
expect_failed_write() {
	[[ $status -eq $EX_IOERR ]] || fail "ended with $status"
	[[ $err == "rollcall: cannot write to standard output: $1" ]] || fail "$err"
}

# Of a writer the words are arguments.
# shellcheck disable=SC2086
@test "a full disk is noticed, at the first write and at the last" {
	local writer

	for writer in "${writers[@]}"; do
		put_records +alice
		status=0
		err=$("$ROLLCALL" $writer 2>&1 >/dev/full) || status=$?
		expect_failed_write 'No space left on device'
		put_many
		status=0
		err=$("$ROLLCALL" $writer 2>&1 >/dev/full) || status=$?
		expect_failed_write 'No space left on device'
	done
}

# shellcheck disable=SC2086
@test "a limit of file sizes is noticed" {
	local writer

	put_many
	for writer in "${writers[@]}"; do
		status=0
		err=$( (ulimit -f 100 && "$ROLLCALL" $writer 2>&1 >"$dir/out")) || status=$?
		expect_failed_write 'File too large'
		[[ $(stat -c %s "$dir/out") -eq 102400 ]]
	done
}

# shellcheck disable=SC2086
@test "a write that fails is noticed even if the next would not" {
	local writer

	put_many
	for writer in "${writers[@]}"; do
		status=0
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -o "$dir/trace" -e trace=write \
			-e inject=write:error=EIO:when=2 "$ROLLCALL" $writer >"$dir/out" 2>"$dir/err" || status=$?
		err=$(<"$dir/err")
		expect_failed_write 'Input/output error'
	done
}

# shellcheck disable=SC2086
@test "a reader that has gone is noticed" {
	local writer

	put_many
	for writer in "${writers[@]}"; do
		{
			status=0
			"$ROLLCALL" $writer 2>"$dir/err" || status=$?
			printf '%d' "$status" >"$dir/status"
		} | head -n 1 >"$dir/out"
		status=$(<"$dir/status")
		err=$(<"$dir/err")
		expect_failed_write 'Broken pipe'
		[[ -s $dir/out ]]
	done
}

# shellcheck disable=SC2086
@test "no standard output" {
	local writer

	put_records +alice
	for writer in "${writers[@]}"; do
		status=0
		err=$("$ROLLCALL" $writer 2>&1 >&-) || status=$?
		expect_failed_write 'Bad file descriptor'
	done
}

# shellcheck disable=SC2086
@test "a pipe that does not wait is waited for" {
	local writer

	put_many
	for writer in "${writers[@]}"; do
		"$ROLLCALL" $writer >"$dir/expected"
		python3 - "$ROLLCALL" $writer >"$dir/out" <<-'END'
			import os, subprocess, sys
			reader, writer = os.pipe()
			os.set_blocking(writer, False)
			child = subprocess.Popen(sys.argv[1:], stdout=writer)
			os.close(writer)
			while chunk := os.read(reader, 1000):
			    os.write(1, chunk)
			sys.exit(child.wait())
		END
		cmp -- "$dir/expected" "$dir/out"
	done
}
