#!/usr/bin/env bats
# The users with access to users.log keep it, and no others get it, whichever command writes the file anew.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# acl FILE KIND: sets an access control list, of the file (access) or for new files in it (default): user 12345 may
# read, the group may not.
acl() {
	python3 - "$@" <<-'END'
		import os, struct, sys
		entries = [(1, 6, -1), (2, 4, 12345), (4, 0, -1), (16, 4, -1), (32, 0, -1)]
		value = struct.pack('<I', 2) + b''.join(struct.pack('<HHi', *entry) for entry in entries)
		os.setxattr(sys.argv[1], 'system.posix_acl_' + sys.argv[2], value)
	END
}

# access FILE: mode, owner, group and access control list.
access() {
	stat -c '%a %u %g' -- "$1"
	python3 -c 'import os, sys
n = "system.posix_acl_access"
print(os.getxattr(sys.argv[1], n).hex() if n in os.listxattr(sys.argv[1]) else "no list")' "$1"
}

# give FILE: to somebody else, if that can be done.
give() {
	if [[ $EUID -eq 0 ]]; then
		chown 12345:12346 "$1"
	fi
}

damage() {
	sed -i '2s/alice/alicf/' "$users_log"
}

# each_rewrite CHECK…: prepares a file with CHECK prepare, has it written anew in each way there is, and runs
# CHECK expect FILE with what came of it.
each_rewrite() {
	local way

	umask 077
	printf 'username\ndave\n' >"$dir/list.csv"
	for way in compact import repair unclean unended torn server; do
		rm -f -- "$dir"/data/*
		put_records +alice +bob +carol -3:carol
		case $way in
		repair) damage ;;
		unclean | server) printf 'process 1 on elsewhere\n' >"$dir/data/users.lock" ;;
		unended) truncate -s -1 "$users_log" ;;
		torn) truncate -s -3 "$users_log" ;;
		esac
		"$1" prepare "$users_log"
		identity=$(stat -c %i "$users_log")
		case $way in
		compact) expect "$EX_OK" compact ;;
		import) expect "$EX_OK" import "$dir/list.csv" ;;
		repair) expect "$EX_OK" repair ;;
		server)
			start_rollcall
			stop_rollcall
			;;
		*) expect "$EX_OK" remove bob ;;
		esac
		[[ $way == torn || $(stat -c %i "$users_log") != "$identity" ]] || fail "$way: it was not written anew"
		for file in "$users_log" "$dir"/data/users.log.*; do
			[[ ! -e $file ]] || "$1" expect "$file" "$way"
		done
	done
}

mode() {
	case $1 in
	prepare)
		chmod 640 "$2"
		give "$2"
		wanted=$(access "$2")
		;;
	expect) [[ $(access "$2") == "$wanted" ]] || fail "$3: $2: $(access "$2"), not $wanted" ;;
	esac
}

@test "mode, owner and group stay, whatever the umask is" {
	each_rewrite mode
}

@test "the access list that the directory has for new files gives no access to it" {
	acl "$dir/data" default
	without_list() {
		if [[ $1 == prepare ]]; then
			python3 -c 'import os, sys; os.removexattr(sys.argv[1], "system.posix_acl_access")' "$2"
		fi
		mode "$@"
	}
	each_rewrite without_list
}

@test "an access control list stays" {
	with_list() {
		mode "$@"
		if [[ $1 == prepare ]]; then
			acl "$2" access
			wanted=$(access "$2")
		fi
	}
	each_rewrite with_list
}
