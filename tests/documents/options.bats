#!/usr/bin/env bats
# The options in docs/operate.md and docs/rollcall.8 are those of the program, with their defaults and ranges.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# options: of the program, each as `name default`; the default is empty if there is none.
options() {
	"$ROLLCALL" --help | sed -n '/^  --[a-z-]* [A-Z]*$/{s/^  --\([a-z-]*\) .*/\1/;:next;N;/environment:/!b next
		s/\n      environment:.*//;s/^\([a-z-]*\)\n.* (\([^()]*\))$/\1 \2/;s/\n.*//;p}'
}

# range_of OPTION: as the program says it when it refuses a value; empty if any text may be one.
range_of() {
	"$ROLLCALL" "--$1" nonsense --version 2>&1 | sed -n 's/.*expected a whole number from \([0-9]*\) to \([0-9]*\)$/\1 to \2/p'
}

# row_of OPTION: its default and its range in docs/operate.md, without backquotes.
row_of() {
	sed -n "/^| \`--$1 /{s/\`//g;p}" "$ROLLCALL_ROOT/docs/operate.md" | awk -F ' *[|] *' '{ print $4 "|" $5 }'
}

# entry_of OPTION: its paragraph of the manual, on one line.
entry_of() {
	sed -n "/^\.It Fl -$1 /,/^\.It /p" "$ROLLCALL_ROOT/docs/rollcall.8" | sed '$d' | tr '\n' ' '
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

@test "each option has its default and its range in both" {
	local name default range entry

	[[ $(options | wc -l) -ge 16 ]] || fail "$(options)"
	while read -r name default; do
		range=$(range_of "$name")
		[[ $(row_of "$name") == "$default|$range" ]] || fail "$name: $default|$range, and docs/operate.md has: $(row_of "$name")"
		entry=$(entry_of "$name")
		[[ -n $entry && $entry == *"$range"* ]] || fail "$name: $range, and the manual has: $entry"
		[[ -z $default || $entry =~ 'The default is '(\.[A-Z][a-z]' ')?"$default"(' .'|'.') ]] ||
			fail "$name: $default, and the manual has: $entry"
	done < <(options)
}

@test "docs/operate.md has no option that is none" {
	local name

	while read -r name; do
		"$ROLLCALL" --help | grep -q -e "^  --$name\b" || fail "$name"
	done < <(sed -n '/^## Options/,/^## Commands/s/^| `--\([a-z-]*\).*/\1/p' "$ROLLCALL_ROOT/docs/operate.md")
}
