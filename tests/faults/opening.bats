#!/usr/bin/env bats
# Names are chosen by strangers: what opening a list of them costs, in instructions, which unlike time are the same
# whatever else the machine does.

# shellcheck source=../support/shell/commands.bash
source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

users=400

# repeat TEXT COUNT
repeat() {
	printf "%0.s$1" $(seq "$2")
}

# cost_of NAME: prints what a start costs that reads so many users with such names, which differ at their end.
cost_of() {
	local i records=()

	for ((i = 100; i < 100 + users; i++)); do
		records+=("+$1$i")
	done
	cost "${records[@]}"
}

# cost RECORD…: the same of these, with one answer.
cost() {
	put_records "$@"
	env -i PATH="$PATH" GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 REQUEST_METHOD=GET SCRIPT_NAME= PATH_INFO=/ \
		ROLLCALL_DATA="$dir/data" valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		--log-file="$dir/callgrind.log" "$ROLLCALL" >"$dir/answer" 2>"$dir/err"
	grep -q 'Status: 200' "$dir/answer" || fail "$(<"$dir/answer")"
	sed -n 's/.*Collected : *//p' "$dir/callgrind.log"
}

# What 61 letters of ASCII cost, and a start without users, is measured once.
setup_file() {
	setup
	start=$(cost)
	plain=$(($(cost_of "$(repeat a 61)") - start))
	export start plain
	rm -rf -- "$dir"
}

# expect_within TIMES NAME: next to those letters.
expect_within() {
	local actual

	actual=$(($(cost_of "$2") - start))
	((plain > 0 && actual > 0)) || fail "nothing was measured: $plain, $actual"
	((actual <= $1 * plain)) || fail "$2 costs $((actual * 10 / plain)) tenths of ASCII"
}

@test "opening costs little more for other letters than for those of ASCII" {
	# Names of other scripts could look like one with accents: what it looks like is kept.
	expect_within 12 "$(repeat ế 61)"
	expect_within 20 "$(repeat Ế 61)"
	expect_within 4 "$(repeat 𠀀 61)"
	# What is searched for is its letters one by one, of which there are three.
	expect_within 6 "$(repeat 각 61)"
	# It could look like a Latin name: what it looks like is found out as it is shown, and in small letters.
	expect_within 20 "$(repeat ᾳ 61)"
	expect_within 4 "$(repeat Я 61)"
}

@test "the same for letters with marks, in whichever order, as old lists may have them" {
	expect_within 10 "$(repeat J$'\u030c' 30)a"
	expect_within 7 "$(repeat नि 30)a"
	expect_within 12 "abcdefg$(repeat $'\u0345\u0301\u0334\u0323\u0327\u0338' 9)"
	# What is compared is 378 letters, in 32 words and more.
	expect_within 17 "$(repeat $'\ufdfa' 21)"
}
