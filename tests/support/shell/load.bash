# shellcheck shell=bash
# Many sign-ups at once, through nginx. Source it after http.bash.

# start_load PREFIX COUNT: COUNT people sign up as PREFIX-1, PREFIX-2, …, 32 at a time. Their answers, lines of status
# and name, can be read from descriptor `answers` as they come; load_pid is the client.
start_load() {
	# shellcheck disable=SC2154 # rollcall.bash sets dir
	rm -f -- "$dir/answers"
	mkfifo "$dir/answers"
	load_config "$1" "$2" >"$dir/load"
	stdbuf -oL curl --parallel --parallel-immediate --parallel-max 32 --silent --config "$dir/load" \
		>"$dir/answers" 2>/dev/null 3>&- &
	load_pid=$!
	exec {answers}<"$dir/answers"
}

load_config() {
	seq "$2" | awk -v prefix="$1" -v socket="$dir/http.sock" '
		NR > 1 { print "next" }
		{
			print "url = http://rollcall.test/create-user"
			print "unix-socket = " socket
			print "max-time = 60"
			print "data = username=" prefix "-" $1
			print "output = /dev/null"
			printf "write-out = \"%%{http_code} %s-%s\\n\"\n", prefix, $1
		}'
}

# read_answers FILE [COUNT]: appends COUNT answers, or all that are left, to FILE.
read_answers() {
	# Unbuffered, to leave the rest for the next call.
	sed -u "${2-\$}q" <&"$answers" >>"$1"
}

# end_load FILE: reads the rest, and sees the client end.
end_load() {
	read_answers "$1"
	exec {answers}<&-
	wait "$load_pid" || true
}

# acknowledged FILE: the names that were answered with 303, sorted.
acknowledged() {
	sed -n 's/^303 //p' "$1" | sort
}

# stored: the names in the file, sorted.
stored() {
	tail -n +2 "$dir/data/users.log" | cut -f 5 | sort
}

# expect_all_stored FILE: every user who was acknowledged is in the file once, and no other.
expect_all_stored() {
	local missing doubled uninvited

	missing=$(comm -23 <(acknowledged "$1") <(stored))
	doubled=$(stored | uniq -d)
	uninvited=$(comm -13 <(cut -d ' ' -f 2 "$1" | sort) <(stored))
	[[ -z $missing ]] || fail "acknowledged but not stored:" "$missing"
	[[ -z $doubled ]] || fail "stored twice:" "$doubled"
	[[ -z $uninvited ]] || fail "stored but never asked for:" "$uninvited"
}

# expect_listed COUNT: the list says how many there are.
expect_listed() {
	request /users
	expect_code 200
	expect_text "<strong class=\"count\">$(sed -E ':group; s/^([0-9]+)([0-9]{3})/\1,\2/; t group' <<<"$1") users</strong>"
}
