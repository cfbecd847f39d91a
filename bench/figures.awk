# Reads the results of script/bench (side_by_side.bash says what they are), and what can be asked of them.

BEGIN {
	FS = "\t"
	peers = split("static limit rollcall node go php node-alone", peer, " ")
	name["static"] = "nginx, a static file"
	name["limit"] = "`limit`"
	name["rollcall"] = "Rollcall"
	name["node"] = "Node"
	name["go"] = "Go"
	name["php"] = "PHP-FPM"
	name["node-alone"] = "Node without nginx"
}

$4 == "title" {
	workload[++workloads] = $1
	title[$1] = $5
	next
}

$1 == "-" {
	about[$4] = $5
	next
}

{
	value[$1, $2, $4, $3] = $5
	if ($3 > rounds[$1, $2, $4])
		rounds[$1, $2, $4] = $3
}

function has(work, who, metric) {
	return rounds[work, who, metric] > 0
}

# Sorts list[1…count].
function sort(list, count,    i, j, held) {
	for (i = 2; i <= count; i++) {
		held = list[i]
		for (j = i - 1; j > 0 && list[j] > held; j--)
			list[j + 1] = list[j]
		list[j + 1] = held
	}
}

# Of all rounds: at(…, 0) is the least, 0.5 the median, 1 the most.
function at(work, who, metric, share,    i, count, list) {
	count = rounds[work, who, metric]
	for (i = 1; i <= count; i++)
		list[i] = value[work, who, metric, i] + 0
	sort(list, count)
	return list[1 + int((count - 1) * share + 0.5)]
}

function median(work, who, metric) {
	return at(work, who, metric, 0.5)
}

# The median of what `who` has of what `other` has, round by round.
function ratio(work, who, metric, other, other_metric,    i, count, list, below) {
	count = 0
	for (i = 1; i <= rounds[work, who, metric]; i++) {
		below = value[work, other, other_metric, i] + 0
		if (below > 0)
			list[++count] = value[work, who, metric, i] / below
	}
	sort(list, count)
	return count > 0 ? list[1 + int((count - 1) / 2 + 0.5)] : 0
}

function grouped(number,    text, result) {
	text = sprintf("%.0f", number)
	while (length(text) > 3) {
		result = "," substr(text, length(text) - 2) result
		text = substr(text, 1, length(text) - 3)
	}
	return text result
}
