#!/usr/bin/env bats
# The commands of docs/database.md for a list that moves, as they stand there.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

setup() {
	new_directory
	new_database
	mkdir "$dir/bin"
	ln -s "$ROLLCALL" "$dir/bin/rollcall"
	PATH=$dir/bin:$DATABASE_BIN:$PATH
}

teardown() {
	end_all
}

# follow DOCUMENT HEADING N: with this test's server, database and directory, as the server's administrator.
follow() {
	local block

	block=$(documented "$ROLLCALL_ROOT/$1" "$2" "$3" | sed -e "s|/run/postgresql|$DATABASE_SOCKETS|g" \
		-e "s|:///rollcall?|:///$database?|g; s|^createdb rollcall|createdb $database|" -e "s|/var/lib/rollcall|$dir/data|g")
	PGHOST=$DATABASE_SOCKETS PGUSER=postgres bash -euo pipefail -c "$block"
}

@test "a list is made on one's own server" {
	admin postgres --command "DROP DATABASE $database"
	follow docs/database.md 'On your own machines' 1
	rollcall add --store "postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS" alice
	[[ $(sql 'SELECT name FROM rollcall.users') == alice ]]
}

@test "a list moves there and back, and is the same" {
	local first

	mkdir -p "$dir/data"
	printf '{"username":"%s"}\n' alice 'Jürgen Müller' Bob | rollcall import --data "$dir/data" --format jsonl
	rollcall remove --data "$dir/data" alice
	first=$(rollcall export --data "$dir/data")
	follow docs/database.md 'Move a list' 1
	[[ $(rollcall export --store "postgresql://rollcall_app@/$database?host=$DATABASE_SOCKETS") == "$first" ]]
	rm -r "$dir/data"
	mkdir "$dir/data"
	follow docs/database.md 'Move a list' 2
	[[ $(rollcall export --data "$dir/data") == "$first" ]]
	[[ $first == *2,*'Jürgen Müller'*3,*Bob* ]] || fail "$first"
}
