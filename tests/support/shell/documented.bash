# shellcheck shell=bash
# What the documents tell people to type, so that a test can type it.

# documented FILE HEADING [N]
# Prints the Nth block of shell commands (the first) under this heading of a Markdown file, up to the next heading of the
# same or a higher level. Fails if there is none: then document or test have changed alone.
documented() {
	awk -v heading="$2" -v wanted="${3:-1}" '
		/^```/ {
			if (inside) { inside = 0; next }
			inside = 1
			shell = ($0 == "```sh")
			if (under && shell) number++
			next
		}
		!inside && /^#+ / {
			match($0, /^#+/)
			if (under && RLENGTH <= level) under = 0
			if (substr($0, RLENGTH + 2) == heading) { under = 1; level = RLENGTH }
			next
		}
		inside && under && shell && number == wanted { print; found = 1 }
		END { exit !found }' "$1" || {
		printf '%s has no block %s of shell commands under "%s"\n' "$1" "${3:-1}" "$2" >&2
		return 1
	}
}
