#!/usr/bin/env bats
# rollcall backup: a copy that is good, while the server runs.

source "$BATS_TEST_DIRNAME/../support/commands.bash"

@test "the copy has everybody, under its name only when it is whole" {
	put_records +alice +bob -1:alice
	expect "$EX_OK" backup "$dir/copy"
	expect_silence
	expect_out "$dir/copy: 1 users, $(stat -c %s "$users_log") bytes"
	cmp -- "$users_log" "$dir/copy"
	[[ ! -e $dir/copy.new ]]
	expect_unchanged
	expect "$EX_OK" check "$dir/copy"
}

@test "an end that is being written is left out" {
	put_records +alice +bob
	truncate -s -3 "$users_log"
	expect "$EX_OK" backup "$dir/copy"
	cmp -- <(head -n 2 "$dir/before") "$dir/copy"
}

@test "an older copy is replaced, and by nothing that is damaged" {
	put_records +alice +bob
	expect "$EX_OK" backup "$dir/copy"
	cp -- "$dir/copy" "$dir/good"
	sed -i '2s/alice/alibe/' "$users_log"
	expect "$EX_DATAERR" backup "$dir/copy"
	expect_err "$users_log is damaged: line 2"
	[[ $err != *"$dir/copy"* ]]
	cmp -- "$dir/good" "$dir/copy"
	[[ ! -e $dir/copy.new ]]
}

@test "not over the file itself, by whatever name" {
	put_records +alice
	ln -- "$users_log" "$dir/link"
	expect "$EX_USAGE" backup "$users_log"
	expect "$EX_USAGE" backup "$dir/link"
	expect_err 'is the file to be backed up'
	expect_unchanged
}

@test "not over anything that is no file" {
	put_records +alice
	mkdir "$dir/directory"
	mkfifo "$dir/fifo"
	ln -s -- "$dir/nowhere" "$dir/link"
	for target in directory fifo link; do
		expect "$EX_USAGE" backup "$dir/$target"
		expect_err 'is there, and is no file'
	done
	expect "$EX_USAGE" backup "$dir/missing/"
	expect_err 'is not the name of a file'
	[[ -p $dir/fifo && -L $dir/link && -z $(ls -A "$dir/directory") ]]
	[[ -z $(find "$dir" -name '*.new') ]]
}

@test "where there is no place for it" {
	put_records +alice
	expect "$EX_NOINPUT" backup "$dir/missing/copy"
	expect "$EX_NOINPUT" backup --data "$dir/missing" "$dir/copy"
	expect "$EX_USAGE" backup
	[[ ! -e $dir/copy ]]
}

@test "while a server is at work, and back again" {
	put_records +alice +bob
	start_rollcall
	expect "$EX_OK" backup "$dir/copy"
	stop_rollcall
	rm -- "$users_log"
	cp -- "$dir/copy" "$users_log"
	start_rollcall
	grep -q -F ' users=2' "$app_log"
}
