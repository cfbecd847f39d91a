#!/usr/bin/env bats
# The budget of docs/architecture.md: each option, constant and line of the site that keeps a peer to it is there, and so is each
# test, under the name that ctest has for it, with the case.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
	cd "$ROLLCALL_ROOT" || return
	find app -name "*.[ch]" -exec cat {} + >"$BATS_TEST_TMPDIR/source"
	sed -n '/^## A budget/,/^## Why/{/^|/p}' docs/architecture.md | sed '1,2d' >"$BATS_TEST_TMPDIR/rows"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/rows") -gt 30 ]]
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# column N: of each row.
column() {
	cut -d '|' -f $(($1 + 1)) "$BATS_TEST_TMPDIR/rows"
}

# is_limit TEXT: a function, an option, a line of nginx's site, or a constant.
is_limit() {
	case $1 in
	*'()') grep -q -w -F "${1%()}" "$BATS_TEST_TMPDIR/source" ;;
	--*) grep -q -F "{\"${1#--}\", \"ROLLCALL_" app/options/option_rows.c ;;
	limit_*) grep -q -F "$1" nginx/rollcall.conf ;;
	*) grep -q -w -F "$1" "$BATS_TEST_TMPDIR/source" ;;
	esac
}

@test "limits" {
	local name names

	# shellcheck disable=SC2016 # backticks of Markdown
	mapfile -t names < <(column 3 | grep -o '`[^`]*`' | tr -d '`' | sort -u)
	[[ ${#names[@]} -gt 30 ]] || fail "only ${#names[@]} limits are looked at"
	for name in "${names[@]}"; do
		is_limit "$name" || fail "nothing is called $name"
	done
}

# file_of TEST: where unit.base.log is. A line registers it, by its path, or by its name as one of routes/.
file_of() {
	local label=${1%%.*} rest=${1#*.}

	rest=${rest//.//}
	grep -q -x -E "[[:space:]]*rollcall_[a-z_]*test\((${rest}|${rest#routes/})\)" "tests/$label/CMakeLists.txt" || return 0
	find "tests/$label" -path "tests/$label/${rest}_test.c" -o -path "tests/$label/$rest.bats"
}

# has_case FILE CASE: the name of a case in C, the beginning of a title in bats.
has_case() {
	if [[ $1 == *.bats ]]; then
		grep -q -F -e "@test \"$2" -e ": $2" "$1"
	else
		grep -q -z -E "TEST[A-Z_]*\([^)]*\b$2\b" "$1"
	fi
}

@test "tests" {
	local row name cases each file tests=0

	while IFS= read -r row; do
		[[ $row == *[a-z]* ]] || fail "a row has no test"
		# shellcheck disable=SC2016 # backticks of Markdown
		while IFS=$'\t' read -r name cases; do
			file=$(file_of "$name")
			[[ -f $file ]] || fail "no test is called $name"
			tests=$((tests + 1))
			while IFS= read -r each; do
				[[ -z $each ]] || has_case "$file" "$each" || fail "$file has no case '$each'"
			done <<<"${cases//, /$'\n'}"
		done < <(grep -o '`[^`]*`\( ([^)]*)\)\?' <<<"$row" | sed 's/`\([^`]*\)`\( (\(.*\))\)\?/\1\t\3/')
	done < <(column 4)
	[[ $tests -gt 40 ]] || fail "only $tests tests are looked at"
}
