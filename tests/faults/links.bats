#!/usr/bin/env bats
# users.log as a symbolic link, and as a mount point: what is written anew goes where the link leads, or nowhere.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

setup() {
	new_directory
	export ROLLCALL_DATA=$dir/data
	users_log=$dir/data/users.log
	target=$dir/disk/list
	input=/dev/null
	mkdir "$dir/disk"
	printf 'username\neve\n' >"$dir/list.csv"
}

# put_behind_link RECORD…: a list in another directory, and a link to it, as after a clean end.
put_behind_link() {
	ln -s -- ../disk/list "$users_log"
	put_records "$@"
}

# expect_link RECORD…: it is still there, and leads to these users; nothing else was written to the data directory.
expect_link() {
	[[ $(readlink -- "$users_log") == ../disk/list ]] || fail "the link is gone"
	[[ -f $target && ! -L $target ]]
	[[ $(records) == "$(printf '%s\n' "$@")" ]] || fail "the list is:" "$(records)"
	[[ $(ls --ignore leave.key -- "$dir/data") == $'users.lock\nusers.log' ]] || fail "there is:" "$(ls -- "$dir/data")"
	expect "$EX_OK" check
}

@test "each command writes where the link leads" {
	put_behind_link +alice +bob
	expect "$EX_OK" remove alice
	expect_link $'+\t1\talice' $'+\t2\tbob' $'-\t1\talice'
	expect "$EX_OK" import "$dir/list.csv"
	expect_link $'+\t1\talice' $'+\t2\tbob' $'-\t1\talice' $'+\t3\teve'
	expect "$EX_OK" compact
	expect_link $'+\t2\tbob' $'+\t3\teve'
	[[ $(ls -- "$dir/disk") == list ]]
}

@test "repair keeps what it takes out beside the file, not beside the link" {
	put_behind_link +alice +bob +carol
	sed -i --follow-symlinks '3s/bob/bab/' "$users_log"
	expect "$EX_OK" repair
	expect_out "$dir/disk/list.dropped-"
	expect_link $'+\t1\talice' $'+\t3\tcarol'
	[[ $(find "$dir/disk" -name 'list.dropped-*' | wc -l) -eq 1 ]]
}

@test "a start after an unclean end, with a torn end: the same" {
	put_behind_link +alice +bob
	printf '12345678\t+\t3' >>"$target"
	echo 'process 1 on elsewhere' >"$dir/data/users.lock"
	start_rollcall
	grep -q -F ' event=unclean-end ' "$app_log"
	grep -q -F " event=torn-tail bytes=12 saved=$dir/disk/list.torn-" "$app_log"
	stop_rollcall
	expect_link $'+\t1\talice' $'+\t2\tbob'
}

@test "links of links, to another file system, and a data directory that is one" {
	local far=/dev/shm

	[[ -d $far && $(stat -c %d "$far") -ne $(stat -c %d "$dir") ]] || skip "there is no other file system at $far"
	far=$(mktemp -d "$far/rollcall-test.XXXXXX")
	ln -s -- "$far/list" "$target"
	ln -s -- "$target" "$users_log"
	mv -- "$dir/data" "$dir/real"
	ln -s -- real "$dir/data"
	put_records +alice
	expect "$EX_OK" import "$dir/list.csv"
	[[ $(records) == $'+\t1\talice\n+\t2\teve' ]]
	[[ -f $far/list && ! -L $far/list && -L $target && -L $users_log && -L $dir/data ]]
	start_rollcall
	grep -q -F ' event=file-system type=tmpfs' "$app_log"
	stop_rollcall
	rm -r -- "$far"
}

