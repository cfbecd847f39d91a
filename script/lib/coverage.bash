# shellcheck shell=bash
# How much of app/ the tests ran, as gcc's --coverage counts it in the tree of the preset coverage. Source this file at the
# top of the checkout.

coverage_tree=build/coverage

# coverage_begin: every count is nothing again. Each object file has its counts beside it in a file that the program
# writes as it ends. Tests run it as other users, too, so these files are there before and everyone may write them.
coverage_begin() {
	local notes

	chmod -R a+X "$coverage_tree"
	find "$coverage_tree" -name '*.gcda' -delete
	find "$coverage_tree" -name '*.gcno' -print0 | while IFS= read -r -d '' notes; do
		: >"${notes%.gcno}.gcda"
		chmod a+rw "${notes%.gcno}.gcda"
	done
}

# coverage_table: lines and branches that were run, a row for each folder and one for all.
coverage_table() {
	find "$coverage_tree" -name '*.gcda' -empty -delete # what never ran
	gcovr --root . --filter app/ --exclude app/main.c --json-summary "$coverage_tree/coverage.json" "$coverage_tree"
	jq -r '.files[] | [(.filename | sub("/[^/]*$"; "")), .line_covered, .line_total, .branch_covered, .branch_total] | @tsv' \
		"$coverage_tree/coverage.json" | sort | awk -F '\t' '
		function row(name, counts) {
			printf "%-24s %6d / %6d %6.1f %%  %6d / %6d %6.1f %%\n", name,
				counts[2], counts[3], 100 * counts[2] / (counts[3] ? counts[3] : 1),
				counts[4], counts[5], 100 * counts[4] / (counts[5] ? counts[5] : 1)
		}
		BEGIN { printf "%-24s %15s %8s  %15s %8s\n", "", "lines", "", "branches", "" }
		NR > 1 && $1 != folder { row(folder, sums); split("", sums) }
		{ folder = $1; for (i = 2; i <= 5; i++) { sums[i] += $i; all[i] += $i } }
		END { row(folder, sums); row("all", all) }'
}
