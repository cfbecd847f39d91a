# script/bench report: the tables and charts of the last run, in docs/performance.md.

results=build/bench/results.tsv

# replace_block FILE NAME: what is between its comments <!-- NAME --> and <!-- /NAME --> becomes standard input.
replace_block() {
	local new

	grep -q -F "<!-- $2 -->" "$1" && grep -q -F "<!-- /$2 -->" "$1"
	new=$(mktemp)
	cat >"$new.block"
	awk -v name="$2" -v block="$new.block" '
		$0 == "<!-- /" name " -->" { is_inside = 0 }
		!is_inside { print }
		$0 == "<!-- " name " -->" {
			is_inside = 1
			print ""
			while ((getline line < block) > 0)
				print line
			print ""
		}' "$1" >"$new"
	cat "$new" >"$1"
	rm -- "$new" "$new.block"
}

# chart NAME TITLE METRIC WORKLOAD…: docs/bench-NAME.svg
chart() {
	awk -v heading="$2" -v metric="$3" -v works="${*:4}" -f bench/figures.awk -f bench/chart.awk \
		"$results" >"docs/bench-$1.svg"
}

# images NAME…
images() {
	local name

	for name; do
		printf '\n![Chart: %s](bench-%s.svg)\n' "$name" "$name"
	done
}

make_report() {
	if [[ ! -f $results ]]; then
		printf 'bench: nothing was measured yet: script/bench\n' >&2
		exit 1
	fi
	chart reads 'Pages a second, 32 clients' rate home unchanged users million idle
	chart creates 'Durable creates a second' rate create-1 create-8 create-32 create-64 create-256
	chart waits '99 of 100 clients wait at most, ms, at a constant rate' p99 paced paced-creates
	{
		awk -v brief=yes -f bench/figures.awk -f bench/tables.awk "$results"
		images creates
	} | replace_block docs/performance.md bench-summary
	{
		awk -f bench/figures.awk -f bench/tables.awk "$results"
		images reads creates waits
	} | replace_block docs/performance.md bench
	printf 'bench: written to docs/performance.md and docs/bench-*.svg\n' >&2
}
