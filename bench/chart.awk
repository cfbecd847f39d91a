# Draws a bar chart in SVG, after figures.awk: -v heading=TEXT -v metric=rate|p99 -v works='WORKLOAD…'. A group for each
# workload, a bar for each peer. It says its colours itself, so that it can be read on a light page and on a dark one.

function escaped(text) {
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	return text
}

# Inline code is for Markdown.
function plain(text) {
	gsub(/`/, "", text)
	return escaped(text)
}

function shown(found) {
	return metric == "rate" ? grouped(found) : sprintf("%.2f", found / 1000)
}

function text(x, y, class, content) {
	printf "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, class, content
}

# Of a chart of waits the longest would leave nothing to see of the others.
function longest_bar(    i, j, found, most) {
	for (i = 1; i <= groups; i++)
		for (j = 1; j <= peers; j++) {
			found = has(group[i], peer[j], metric) ? median(group[i], peer[j], metric) : 0
			if (found > most)
				most = found
		}
	if (metric == "p99")
		for (i = 1; i <= groups; i++) {
			found = 8 * median(group[i], "rollcall", metric)
			if (found > limit)
				limit = found
		}
	return limit > 0 && limit < most ? limit : most
}

function bar(y, who, found,    length_, is_cut) {
	length_ = found / scale
	is_cut = length_ > width
	if (is_cut)
		length_ = width
	text(left - 8, y + 13, "peer", plain(name[who]))
	printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=\"%s\"/>\n", left, y, length_, 16,
		who == "rollcall" ? "own" : who ~ /^(static|limit)$/ ? "bound" : "other"
	text(left + length_ + 6, y + 13, "value", shown(found) (is_cut ? " (cut off)" : ""))
}

END {
	left = 170
	width = 470
	count = split(works, wanted, " ")
	for (i = 1; i <= count; i++)
		if (has(wanted[i], "rollcall", metric))
			group[++groups] = wanted[i]
	height = 44
	for (i = 1; i <= groups; i++) {
		height += 34
		for (j = 1; j <= peers; j++)
			height += has(group[i], peer[j], metric) ? 20 : 0
	}
	scale = longest_bar() / width
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 %d\" width=\"760\" height=\"%d\" role=\"img\" aria-label=\"%s\">\n",
		height, height, escaped(heading)
	print "<style>text{font:13px sans-serif;fill:#24292f}.heading{font-size:16px;font-weight:bold}.group{font-weight:bold}" \
		".peer{text-anchor:end}.own{fill:#1a7f5a}.other{fill:#8c959f}.bound{fill:#cfd6dd}</style>"
	printf "<rect width=\"760\" height=\"%d\" fill=\"#ffffff\"/>\n", height
	text(16, 26, "heading", escaped(heading))
	y = 44
	for (i = 1; i <= groups; i++) {
		text(16, y + 18, "group", plain(title[group[i]]))
		y += 26
		for (j = 1; j <= peers; j++) {
			if (!has(group[i], peer[j], metric))
				continue
			bar(y, peer[j], median(group[i], peer[j], metric))
			y += 20
		}
		y += 8
	}
	print "</svg>"
}
