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

# documented_files FILE DIRECTORY
# Writes the blocks of a Markdown file that begin with `# /etc/systemd/system/…` to these paths under DIRECTORY.
documented_files() {
	local line path=

	while IFS= read -r line; do
		case $line in
		'```'*)
			path=
			;;
		'# /etc/systemd/system/'*)
			path=$2/${line#'# /etc/systemd/system/'}
			mkdir -p "${path%/*}"
			: >"$path"
			;;
		*)
			[[ -z $path ]] || printf '%s\n' "$line" >>"$path"
			;;
		esac
	done <"$1"
}

# documented_upstream FILE N
# Prints the Nth upstream `rollcall` for nginx in a Markdown file.
documented_upstream() {
	awk -v wanted="$2" '
		/^upstream rollcall [{]$/ { number++ }
		number == wanted { print }
		number == wanted && /^[}]$/ { found = 1; exit }
		END { exit !found }' "$1"
}
