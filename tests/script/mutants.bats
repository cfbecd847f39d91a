#!/usr/bin/env bats
# script/mutants on a program of three functions and their test, which notices some changes and not others.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

setup_file() {
	export CHECKOUT=$BATS_FILE_TMPDIR/checkout
	mkdir -p "$CHECKOUT"/{app,script/lib,tests/mutants}
	cd "$CHECKOUT" || return
	cp -- "$ROLLCALL_ROOT/script/mutants" script
	cp -R -- "$ROLLCALL_ROOT/script/lib/mutants" script/lib
	printf '#!/bin/sh\n' >script/bootstrap
	chmod +x script/bootstrap
	cat >CMakeLists.txt <<-'END'
		cmake_minimum_required(VERSION 3.25)
		project(tiny C)
		set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
		enable_testing()
		add_library(tiny STATIC app/tiny.c)
		add_executable(tiny_test tests/tiny_test.c)
		target_link_libraries(tiny_test tiny)
		add_test(NAME unit.tiny COMMAND tiny_test)
		set_tests_properties(unit.tiny PROPERTIES LABELS unit TIMEOUT 60)
	END
	cat >app/tiny.c <<-'END'
		#include <stdbool.h>

		int tiny_calls;

		bool tiny_is_big(int n)
		{
			return n > 10;
		}

		static void count(void)
		{
			tiny_calls++;
		}

		int tiny_sum_to(int last)
		{
			int sum = 0;

			count();
			while (last > 0) {
				sum += last;
				last -= 1;
			}
			return sum;
		}

		int tiny_lonely(int n)
		{
			return n > 3 ? 3 : n;
		}
	END
	# Nobody looks at tiny_calls, nor at 10 and 11; the loop does the same for 0 once more.
	cat >tests/tiny_test.c <<-'END'
		#include <stdbool.h>

		bool tiny_is_big(int n);
		int tiny_sum_to(int last);

		int main(void)
		{
			return tiny_is_big(20) && !tiny_is_big(5) && tiny_sum_to(4) == 10 ? 0 : 1;
		}
	END
	printf '%s\t%s\t%s\t%s\n' app/tiny.c 'while (last > 0) {' '> → >=' 'it adds 0' >tests/mutants/survivors
	script/mutants --seed 1 --sample 1000 >"$BATS_FILE_TMPDIR/printed" 2>"$BATS_FILE_TMPDIR/errors" ||
		echo "status $?" >>"$BATS_FILE_TMPDIR/printed"
}

setup() {
	cd "$CHECKOUT" || return
	printed=$(<"$BATS_FILE_TMPDIR/printed")
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# became OUTCOME MUTANT
became() {
	cut -d ' ' -f 2- <<<"$printed" | grep -q -x -F -- "$1: $2" || fail "$printed" "$(<"$BATS_FILE_TMPDIR/errors")"
}

@test "what the test notices is caught, by name" {
	became 'caught by unit.tiny' 'app/tiny.c:7: return value swapped: n > 10 → !(n > 10)'
	became 'caught by unit.tiny' 'app/tiny.c:20: condition negated: last > 0 → !(last > 0)'
	became 'caught by unit.tiny' 'app/tiny.c:20: constant changed: 0 → (0 + 1)'
	became 'caught by unit.tiny' 'app/tiny.c:21: assignment left out: sum += last → (void)0'
}

@test "a loop without an end is caught" {
	became 'caught by unit.tiny' 'app/tiny.c:22: assignment left out: last -= 1 → (void)0'
}

@test "what it does not notice survives, and ends the script with 1" {
	became 'survived (1 tests)' 'app/tiny.c:7: bound moved: > → >='
	became 'survived (1 tests)' 'app/tiny.c:7: constant changed: 10 → (10 + 1)'
	became 'survived (1 tests)' 'app/tiny.c:19: call left out: count() → (void)0'
	became 'survived (1 tests)' 'app/tiny.c:12: assignment left out: tiny_calls++ → (void)0'
	[[ $printed == *$'\nstatus 1' ]] || fail "$printed"
}

@test "survivors are listed with their lines" {
	[[ $printed == *$'app/tiny.c:19: call left out: count() → (void)0\n    count();\n    tests that reach it: 1'* ]] || fail "$printed"
	[[ $printed == *$'\n    no test reaches it'* ]] || fail "$printed"
}

@test "the same code is equivalent" {
	became equivalent 'app/tiny.c:29: bound moved: > → >='
}

@test "one that is explained does not count" {
	[[ $printed == *' 1 change nothing (tests/mutants/survivors)'* ]] || fail "$printed"
	[[ ${printed##*survived:} != *'while (last > 0) {'* ]] || fail "$printed"
}

@test "an explanation of what is no longer there is told" {
	cp tests/mutants/survivors "$BATS_TEST_TMPDIR/kept"
	printf 'app/tiny.c\twhile (last > 1) {\t> → >=\tgone\n' >>tests/mutants/survivors
	run script/mutants app/tiny.c:7
	cp "$BATS_TEST_TMPDIR/kept" tests/mutants/survivors
	[[ $output == *'no longer there: app/tiny.c: while (last > 1) {: > → >='* ]] || fail "$output"
}

@test "a seed has the same mutants again" {
	script/mutants --list --sample 5 --seed 7 >"$BATS_TEST_TMPDIR/once"
	script/mutants --list --sample 5 --seed 7 >"$BATS_TEST_TMPDIR/again"
	script/mutants --list --sample 5 --seed 8 >"$BATS_TEST_TMPDIR/others"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/once") -eq 6 ]] || fail "$(<"$BATS_TEST_TMPDIR/once")"
	cmp "$BATS_TEST_TMPDIR/once" "$BATS_TEST_TMPDIR/again"
	if cmp -s "$BATS_TEST_TMPDIR/once" "$BATS_TEST_TMPDIR/others"; then
		fail "another seed has the same"
	fi
}

@test "the file is as it was, and no test is left running" {
	grep -q 'return n > 10;' app/tiny.c
	if grep -l -z -- "$CHECKOUT/build" /proc/[0-9]*/cmdline 2>/dev/null; then
		fail "a program still runs"
	fi
}

@test "how it is called is said" {
	run script/mutants --help
	[[ $status -eq 0 && $output == *'script/mutants --sample 300 --seed 7'* ]] || fail "$output"
	run script/mutants app/absent.c
	[[ $status -ne 0 && $output == *'nothing to change in app/absent.c'* ]] || fail "$output"
}
