#!/usr/bin/env bats
# script/bootstrap, run by a user other than root, on a system that is made up: what is installed is in $dir/installed.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"

# A system of a few programs. apt-get installs what it is told to once it has been told to update, and writes down each call;
# apt-cache knows a package because another one speaks of it.
setup() {
	local program

	new_directory
	mkdir "$dir/bin" "$dir/script"
	cp -- "$ROLLCALL_ROOT/script/bootstrap" "$dir/script/"
	for program in bash dirname env grep sed; do
		ln -s "$(command -v "$program")" "$dir/bin/"
	done
	put apt-cache 'exit 0'
	put dpkg-query "grep -q -x -F -e \"\${@: -1}\" '$dir/installed' && echo installed"
	put apt-get "echo \"\$*\" >>'$dir/calls'
		[[ \$1 != update ]] || : >'$dir/updated'
		[[ \$1 != install || -e '$dir/updated' ]] || exit 100"
	put nginx :
	put npm :
	put node :
	touch "$dir/installed" "$dir/calls"
	chmod -R go+rwX "$dir"
}

teardown() {
	drop_directory
}

# put PROGRAM SCRIPT
put() {
	printf '#!%s/bin/bash\n%s\n' "$dir" "$2" >"$dir/bin/$1"
	chmod 755 "$dir/bin/$1"
}

# Sudo for apt-get, and for nothing that would change this system.
put_sudo() {
	# shellcheck disable=SC2016 # it is the program that expands it
	put sudo 'shift
		[[ $1 != apt-get && $1 != env ]] || exec "$@"'
}

# bootstrap STATUS PURPOSE: as a user other than root.
bootstrap() {
	local ordinary=()

	[[ $EUID -ne 0 ]] || ordinary=(setpriv --reuid 65534 --regid 65534 --clear-groups --)
	run "${ordinary[@]}" env -i PATH="$dir/bin" bash "$dir/script/bootstrap" "$2"
	[[ $status -eq $1 ]] || fail "it ended with $status: $output"
}

@test "with everything installed it needs nobody's leave" {
	bootstrap 1 run
	tr ' ' '\n' <<<"${output#*missing: }" | sed 's/\.$//' >"$dir/installed"
	bootstrap 0 run
	[[ $output == 'bootstrap: everything is installed' ]] || fail "$output"
	[[ ! -s $dir/calls ]] || fail "$(<"$dir/calls")"
}

@test "what is missing without sudo is said, and what to do; nothing is tried" {
	printf 'gcc\ncmake\n' >"$dir/installed"
	bootstrap 1 build
	[[ $output =~ ^'bootstrap: missing: libc6-dev ninja-build '.*' libjansson-dev. Run this as root, or install sudo.'$ ]] || fail "$output"
	[[ ! -s $dir/calls ]] || fail "$(<"$dir/calls")"
}

@test "with sudo, a system that has no list of packages gets one before anything is installed" {
	put_sudo
	bootstrap 0 run
	[[ $(cut -d ' ' -f 1-2 "$dir/calls") == $'install --simulate\nupdate\ninstall --yes' ]] || fail "$output" "$(<"$dir/calls")"
}
