#!/usr/bin/env bats
# rollcall backup: a copy that is good, while the server runs.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

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

@test "not over the list of another server" {
	put_records +alice
	start_rollcall
	mkdir "$dir/other"
	"$FLAT_FILE" +bob >"$dir/other/users.log"
	expect "$EX_USAGE" backup --data "$dir/other" "$users_log"
	expect_err "$users_log is the list of a process that is running"
	expect_unchanged
	stop_rollcall
	expect "$EX_OK" backup --data "$dir/other" "$users_log"
	[[ $(records) == $'+\t1\tbob' ]]
}

@test "to a file of the current directory" {
	put_records +alice
	cd "$dir"
	expect "$EX_OK" backup x
	[[ -f $dir/x ]]
	expect "$EX_USAGE" backup ''
	expect_err 'is not the name of a file'
}

@test "not over anything that is no file" {
	put_records +alice
	mkdir "$dir/directory"
	mkfifo "$dir/fifo"
	ln -s -- "$dir/nowhere" "$dir/link"
	for target in directory fifo link; do
		expect "$EX_USAGE" backup "$dir/$target"
		expect_err 'is there, and is not a regular file'
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

@test "- is standard output, and nothing else is written" {
	put_records +alice +bob -1:alice +Zoë
	find "$dir/data" | sort >"$dir/names"
	expect "$EX_OK" backup -
	expect_silence
	cmp -- "$users_log" "$dir/out"
	expect_unchanged
	# Nor is there anything new where users.log is, or where the command runs.
	(cd -- "$dir" && "$ROLLCALL" backup -- - >copy)
	cmp -- "$users_log" "$dir/copy"
	find "$dir/data" | sort | cmp -- "$dir/names" -
	[[ -z $(find "$dir" -name '-*' -o -name '*.new') ]]
}

@test "a file that is called -" {
	put_records +alice
	cd -- "$dir"
	expect "$EX_OK" backup ./-
	expect_out './-: 1 users'
	cmp -- "$users_log" "$dir/-"
}

@test "to standard output while a server is at work, whose disk is full" {
	put_records +alice +bob
	start_rollcall
	(
		ulimit -f 0
		"$ROLLCALL" backup - 3>&-
	) | cmp -- "$users_log" -
}

@test "of a damaged file nothing goes to standard output" {
	put_records +alice +bob +carol
	sed -i '3s/bob/bib/' "$users_log"
	expect "$EX_DATAERR" backup -
	expect_err "$users_log is damaged: line 3"
	[[ ! -s $dir/out ]]
}

@test "an end that is torn or has no line feed" {
	put_records +alice +bob
	truncate -s -3 "$users_log"
	expect "$EX_OK" backup -
	cmp -- <(head -n 2 "$dir/before") "$dir/out"
	put_records +alice +bob
	truncate -s -1 "$users_log"
	expect "$EX_OK" backup -
	cmp -- "$dir/before" "$dir/out"
	expect "$EX_OK" backup "$dir/copy"
	cmp -- "$dir/before" "$dir/copy"
}

@test "standard output is not a terminal, which changes what is written to it" {
	put_records +alice
	status=0
	script -qefc "'$ROLLCALL' backup -" "$dir/out" </dev/null >/dev/null || status=$?
	out=$(<"$dir/out")
	[[ $status -eq $EX_USAGE ]]
	expect_out 'standard output is a terminal'
	[[ $out != *alice* ]]
}

@test "standard output is not the file itself" {
	put_records +alice
	status=0
	"$ROLLCALL" backup - >>"$users_log" 2>"$dir/err" || status=$?
	[[ $status -eq $EX_USAGE ]]
	grep -q 'standard output is the file to be backed up' "$dir/err"
	expect_unchanged
}

# access FILE: mode, owner and group.
access() {
	stat -c '%a %u %g' -- "$1"
}

@test "a new copy is the caller's, for nobody else to write and for others not to read" {
	put_records +alice
	chmod 666 "$users_log"
	(umask 022 && "$ROLLCALL" backup "$dir/copy")
	[[ $(access "$dir/copy") == "640 $(id -u) $(id -g)" ]]
	(umask 077 && "$ROLLCALL" backup "$dir/private")
	[[ $(access "$dir/private") == "600 $(id -u) $(id -g)" ]]
}

@test "an older copy hands on its mode" {
	put_records +alice
	(umask 022 && "$ROLLCALL" backup "$dir/copy")
	chmod 600 "$dir/copy"
	(umask 022 && "$ROLLCALL" backup "$dir/copy")
	[[ $(access "$dir/copy") == "600 $(id -u) $(id -g)" ]]
}

@test "what somebody else put there hands on nothing" {
	put_records +alice
	mkdir -m 1777 "$dir/shared"
	: >"$dir/other"
	chmod 666 "$dir/other"
	# A second name of a file, by which it could be reached afterwards, is somebody else's doing too.
	ln -- "$dir/other" "$dir/shared/copy"
	expect "$EX_OK" backup "$dir/shared/copy"
	[[ $(access "$dir/shared/copy") == "640 $(id -u) $(id -g)" ]]
	[[ ! -s $dir/other ]]
}

@test "what belongs to somebody else hands on nothing" {
	[[ $EUID -eq 0 ]] || skip 'only root can make the file of somebody else'
	put_records +alice
	mkdir -m 1777 "$dir/shared"
	: >"$dir/shared/strangers"
	chmod 666 "$dir/shared/strangers"
	chown 12345:12346 "$dir/shared/strangers"
	expect "$EX_OK" backup "$dir/shared/strangers"
	[[ $(access "$dir/shared/strangers") == "640 0 0" ]]
}
