#!/usr/bin/env bats
# docs/architecture.md and its picture name only what there is: functions, types and constants, files, and the folders in their order.

# Backticks are the document's.
# shellcheck disable=SC2016

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
document=$ROLLCALL_ROOT/docs/architecture.md

setup() {
	cd "$ROLLCALL_ROOT" || return
	find app -name "*.[ch]" -exec cat {} + >"$BATS_TEST_TMPDIR/source"
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# named PATTERN: what stands in backticks and is like this, without what the table has in the column of Node.
named() {
	sed '/^## Node/,$s/^|[^|]*|/|/' "$document" | grep -o '`[^`]*`' | tr -d '`' | grep -x -E "$1" | sort -u
}

# all_are_in_the_source PATTERN NAME…: each, in place of NAME in the pattern.
all_are_in_the_source() {
	local name missing=()

	[[ $# -gt 5 ]] || fail "only $(($# - 1)) names are looked at"
	for name in "${@:2}"; do
		grep -q -E "${1//NAME/$name}" "$BATS_TEST_TMPDIR/source" || missing+=("$name")
	done
	[[ ${#missing[@]} -eq 0 ]] || fail "not in app/: ${missing[*]}"
}

@test "functions" {
	local names

	mapfile -t names < <(named '[a-z0-9_]+\(\)')
	all_are_in_the_source '\bNAME\(' "${names[@]%()}"
}

@test "types, constants and other words of the code" {
	local names

	mapfile -t names < <(named '(struct |enum )?[A-Za-z0-9]+(_[A-Za-z0-9]+)+')
	all_are_in_the_source '\bNAME\b' "${names[@]}"
}

# By its name alone, or by its path in app/ or from the top.
@test "files" {
	local names name missing=()

	mapfile -t names < <(named '[a-z_./-]+\.(c|h|md|conf|svg)')
	[[ ${#names[@]} -gt 20 ]] || fail "only ${#names[@]} files are looked at"
	for name in "${names[@]}"; do
		[[ -e $name || -e app/$name ]] || [[ $name != */* && -n $(find app -name "$name") ]] || missing+=("$name")
	done
	[[ ${#missing[@]} -eq 0 ]] || fail "no such files: ${missing[*]}"
}

@test "links" {
	local links link

	mapfile -t links < <(grep -o '](\([^)]*\))' "$document" | sed 's/](\(.*\))/\1/' | grep -v '^https:')
	[[ ${#links[@]} -gt 0 ]]
	for link in "${links[@]}"; do
		[[ -e docs/${link%%#*} ]] || fail "no such file: $link"
	done
}

@test "what stands in the picture" {
	local names name

	mapfile -t names < <(sed -n 's/.*<text class="middle"[^>]*>\([a-z_.]*\)<.*/\1/p' docs/architecture.svg | grep -v -x -E 'nginx|disk')
	[[ ${#names[@]} -gt 5 ]] || fail "only ${#names[@]} names are looked at"
	for name in "${names[@]}"; do
		[[ -n $(find app -name "${name%.h}.h" -o -name "$name.c") ]] || fail "no such file: $name"
	done
}

@test "the folders, from the top down as script/layers has them from the ground up" {
	local told floors

	told=$(sed -n '/^| folder /,/^$/s/^| `\([a-z_/]*\)\/` .*/\1/p' "$document")
	floors=$(sed -n '/^FLOORS/,/^]/s/^    "\([^"][^"]*\)".*/\1/p' script/layers | tac)
	[[ -n $told && $told == "$floors" ]] || diff <(echo "$floors") <(echo "$told")
}
