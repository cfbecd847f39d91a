#!/usr/bin/env bats
# What script/test and .ci/run say of skipped tests, and of checks that find nothing to check, and how checks run side by side: in a
# checkout that is made up.

# Each test is a process of its own; programs are made up in single quotes.
# shellcheck disable=SC2016,SC2030,SC2031

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
	unset CI SKIPS_FILE NO_ENGINE
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p bin script tests/support/shell tests/server tests/compose .ci
	cp -R -- "$ROLLCALL_ROOT"/script/{test,lib} script
	cp -- "$ROLLCALL_ROOT/.ci/run" .ci
	cp -- "$ROLLCALL_ROOT/.shellcheckrc" .
	cp -- "$ROLLCALL_ROOT/tests/support/shell/engine.bash" tests/support/shell
	program script/bootstrap 'exit 0'
	program script/docker-engine '[[ ${1-} != --stop ]] || exit 0
		echo "begun"; echo "docker-engine: no engine, made up" >&2; exit 1'
	program bin/docker 'exit 1'
	PATH=$PWD/bin:$PATH
	allow
	suite tests/server/one.bats ':' 'skip "too cold"'
	git init -q
}

# program FILE TEXT
program() {
	printf '#!/bin/bash\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

# allow LINE…: what tests/skips has.
allow() {
	printf '%b\n' '# what may be skipped' '' "$@" >tests/skips
}

# suite FILE BODY…: a bats file with tests 1, 2, … of these bodies.
suite() {
	local file=$1 number=0 body

	shift
	for body; do
		printf '@test "number %d of %s" {\n\t%s\n}\n' $((++number)) "$file" "$body"
	done >"$file"
}

# expect STATUS COMMAND…: sets output.
expect() {
	local wanted=$1

	shift
	status=0
	output=$("$@" 2>&1) || status=$?
	[[ $status -eq $wanted ]] || fail "$* ended with $status, not $wanted"
}

expect_line() {
	grep -q -x -F -e "$1" <<<"$output" || fail "there is no line: $1"
}

refuse_text() {
	[[ $output != *"$1"* ]] || fail "this should not be there: $1"
}

fail() {
	printf '%s\n' "$@" '--- printed:' "$output" >&2
	return 1
}

in_ci() {
	CI=true "$@"
}

# ctest's own program, where nothing is compiled but one test.
make_project() {
	local i

	cat >CMakePresets.json <<-'END'
		{
		  "version": 6,
		  "configurePresets": [ { "name": "dev", "generator": "Ninja", "binaryDir": "${sourceDir}/build/dev" } ],
		  "buildPresets": [ { "name": "dev", "configurePreset": "dev" } ],
		  "testPresets": [ { "name": "dev", "configurePreset": "dev", "output": { "outputOnFailure": true } } ]
		}
	END
	{
		printf 'cmake_minimum_required(VERSION 3.25)\nproject(made_up C)\nenable_testing()\n'
		printf 'add_compile_definitions(_GNU_SOURCE)\nadd_executable(unit unit.c %s/tests/support/test.c)\n' "$ROLLCALL_ROOT"
		printf 'target_include_directories(unit PRIVATE %s/tests)\n' "$ROLLCALL_ROOT"
		printf 'target_link_libraries(unit cmocka)\nadd_test(NAME unit COMMAND unit)\n'
		printf 'add_test(NAME node COMMAND node --test-reporter=spec %s/node.test.js)\n' "$PWD"
		printf 'foreach(i RANGE 1 100)\nadd_test(NAME filler.${i} COMMAND true)\nendforeach()\n' # for numbers of three digits
		printf 'add_test(NAME browser COMMAND sh -c "echo skipped: no browser; exit 77")\n'
		printf 'set_tests_properties(browser PROPERTIES SKIP_RETURN_CODE 77)\n'
		printf 'add_test(NAME long COMMAND %s/long)\n' "$PWD"
		printf 'add_test(NAME empty COMMAND bats %s/empty.bats)\n' "$PWD"
		for i in 1 2 3 4 5 6 7 8; do
			printf 'add_test(NAME http.%d COMMAND bats %s/http%d.bats)\n' "$i" "$PWD" "$i"
			suite "http$i.bats" ':' 'skip "because # of this"' 'skip'
		done
	} >CMakeLists.txt
	cat >unit.c <<-END
		#include "support/test.h"
		TEST(first) { skip_because("nobody is root"); }
		TEST(second) {}
		TEST(last) { skip(); }
	END
	cat >node.test.js <<-'END'
		const { test } = require('node:test');
		test('runs', () => {});
		test('rests', (t) => t.skip('it is late'));
	END
	echo >empty.bats
	program long 'seq 50000; echo "ok 1 last # skip after all that"'
}

@test "a skip is counted and named, and a failure only with CI=true" {
	expect 0 script/test server
	expect_line 'test: 1 skipped'
	expect_line '    server: number 2 of tests/server/one.bats: too cold'
	expect 1 in_ci script/test server
	expect_line 'with CI=true a failure, because not in tests/skips:'
	[[ $(tail -n 1 <<<"$output") == '    server: number 2 of tests/server/one.bats: too cold' ]] || fail
}

@test "one that tests/skips has is no failure, but another reason is" {
	allow 'server: number 2 *\ttoo *'
	expect 0 in_ci script/test server
	expect_line 'test: 1 skipped'
	allow 'server: number 2 *\ttoo hot' 'server: number 1 *\t*' 'server: *' '*\t'
	expect 1 in_ci script/test server
}

@test "nothing skipped" {
	suite tests/server/one.bats ':'
	expect 0 in_ci script/test server
	expect_line 'test: 0 skipped'
}

@test "a failure stays one, whatever was skipped" {
	suite tests/server/one.bats 'false' 'skip "too cold"'
	allow 'server: *\t*'
	expect 1 in_ci script/test server
	expect_line '    server: number 2 of tests/server/one.bats: too cold'
}

@test "a suite with nothing in it counts as skipped" {
	echo >tests/server/one.bats
	expect 1 in_ci script/test server
	expect_line '    server: it has no tests'
}

@test "what ctest runs side by side: every skip of bats, cmocka, node and ctest, each once" {
	local i wanted

	make_project
	wanted=$(
		echo 'browser: no browser'
		echo 'empty: it has no tests'
		for i in 1 2 3 4 5 6 7 8; do
			echo "http.$i: number 2 of http$i.bats: because # of this"
			echo "http.$i: number 3 of http$i.bats: no reason given"
		done
		echo 'long: last: after all that'
		echo 'node: rests: it is late'
		echo 'unit: first: nobody is root'
		echo 'unit: last: no reason given'
	)
	expect 0 script/test
	expect_line 'test: 22 skipped'
	[[ $(sed '1,/^test: 22 skipped$/d; s/^    //' <<<"$output") == "$wanted" ]] || fail
	expect 1 in_ci script/test -R '^browser$'
	expect_line 'test: 1 skipped'
	allow 'http.*\tbecause # of this'
	expect 1 in_ci script/test -R http
	[[ $(sed '1,/^with CI=true a failure/d' <<<"$output") == *'http.8: number 3 of http8.bats: no reason given' ]] || fail
	refuse_text 'browser'
	allow 'http.*\t*'
	expect 0 in_ci script/test -R http
}

# With presets that have another folder, say.
@test "what ctest ran is not taken for all well if it cannot be looked at" {
	make_project
	sed -i 's|build/dev|build/other|' CMakePresets.json
	expect 1 script/test -R '^browser$'
	grep -q 'LastTest.log: No such file' <<<"$output" || fail
}

@test "without an engine a suite is skipped by the names of its tests, and says why there is none" {
	{
		echo 'source "$BATS_TEST_DIRNAME/../support/shell/engine.bash"'
		echo 'setup() { need_engine; }'
		echo '@test "built" { :; }'
	} >tests/compose/one.bats
	expect 0 script/test compose
	expect_line begun
	expect_line '    compose: built: docker-engine: no engine, made up'
	expect 1 in_ci script/test compose
}

# plan LANE…: these are all checks of .ci/run.
plan() {
	local lanes

	printf -v lanes "'%s' " "$@"
	sed -i -e "/^lanes=(/,/^)/c lanes=($lanes)" -e 's/^first=.*/first=()/; s/^last=.*/last=()/' .ci/run
}

@test ".ci/run names what its checks skipped, and what tests/skips need not have" {
	suite tests/compose/one.bats 'skip "no engine"' ':'
	plan server compose
	expect 0 .ci/run
	[[ $output =~ $'\n    server   ok, '[0-9]+$' s, 1 skipped\n    compose  ok, '[0-9]+$' s, 1 skipped\n' ]] || fail
	expect_line 'ci: 2 skipped'
	[[ $(tail -n 1 <<<"$output") == 'ci: all passed, 2 skipped' ]] || fail
	expect 1 in_ci .ci/run
	expect_line 'ci: failed: server compose'
	allow 'server: *\ttoo cold' 'compose: *\tno engine' 'deploy: *\tit is late'
	expect 0 in_ci .ci/run
	[[ $(sed '1,/^ci: of tests.skips, not needed here:$/d' <<<"$output") == $'    deploy: *: it is late\n\nci: all passed, 2 skipped' ]] || fail
	# Of a part of the checks, nobody knows.
	expect 0 in_ci .ci/run server
	refuse_text deploy
	expect_line 'ci: all passed, 1 skipped'
}

@test "checks of two lanes run side by side, each prints in one piece, and one that fails stops no other" {
	mkfifo meeting
	suite tests/server/one.bats 'echo "# before" >&3; read -r <meeting; echo "# after" >&3; false'
	suite tests/compose/one.bats 'echo "# between" >&3; echo now >meeting'
	mkdir tests/package
	suite tests/package/one.bats ':'
	plan 'server package' compose
	expect 1 timeout 100 .ci/run
	[[ $output == *$'\n# before\n# after\nnot ok 1 '*$'\nci: server: FAILED (exit code 1)\n'*$'\nci: package: ok\n'* ]] || fail
	[[ $output =~ $'\n    server   FAILED '.exit.code.1.$', '[0-9]+$' s\n    package  ok, '[0-9]+$' s\n    compose  ok, ' ]] || fail
	[[ $output =~ $'\n    '[0-9]+$' s in all\n' ]] || fail
	[[ $(tail -n 1 <<<"$output") == 'ci: failed: server' ]] || fail
}

@test ".ci/run that is told to end ends its checks" {
	local run process status=0

	mkfifo started
	suite tests/server/one.bats 'sleep 1000 & echo $! >started; wait'
	suite tests/compose/one.bats ':'
	plan server compose
	.ci/run >printed 2>&1 3>&- &
	run=$!
	read -r process <started
	kill "$run"
	wait "$run" || status=$?
	output=$(<printed)
	[[ $status -eq 130 ]] || fail
	timeout 20 tail --pid="$process" -f /dev/null || fail 'its test goes on'
	[[ $output == *$'\nci: server: ended before it was done\n'*$'\ntest: testing server\n'* ]] || fail
}

@test "what another check skips counts too" {
	program script/bench 'printf "bench: php\tPHP is not installed\n" >>"$SKIPS_FILE"'
	expect 0 .ci/run bench
	expect_line '    bench: php: PHP is not installed'
	expect 1 in_ci .ci/run bench
	expect_line 'ci: failed: bench'
}

@test "the engine that was started is stopped, and one that was there is not" {
	program script/docker-engine '[[ ${1-} != --stop ]] || echo "cannot be stopped"; exit 1'
	expect 0 .ci/run server
	expect_line 'cannot be stopped'
	expect_line 'ci: all passed, 1 skipped'
	program bin/docker 'exit 0'
	expect 0 .ci/run server
	refuse_text stopped
}

@test "a check that finds nothing to check fails" {
	mkdir -p build/clang
	echo '[]' >build/clang/compile_commands.json
	expect 1 .ci/run format tidy shell
	expect_line 'ci: failed: format tidy shell'
	for wanted in '*.c' '*.h' 'app/*.c' '*.bash'; do
		grep -q -F "pathspec '$wanted' did not match" <<<"$output" || fail "$wanted"
	done
}

@test "tidy finds out by itself how files are compiled" {
	mkdir -p app packaging/holder
	echo '#define MADE 1' >made.in
	printf '%s\n' '#include "made.h"' 'int one = MADE;' | tee app/one.c >packaging/holder/two.c
	cat >CMakePresets.json <<-'END'
		{
		  "version": 6,
		  "configurePresets": [ { "name": "clang", "generator": "Ninja", "binaryDir": "${sourceDir}/build/clang" } ],
		  "buildPresets": [ { "name": "clang", "configurePreset": "clang" } ]
		}
	END
	printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(made_up C)' 'set(CMAKE_EXPORT_COMPILE_COMMANDS ON)' \
		'include_directories(${PROJECT_BINARY_DIR})' 'add_library(made_up OBJECT app/one.c packaging/holder/two.c)' \
		'add_custom_command(OUTPUT made.h COMMAND cp ${PROJECT_SOURCE_DIR}/made.in made.h)' \
		'add_custom_target(made_headers DEPENDS made.h)' >CMakeLists.txt
	git add .
	expect 0 .ci/run tidy
	echo 'int one = "not a number";' >app/one.c
	expect 1 .ci/run tidy
	grep -q 'one.c:1:11: error: ' <<<"$output" || fail
}

@test "shell scripts are known by their first line" {
	git add .
	expect 0 .ci/run shell
	program tool 'echo $1'
	git add .
	expect 1 .ci/run shell
	grep -q -F 'In tool line 2' <<<"$output" || fail
}

@test "what is no suite is told from what is" {
	local name

	expect 2 script/test sever
	for name in compose package server; do
		grep -q "^    script/test $name " <<<"$output" || fail "$name"
	done
	expect 2 script/test server -R form
}
