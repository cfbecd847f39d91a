# Prints tables in Markdown; after figures.awk. With -v brief=yes only the summary.

BEGIN {
	metric_name["p99"] = "p99"
	metric_name["p99_beside"] = "p99 beside"
	metric_name["first"] = "the first answer"
}

# A line of titles, that of the first column and those of the others, separated by bars.
function head(first, others,    i, count, column) {
	count = split(others, column, "|")
	printf "| %-22s |", first
	for (i = 1; i <= count; i++)
		printf " %13s |", column[i]
	printf "\n| --- |"
	for (i = 1; i <= count; i++)
		printf " ---: |"
	print ""
}

function begin_row(who) {
	printf "| %-22s |", name[who]
}

function cell(text) {
	printf " %13s |", text
}

function rates(work,    i, who) {
	print "\n**" title[work] "**\n"
	head("", "a second|least to most|of `limit`|app, µs each|with nginx, µs|memory, MB")
	for (i = 1; i <= peers; i++) {
		who = peer[i]
		if (!has(work, who, "rate"))
			continue
		begin_row(who)
		cell(grouped(median(work, who, "rate")))
		cell(grouped(at(work, who, "rate", 0)) " to " grouped(at(work, who, "rate", 1)))
		cell(sprintf("%.2f", ratio(work, who, "rate", "limit", "rate")))
		cell(who == "static" ? "" : sprintf("%.1f", median(work, who, "app")))
		cell(sprintf("%.1f", median(work, who, "all")))
		cell(who == "static" ? "" : sprintf("%.1f", median(work, who, "memory") / 1e6))
		print ""
	}
}

function waits(work,    i, who) {
	print "\n**" title[work] ": how long clients wait, ms**\n"
	head("", "p50|p99|p99.9|longest|p99 least to most")
	for (i = 1; i <= peers; i++) {
		who = peer[i]
		if (!has(work, who, "p50"))
			continue
		begin_row(who)
		cell(milliseconds(median(work, who, "p50")))
		cell(milliseconds(median(work, who, "p99")))
		cell(milliseconds(median(work, who, "p999")))
		cell(milliseconds(at(work, who, "most", 1)))
		cell(milliseconds(at(work, who, "p99", 0)) " to " milliseconds(at(work, who, "p99", 1)))
		print ""
	}
}

function milliseconds(microseconds) {
	return sprintf("%.2f", microseconds / 1000)
}

function beside(work,    i, who) {
	print "\n**" title[work] "**\n"
	head("", "p99 alone, ms|p99 beside, ms|times|creates a s")
	for (i = 1; i <= peers; i++) {
		who = peer[i]
		if (!has(work, who, "p99_alone"))
			continue
		begin_row(who)
		cell(milliseconds(median(work, who, "p99_alone")))
		cell(milliseconds(median(work, who, "p99_beside")))
		cell(sprintf("%.1f", ratio(work, who, "p99_beside", who, "p99_alone")))
		cell(has(work, who, "rate") ? grouped(median(work, who, "rate")) : "")
		print ""
	}
}

function starts(work,    i, who) {
	print "\n**" title[work] ", ms**\n"
	head("", "median|least to most")
	for (i = 1; i <= peers; i++) {
		who = peer[i]
		if (!has(work, who, "first"))
			continue
		begin_row(who)
		cell(sprintf("%.1f", median(work, who, "first")))
		cell(sprintf("%.1f to %.1f", at(work, who, "first", 0), at(work, who, "first", 1)))
		print ""
	}
}

# The best of the peers, by a metric of which more is better, or less if `is_less`.
function best_other(work, metric, is_less,    i, who, best, found) {
	for (i = 1; i <= peers; i++) {
		who = peer[i]
		if (who !~ /^(node|go|php)$/ || !has(work, who, metric))
			continue
		found = median(work, who, metric)
		if (best == "" || (is_less ? found < best : found > best))
			best = found
	}
	return best
}

function goal(what, wanted, measured, is_met) {
	printf "| %s | %s | %s | %s |\n", what, wanted, measured, is_met ? "yes" : "no"
}

