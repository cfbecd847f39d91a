# Skipped tests: found in the output of tests and reported by name; with CI=true a failure unless tests/skips lists them.
# Source this file.
#
# A skip is a line NAME, TAB, REASON.

# skips_in NAME FILE: the skips in the output of bats, cmocka and node. FILE may be ctest's LastTest.log, which names each
# test; else NAME is the test's. A line "skipped: REASON" is the reason of the next skip that has none of its own.
skips_in() {
	awk -v test="$1" '
		function skip(name, why) {
			gsub(/\t/, " ", name)
			print name "\t" (why != "" ? why : "no reason given")
		}
		/^[0-9]+\/[0-9]+ Testing: / { sub(/^[^:]*: /, ""); test = $0; running = "" }
		/^skipped: / { why[test] = substr($0, 10) }

		# bats
		/^ok [0-9]+ .* # skip/ {
			sub(/^ok [0-9]+ /, "")
			at = index($0, " # skip")
			skip(test ": " substr($0, 1, at - 1), substr($0, at + 8))
		}

		# cmocka, which lists them once more at the end
		/^\[ RUN      \] / { running = substr($0, 14); why[test] = "" }
		/^\[  SKIPPED \] / && substr($0, 14) == running {
			gsub(/^\(|\)$/, "", running)
			skip(test ": " running, why[test])
			running = ""
		}

		# nothing to run at all
		/^1\.\.0/ || /^\[==========\] ([^ ]+: )?Running 0 / { skip(test, "it has no tests") }

		# node
		/^ *﹣ .* \([0-9.]+ms\)/ {
			sub(/^ *﹣ /, "")
			at = match($0, / \([0-9.]+ms\)/)
			skip(test ": " substr($0, 1, at - 1), substr($0, at + RLENGTH + 3))
		}

		# ctest: a test as a whole
		/^\t *[0-9]+ - .* \((Skipped|Disabled)\)$/ {
			sub(/^\t *[0-9]+ - /, "")
			at = match($0, / \([A-Za-z]+\)$/)
			test = substr($0, 1, at - 1)
			skip(test, why[test])
		}' "$2"
}

# skips_of_ctest LOG PRINTED: the skips in its LastTest.log, and the tests that it reports as not run.
skips_of_ctest() {
	cat -- "$1" <(sed -n '/^The following tests did not run:/,$p' "$2") | skips_in '' -
}

# read_skips FILE: sets skips to those of the file, each once, and allowed to the lines of tests/skips that have a reason.
read_skips() {
	mapfile -t skips < <(sort -u -- "$1")
	mapfile -t allowed < <(sed -n '/^[^#].*\t./p' tests/skips)
}

# matches LINE PATTERN…
matches() {
	local pattern

	for pattern in "${@:2}"; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $1 != $pattern ]] || return 0
	done
	return 1
}

# tell SKIP…
tell() {
	[[ $# -eq 0 ]] || printf '    %s\n' "${@/$'\t'/: }"
}

count_skips() {
	local skips allowed

	read_skips "$1"
	printf '%d skipped\n' "${#skips[@]}"
}

tell_skips() {
	local skips allowed

	read_skips "$1"
	tell "${skips[@]}"
}

# judge_skips FILE: with CI=true fails if one of them is not in tests/skips, and names it.
judge_skips() {
	local skips allowed skip others=()

	read_skips "$1"
	for skip in "${skips[@]}"; do
		matches "$skip" "${allowed[@]}" || others+=("$skip")
	done
	[[ ${CI-} == true && ${#others[@]} -gt 0 ]] || return 0
	printf 'with CI=true a failure, because not in tests/skips:\n'
	tell "${others[@]}"
	return 1
}

# tell_unused FILE: the lines of tests/skips that allow none of these.
tell_unused() {
	local skips allowed entry skip

	read_skips "$1"
	for entry in "${allowed[@]}"; do
		for skip in "${skips[@]}"; do
			! matches "$skip" "$entry" || continue 2
		done
		tell "$entry"
	done
}
