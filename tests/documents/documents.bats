#!/usr/bin/env bats
# What goes wrong unseen in documents: commands that no test follows, links that lead nowhere, a version
# that was left behind.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"

# Blocks that no test follows: the document, a pattern of the first line, and why.
not_followed=(
	'docs/deploy.md|export ROLLCALL_TLS=*|ports and places of a whole machine; tests/compose has the same with its own'
	'docs/deploy.md|export ROLLCALL_ORGANISERS=*|the same'
	'docs/database.md|export COMPOSE_FILE=*|the same'
	'README.md|script/test *|the tests, this one too; .ci/run has nearly all of them on Debian 13 as well, by an ordinary user'
	'CONTRIBUTING.md|script/test *|the commands that run them'
	'docs/add-a-route.md|script/test *|the same; tests/documents/add_a_route.bats runs what they would run of it'
)

# all_blocks FILE: each ends with a NUL.
all_blocks() {
	local title number=0 block

	title=$(sed -n '/^# /{s/^# //p;q}' "$1")
	while block=$(documented "$1" "$title" $((number + 1)) 2>/dev/null); do
		number=$((number + 1))
		printf '%s\0' "$block"
	done
	[[ $number -eq $(grep -c '^```sh$' "$1") ]] || {
		printf '%s: not all blocks are found\n' "$1"
		return 1
	}
}

# followed_blocks FILE: those that a test asks for, as `follow FILE HEADING N`, `…commands FILE HEADING N`,
# `documented …/FILE HEADING N` or, of docs/deploy.md, `type_in HEADING N`.
followed_blocks() {
	local heading number

	while IFS=$'\t' read -r heading number; do
		documented "$ROLLCALL_ROOT/$1" "$heading" "${number:-1}" || return
		printf '\0'
	done < <(grep --no-filename --recursive --include='*.bats' --include='*.bash' --exclude=documents.bats --exclude-dir=node_modules . "$ROLLCALL_ROOT/tests" |
		sed '/^#/d; s|type_in |follow docs/deploy.md |' |
		grep --only-matching -E "(follow|follow_upgrade|service_way|[a-z_]*commands|documented) [^ ]*$1\"? ('[^']+'|[A-Za-z][A-Za-z0-9-]*)( [0-9]+)?" |
		sed -E "s/^[a-z_]+ [^ ]+ //; s/^'([^']+)'/\1/; s/ ([0-9]+)\$/\t\1/" | sort -u)
}

@test "each block of commands in the documents is followed by a test" {
	local document block followed listed unfollowed=

	cd "$ROLLCALL_ROOT"
	for document in README.md CONTRIBUTING.md docs/*.md; do
		all_blocks "$document" >"$BATS_TEST_TMPDIR/all"
		followed_blocks "$document" >"$BATS_TEST_TMPDIR/followed"
		mapfile -d '' followed < <(sed -z 's/\n$//' "$BATS_TEST_TMPDIR/followed")
		while IFS= read -r -d '' block; do
			for listed in "${followed[@]}"; do
				[[ $block != "$listed" ]] || continue 2
			done
			for listed in "${not_followed[@]}"; do
				# shellcheck disable=SC2053 # it is a pattern
				[[ "$document|$block" != ${listed%|*} ]] || continue 2
			done
			unfollowed+=$(printf '\n%s: %s' "$document" "${block%%$'\n'*}")
		done <"$BATS_TEST_TMPDIR/all"
	done
	[[ -z $unfollowed ]] || {
		printf 'followed by no test:%s\n' "$unfollowed"
		false
	}
}

@test "each link in the documents leads to a file and a heading that are there" {
	local document link file heading dead=

	cd "$ROLLCALL_ROOT"
	for document in *.md docs/*.md packaging/*.md; do
		while IFS= read -r link; do
			file=${link%%#*}
			file=${file:+$(dirname "$document")/$file}
			file=${file:-$document}
			[[ -e $file ]] || dead+=$'\n'"$document: $link"
			[[ $link == *#* && -e $file ]] || continue
			heading=${link#*#}
			anchors "$file" | grep -q -x -F -- "$heading" || dead+=$'\n'"$document: $link"
		done < <(links "$document")
	done
	[[ -z $dead ]] || {
		printf 'these lead nowhere:%s\n' "$dead"
		false
	}
}

# links FILE: where it links to within the repository.
links() {
	# shellcheck disable=SC2016 # backticks of Markdown
	sed '/^ *```/,/^ *```/d' "$1" | grep -o '](\([^)]*\))' | sed 's/^](//; s/)$//' | grep -v '^https\?:'
}

# anchors FILE: of its headings, as the pages of the repository's host have them.
anchors() {
	# shellcheck disable=SC2016 # backticks of Markdown
	sed '/^```/,/^```/d' "$1" | sed -n 's/^#\+ //p' | tr '[:upper:]' '[:lower:]' | sed 's/[^[:alnum:] _-]//g; s/ /-/g'
}

@test "README.md has less than 200 lines" {
	[[ $(wc -l <"$ROLLCALL_ROOT/README.md") -lt 200 ]]
}

@test "one version everywhere" {
	local version found

	cd "$ROLLCALL_ROOT"
	version=$(sed -n 's/^project(rollcall VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
	[[ $version == *.*.* ]]
	found=$(
		sed -n 's/^## \([0-9][0-9.]*\) - 20.*/CHANGELOG.md \1/p' CHANGELOG.md | head -n 1
		sed -n 's/^| \([0-9.]*\) | fixes |$/SECURITY.md \1/p' SECURITY.md
		sed -n 's/^ARG ROLLCALL_VERSION=/app\/Dockerfile /p' app/Dockerfile
		sed -n 's/.*rollcall_\([0-9.]*\)-1_amd64.deb$/docs\/deploy.md \1/p' docs/deploy.md
		sed -n '/^info:/,/^[a-z]*:$/s/^  version: /docs\/openapi.yaml /p' docs/openapi.yaml
		sed -n 's/^\.Os Rollcall /docs\/rollcall.8 /p' docs/rollcall.8
		sed -n '1s/^rollcall (\(.*\)-1) .*/packaging\/debian\/changelog \1/p' packaging/debian/changelog
	)
	diff - <(printf '%s\n' "$found") <<-END
		CHANGELOG.md $version
		SECURITY.md ${version%.*}
		app/Dockerfile $version
		app/Dockerfile $version
		docs/deploy.md $version
		docs/openapi.yaml $version
		docs/rollcall.8 $version
		packaging/debian/changelog $version
	END
}
