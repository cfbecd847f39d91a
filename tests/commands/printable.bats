#!/usr/bin/env bats
# What somebody else chose is printed as one line of UTF-8 that commands nothing, whatever the command says of it.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# A colour, a C1 control, a byte that is not UTF-8, a new direction, a separator of lines, half a character.
evil=$'\e[31m\u009b0m\xff\u202e\u2028\xe2\x82'
shown='\x1b[31m\u{9b}0m\xff\u{202e}\u{2028}\xe2\x82'

# expect_shown STATUS ARGUMENT…: the command ends so, and what it says has the text as it is to be, and nothing worse.
expect_shown() {
	expect "$@"
	[[ $out$err == *"$shown"* ]] || fail "does not show it: ${*:2}" "$(show_result)"
	expect_printable "$dir/out"
	expect_printable "$dir/err"
}

# expect_printable FILE
expect_printable() {
	iconv -f UTF-8 -t UTF-8 <"$1" >/dev/null || fail "not UTF-8: $1"
	if grep -q -P '[\x00-\x09\x0b-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2028}\x{2029}]' "$1"; then
		fail "a control character: $1"
	fi
}

@test "arguments that are wrong" {
	expect_shown 2 "-$evil"
	expect_shown 2 --log-level "$evil"
	expect_shown 2 --listen "tcp:$evil"
	expect_shown "$EX_USAGE" "$evil"
	expect_shown "$EX_USAGE" check "--$evil"
	expect_shown "$EX_USAGE" check a "$evil"
	expect_shown "$EX_USAGE" healthcheck --listen "tcp:$evil"
}

@test "arguments that are long are cut between characters" {
	local long

	printf -v long '%.0s€' {1..300}
	expect 2 "-$long"
	expect_printable "$dir/err"
	[[ $err == *'€…: no such option'* ]] || fail "$err"
	expect 2 --log-level "$long"
	expect_printable "$dir/err"
	[[ $err == *"€…': expected"* ]] || fail "$err"
}

@test "files and directories" {
	local command

	for command in check export repair compact 'remove alice'; do
		# shellcheck disable=SC2086 # a command and its operand
		expect_shown "$EX_NOINPUT" $command --data "$dir/$evil"
	done
	expect_shown "$EX_NOINPUT" import --format csv --data "$dir/$evil"
	put_records +alice
	expect_shown "$EX_NOINPUT" check "$evil"
	expect_shown "$EX_NOINPUT" import "$evil.csv"
	expect_shown "$EX_OK" backup "$dir/$evil"
	expect_shown "$EX_OK" check "$dir/$evil"
	expect_shown "$EX_USAGE" import "$dir/$evil"
	expect_shown "$EX_USAGE" backup "$dir/$evil/"
	expect_shown "$EX_UNAVAILABLE" healthcheck --listen "$dir/$evil"
}

# Names that a form does not take, but a file can hold.
@test "names of the file" {
	put_records $'+Ann\u202e' $'+ann\u202e'
	expect "$EX_OK" check
	expect_out 'same name: user 2, ann\u{202e}, and user 1, Ann\u{202e}'
	expect_printable "$dir/out"
	expect "$EX_DATAERR" remove $'ANN\u202e'
	expect_err '  2  ann\u{202e}'
	expect_printable "$dir/err"
	expect "$EX_OK" remove $'ANN\u202e' --number 1
	expect_out 'removed user 1, Ann\u{202e}'
	expect_printable "$dir/out"
	expect "$EX_NOUSER" remove $'bob\u202e'
	expect_printable "$dir/err"
}

@test "an export is as it is in a file, and printable on a terminal" {
	put_records $'+a\u202eb' '+c"d'
	expect "$EX_OK" export
	expect_out $',a\u202eb\r'
	script --quiet --return --command "'$ROLLCALL' export --data '$dir/data'" "$dir/typescript" </dev/null >"$dir/shown" 3>&-
	grep -q -F ',a\u{202e}b' "$dir/shown"
	grep -q -F ',"c""d"' "$dir/shown"
	tr -d '\r' <"$dir/shown" >"$dir/lines"
	expect_printable "$dir/lines"
}

@test "reports of an import" {
	put_records $'+Ann\u202e'
	printf 'username\n%s\nann\u202e\n' "$evil" >"$dir/list.csv"
	expect "$EX_DATAERR" import "$dir/list.csv"
	expect_printable "$dir/err"
	expect_err "list.csv:2: "
	expect_err 'list.csv:3: '
}