@test "a link that leads nowhere: everything says so, and nothing is made" {
	local arguments words

	ln -s -- ../disk/list "$users_log"
	while read -r arguments; do
		read -r -a words <<<"$arguments"
		command "${words[@]}"
		[[ $status -ne 0 ]] || fail "$arguments" "$(show_result)"
		expect_err 'is a symbolic link to a file that is not there; is its disk mounted?'
	done <<-END
		--listen unix:$dir/app.sock
		import $dir/list.csv
		remove alice
		compact
		repair
		check
		export
		backup $dir/copy
	END
	[[ -L $users_log && -z $(ls -- "$dir/disk") && ! -e $dir/copy ]]
	touch "$target"
	"$FLAT_FILE" +alice >"$target"
	expect "$EX_OK" import "$dir/list.csv"
	expect_link $'+\t1\talice' $'+\t2\teve'
}

@test "two data directories with links to one file: one of them writes at a time" {
	put_behind_link +alice
	mkdir "$dir/second"
	ln -s -- ../disk/list "$dir/second/users.log"
	start_rollcall
	expect "$EX_TEMPFAIL" import --data "$dir/second" "$dir/list.csv"
	expect_err "$dir/second/users.log is in use by a process that $dir/second/users.lock does not name"
	expect "$EX_TEMPFAIL" --data "$dir/second" --listen "unix:$dir/second.sock"
	expect_err 'or another data directory has the same list'
	stop_rollcall
	expect "$EX_OK" import --data "$dir/second" "$dir/list.csv"
	expect_link $'+\t1\talice' $'+\t2\teve'
}

# in_namespace SCRIPT: runs it where mounts are seen by nobody else.
in_namespace() {
	local unshare=(unshare --mount)

	[[ $EUID -eq 0 ]] || unshare+=(--map-root-user)
	"${unshare[@]}" true 2>/dev/null || skip "no mount namespace can be made here"
	"${unshare[@]}" bash -euc "$1" 3>&-
}

# Else it would work until the first end that is not clean, and never again.
@test "a file that is mounted by itself is refused at the first start; its directory is not" {
	export ROLLCALL dir users_log
	"$FLAT_FILE" +alice >"$dir/disk/users.log"
	cp -- "$dir/disk/users.log" "$dir/before"
	# shellcheck disable=SC2016 # the inner shell's variables
	in_namespace '
		refused() {
			status=0
			timeout 60 "$ROLLCALL" "$@" >"$dir/out" 2>"$dir/err" || status=$?
			[[ $status -ne 0 ]]
			grep -F "$users_log is a mount point" "$dir/err" | grep -q -F "mount its directory instead"
		}
		touch "$users_log"
		mount --bind "$dir/disk/users.log" "$users_log"
		refused --listen "unix:$dir/app.sock"
		refused remove alice
		refused compact
		refused repair
		refused import "$dir/list.csv"
		"$ROLLCALL" check >"$dir/out"
		"$ROLLCALL" backup "$dir/copy" >"$dir/out"
		cmp "$dir/before" "$dir/disk/users.log"
		cmp "$dir/before" "$dir/copy"
		umount "$users_log"
		rm "$users_log"
		mount --bind "$dir/disk" "$dir/data"
		"$ROLLCALL" import "$dir/list.csv" >"$dir/out"
		"$ROLLCALL" compact >"$dir/out"
	'
	[[ $(tail -n +2 "$dir/disk/users.log" | cut -f 5 | xargs) == 'alice eve' ]]
}

@test "a disk that can only be read: what writes says so" {
	export ROLLCALL dir
	put_records +alice
	# shellcheck disable=SC2016 # the inner shell's variables
	in_namespace '
		refused() {
			status=0
			timeout 60 "$ROLLCALL" "$@" >"$dir/out" 2>"$dir/err" || status=$?
			[[ $status -ne 0 ]]
			grep -q -F "Read-only file system" "$dir/err"
		}
		mount --bind "$dir/data" "$dir/data"
		mount -o remount,ro,bind "$dir/data"
		for lock in clean none; do
			refused --listen "unix:$dir/app.sock"
			refused remove alice
			refused repair
			mount -o remount,rw,bind "$dir/data"
			rm -f "$dir/data/users.lock"
			mount -o remount,ro,bind "$dir/data"
		done
		"$ROLLCALL" export >"$dir/out"
	'
	expect_unchanged
}
