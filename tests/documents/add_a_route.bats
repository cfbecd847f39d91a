#!/usr/bin/env bats
# docs/add-a-route.md, followed to the letter in a copy of the checkout: the changes are made, what they concern is built as this
# build is, its tests run, and the page is asked for.

CHECKOUT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
TUTORIAL=$CHECKOUT/docs/add-a-route.md
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# Once for all tests: each of them stands on the one before. A checkout can be without .git (script/container makes one), so the
# folders that git ignores are named here.
setup_file() {
	export copy=$BATS_FILE_TMPDIR/rollcall

	mkdir -- "$copy"
	cd "$CHECKOUT" || return
	tar --create --exclude=./.git --exclude=./build --exclude=./data --exclude=./tests/browser/node_modules . |
		tar --extract --directory="$copy"
	"$BATS_TEST_DIRNAME/apply_tutorial.py" "$TUTORIAL" "$copy" >"$BATS_FILE_TMPDIR/changed"
	cd "$copy" || return
	cmake -B build/dev -G Ninja --log-level=WARNING -DBUILD_TESTING=ON -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
		-DCMAKE_C_COMPILER="${COMPILER-cc}" -DCMAKE_BUILD_TYPE="${BUILD_TYPE-Debug}" >/dev/null
	cmake --build build/dev --target rollcall unit_routes_about >"$BATS_FILE_TMPDIR/build" || fail "$(<"$BATS_FILE_TMPDIR/build")"
}

setup() {
	cd "$copy" || return
}

@test "its unit test" {
	run ctest --test-dir build/dev --output-on-failure --tests-regex '^unit\.routes\.about$'
	[[ $status -eq 0 && $output == *'100% tests passed'*'out of 1'* ]] || fail "$output"
}

# The tutorial has its list in /tmp/about: here it is another folder.
@test "the page, and the JSON" {
	local commands

	commands=$(documented "$CHECKOUT/docs/add-a-route.md" '6. Look at it' 1)
	run bash -euc "${commands//\/tmp\/about/$BATS_TEST_TMPDIR/about}"
	[[ $status -eq 0 ]] || fail "$output"
	output=${output//$'\r'/}
	[[ $output == *$'Status: 200 OK\n'*$'Content-Type: text/html; charset=utf-8\n'*'names &amp; dates'* ]] || fail "$output"
	[[ $output == *$'Status: 200 OK\n'*$'Content-Type: application/json\n'*'{"about":"'*' names & dates '* ]] || fail "$output"
}

@test "the OpenAPI document, and what nginx and the program answer" {
	run env ROLLCALL="$copy/build/dev/app/rollcall" bats tests/http/openapi.bats
	[[ $status -eq 0 && $output == *'ok '*' all that was answered is in the document'* ]] || fail "$output"
}

@test "the checks of the source" {
	run script/layers
	[[ $status -eq 0 ]] || fail "$output"
	grep '\.[ch]$' "$BATS_FILE_TMPDIR/changed" | xargs clang-format --dry-run --Werror
}
