#!/usr/bin/env bats
# script/fuzz, with a target that is made up: what becomes of the inputs that libFuzzer finds, and of its exit code.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# The target does what its seed says: "pass", or the kind of failure. It is asked to find something, or to merge what it found.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p bin script tests/fuzz/http tests/fuzz/corpus/http/form build/fuzz/tests/fuzz
	cp -R -- "$ROLLCALL_ROOT"/script/{fuzz,lib} script
	touch tests/fuzz/http/form_fuzz.c
	program script/bootstrap ':'
	program bin/cmake ':'
	# shellcheck disable=SC2016 # it is the program that expands it
	program build/fuzz/tests/fuzz/fuzz_http_form '
printf "%s\n" "$*" >>calls
for last; do :; done
if [[ $1 == -merge=1 ]]; then
	cp -- "$last"/* "$3"
	exit
fi
outcome=$(cat tests/fuzz/corpus/http/form/seed)
for argument; do [[ $argument != -artifact_prefix=* ]] || prefix=${argument#*=}; done
for found; do [[ $found != */inputs ]] || echo new >"$found/0123"; done
echo slow >"${prefix}slow-unit-7777"
[[ $outcome == pass ]] || {
	echo bad >"$prefix$outcome-4567"
	exit 77
}
echo "stat::number_of_executed_units: 99"'
	echo pass >tests/fuzz/corpus/http/form/seed
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# program FILE TEXT
program() {
	printf '#!/bin/bash\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

corpus() {
	(cd tests/fuzz/corpus/http/form && echo *)
}

@test "what a target finds becomes part of the corpus" {
	run script/fuzz http/form 2
	[[ $status -eq 0 && ${lines[-1]} == 'fuzz: http/form: 99 inputs in 120 s, 1 new files in the corpus' ]]
	[[ $(corpus) == '0123 seed' ]]
	grep -q -e '-max_total_time=120 -timeout=120 -print' calls
}

@test "a failure does, and fails the run" {
	local kind

	for kind in crash leak timeout oom; do
		echo "$kind" >tests/fuzz/corpus/http/form/seed
		rm -f tests/fuzz/corpus/http/form/4567
		run script/fuzz
		[[ $status -ne 0 && $output == *'http/form: FAILED with tests/fuzz/corpus/http/form/4567 (in base64: YmFkCg==): '* ]]
		[[ $(corpus) == '4567 seed' ]]
	done
}

@test "a check leaves the corpus as it is, and tells an input that failed" {
	run script/fuzz --check 20
	[[ $status -eq 0 && $(corpus) == seed ]]
	grep -q -e '-max_total_time=20 .* -seed=1 ' calls
	echo crash >tests/fuzz/corpus/http/form/seed
	run script/fuzz --check 20
	[[ $status -ne 0 && $output == *'/crash-4567 (in base64: YmFkCg==): '* && $(corpus) == seed ]]
}

@test "arguments" {
	run script/fuzz --list
	[[ $status -eq 0 && $output == http/form ]]
	run script/fuzz --help
	[[ $status -eq 0 && $output == *'script/fuzz --check SECONDS'* ]]
	run script/fuzz http/other
	[[ $status -eq 2 && $output == *'http/other: no such target'* ]]
	for wrong in 0 x '1 2' '--check' '--check x' 'http/form x'; do
		# shellcheck disable=SC2086 # they are words
		run script/fuzz $wrong
		[[ $status -eq 2 ]]
	done
}