function goal_of_peers(work, metric, is_less,    own, best) {
	best = best_other(work, metric, is_less)
	if (best == "" || !has(work, "rollcall", metric))
		return
	own = median(work, "rollcall", metric)
	goal(title[work] ": ahead of every peer" (metric == "rate" ? "" : " in " metric_name[metric]), "over 1",
		sprintf("%.1f times the best", is_less ? best / own : own / best), is_less ? own < best : own > best)
}

function goals(    i, work, share) {
	print "\n**Goals**\n\n| | goal | measured | met |\n| --- | ---: | ---: | --- |"
	for (i = 1; i <= workloads; i++) {
		work = workload[i]
		if (has(work, "limit", "rate") && work ~ /^(home|users|million|unchanged)$/) {
			share = ratio(work, "rollcall", "rate", "limit", "rate")
			goal(title[work] ": share of `limit`", "0.95", sprintf("%.2f", share), share >= 0.95)
			share = ratio(work, "rollcall", "app", "limit", "app")
			goal("&nbsp; processor time of the app, times that of `limit`", "at most 1.6", sprintf("%.2f", share),
				share <= 1.6)
		}
		if (work ~ /^create-(32|256)$/) {
			share = ratio(work, "rollcall", "rate", "limit", "rate")
			goal(title[work] ": share of `limit`", "0.85", sprintf("%.2f", share), share >= 0.85)
		}
		if (work ~ /^create-/ && has(work, "node-alone", "rate")) {
			share = ratio(work, "rollcall", "rate", "node-alone", "rate")
			goal(title[work] ": ahead of Node without nginx", "over 1", sprintf("%.1f times", share), share > 1)
		}
		goal_of_peers(work, "rate", 0)
		goal_of_peers(work, "p99", 1)
		goal_of_peers(work, "first", 1)
		if (has(work, "rollcall", "p99_beside")) {
			share = ratio(work, "rollcall", "p99_beside", "rollcall", "p99_alone")
			goal(title[work] ": p99 beside, times that alone", "at most 2", sprintf("%.1f, and %.1f of `limit`", share,
				ratio(work, "limit", "p99_beside", "limit", "p99_alone")), share <= 2)
			goal_of_peers(work, "p99_beside", 1)
		}
		if (work == "users")
			goal("resident memory with 1,000 users, MiB", "under 8",
				sprintf("%.1f", median(work, "rollcall", "memory") / 1048576),
				median(work, "rollcall", "memory") < 8 * 1048576)
		if (work == "start")
			goal("first answer after the start, ms", "at most 20", sprintf("%.1f", median(work, "rollcall", "first")),
				median(work, "rollcall", "first") <= 20)
	}
}

# A line a workload, a column a peer.
function overview(    i, j, work, who) {
	printf "| a second, of what `limit` does |"
	for (j = 1; j <= peers; j++)
		printf " %s |", name[peer[j]]
	printf "\n| --- |"
	for (j = 1; j <= peers; j++)
		printf " ---: |"
	print ""
	for (i = 1; i <= workloads; i++) {
		work = workload[i]
		if (!has(work, "rollcall", "rate") || has(work, "rollcall", "p99_alone"))
			continue
		printf "| %s |", title[work]
		for (j = 1; j <= peers; j++) {
			who = peer[j]
			if (has(work, who, "rate"))
				printf " %s, %.2f |", grouped(median(work, who, "rate")), ratio(work, who, "rate", "limit", "rate")
			else
				printf " |"
		}
		print ""
	}
}

END {
	printf "On %s: %s. Medians of %d rounds of %d s.\n", about["date"], about["machine"], about["rounds"], about["seconds"]
	if (brief != "") {
		print ""
		overview()
		exit
	}
	for (i = 1; i <= workloads; i++) {
		work = workload[i]
		if (has(work, "rollcall", "p99_alone"))
			beside(work)
		else if (has(work, "rollcall", "rate"))
			rates(work)
		else if (has(work, "rollcall", "p50"))
			waits(work)
		else if (has(work, "rollcall", "first"))
			starts(work)
	}
	goals()
}
