#!/usr/bin/env bats
# script/layers: the checkout keeps to the layers; and in a copy of its headers with one fault more, that fault is found.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
	(cd "$ROLLCALL_ROOT" && find app -name '*.h' -exec cp --parents -t "$BATS_TEST_TMPDIR" -- {} +)
	cd "$BATS_TEST_TMPDIR" || return
}

# add FILE LINE…
add() {
	mkdir -p -- "${1%/*}"
	printf '%s\n' "${@:2}" >"$1"
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# is_found LINE: among what script/layers says of the copy, and there is nothing else.
is_found() {
	run "$ROLLCALL_ROOT/script/layers" "$BATS_TEST_TMPDIR"
	[[ $status -eq 1 && ${lines[0]} == "$1" && ${lines[1]} == 'layers: '*' 1 faults' ]] || fail "$output"
}

@test "the checkout" {
	run "$ROLLCALL_ROOT/script/layers"
	[[ $status -eq 0 && $output == 'layers: '*' 0 includes upward, 0 faults' ]] || fail "$output"
}

@test "an include from a floor above" {
	add app/http/added.c '#include <stdio.h>' '' '#include "store/store.h"'
	is_found 'app/http/added.c:3: "store/store.h" is from a floor above its own'
	[[ ${lines[1]} == *' 1 includes upward, '* ]] || fail "$output"
}

@test "from a floor above, within the store" {
	add app/store/names/added.c '#include "store/user.h"'
	is_found 'app/store/names/added.c:1: "store/user.h" is from a floor above its own'
}

@test "a kind of store that knows of HTTP" {
	add app/store/flat_file/added.c '#include "http/request.h"'
	is_found 'app/store/flat_file/added.c:1: "http/request.h" is nothing that store/ may know'
}

@test "a kind of store that knows more of the event loop than the worker pool" {
	add app/store/flat_file/added.c '#include "event_loop/worker_pool.h"' '#include "event_loop/server.h"'
	touch app/event_loop/worker_pool.h
	run "$ROLLCALL_ROOT/script/layers" "$BATS_TEST_TMPDIR"
	[[ $output == *'app/store/flat_file/added.c:2: "event_loop/server.h" is nothing that store/ may know'* ]] || fail "$output"
	[[ $output != *added.c:1:* ]] || fail "$output"
}

@test "files that know of users" {
	add app/store/files/added.c '#include "store/names/username.h"'
	is_found 'app/store/files/added.c:1: "store/names/username.h" is nothing that store/files/ may know'
}

@test "a folder without a floor" {
	add app/helpers/added.c '#include "base/log.h"'
	is_found "app/helpers/added.c:1: script/layers does not know this folder's floor"
}

@test "libfcgi, other than in the codec" {
	add app/fastcgi/added.c '#include <fcgiapp.h>'
	is_found 'app/fastcgi/added.c:1: only app/fastcgi/codec.c has #include <fcgiapp.h>'
}

@test "a job for a thread, other than through the worker pool" {
	add app/event_loop/added.c '' 'int x = uv_queue_work(loop, request, work, done);'
	is_found 'app/event_loop/added.c:2: only app/event_loop/worker_pool.c has uv_queue_work('
}

@test "libuv in a route" {
	add app/routes/added.c '#include <stdio.h>' '#include <uv.h>'
	is_found 'app/routes/added.c:2: reaches <uv.h>: uv.h'
}

@test "libuv in a view, through headers" {
	add app/views/added.h '#ifndef ROLLCALL_VIEWS_ADDED_H' '#define ROLLCALL_VIEWS_ADDED_H' '#include "views/another.h"' '#endif'
	add app/views/another.h '#ifndef ROLLCALL_VIEWS_ANOTHER_H' '#define ROLLCALL_VIEWS_ANOTHER_H' '' \
		'#include "event_loop/server.h"' '#endif'
	run "$ROLLCALL_ROOT/script/layers" "$BATS_TEST_TMPDIR"
	[[ $status -eq 1 ]] || fail "$output"
	[[ ${lines[0]} == 'app/views/added.h:3: reaches <uv.h>: views/another.h -> event_loop/server.h -> uv.h' ]] || fail "$output"
	[[ ${lines[1]} == 'app/views/another.h:4: reaches <uv.h>: event_loop/server.h -> uv.h' ]] || fail "$output"
}

@test "libuv through a header that is not ours" {
	local directory

	directory=$(mktemp -d "$BATS_TEST_TMPDIR/include.XXXXXX")
	add "$directory/foreign.h" '#include <uv.h>'
	add app/http/added.c '#include <foreign.h>'
	CPATH=$directory is_found 'app/http/added.c:1: reaches <uv.h>: as the compiler has it'
}

@test "an include that climbs" {
	add app/views/added.c '#include "../base/log.h"'
	is_found 'app/views/added.c:1: "../base/log.h" is not written from app/'
	rm app/views/added.c
	add tests/unit/added.c '' '#include "../support/site.h"'
	is_found 'tests/unit/added.c:2: "../support/site.h" is not written from app/'
}

@test "an include that is written from its own folder" {
	add app/views/added.c '#include "html.h"'
	is_found 'app/views/added.c:1: "html.h" is not a path in app/'
}

@test "a guard that is not made from the path" {
	add app/base/added.h '/* Text. */' '#ifndef ROLLCALL_HTTP_ADDED_H' '#define ROLLCALL_BASE_ADDED_H' '#endif'
	is_found 'app/base/added.h:2: the guard is #ifndef ROLLCALL_BASE_ADDED_H'
	add app/base/added.h '#ifndef ROLLCALL_BASE_ADDED_H' '#define ROLLCALL_ADDED_H' '#endif'
	is_found 'app/base/added.h:2: the guard is #define ROLLCALL_BASE_ADDED_H'
}

@test "a folder with too much in it" {
	local number

	for number in {1..21}; do
		touch "app/formats/added_$number.c"
	done
	is_found "app/formats:1: $(basename -a app/formats/*.[ch] | sed 's/\..$//' | sort -u | wc -l) pairs of files, more than 20"
}

@test "a static function with the name of another" {
	add app/views/added.c '/* Text. */' 'static void added_first(void)' '{' '}' '' 'static const char *added_skip(' '	int argument)' '{' '}'
	add app/views/another.c 'static int added_skip(int argument);' 'static int added_skip(int argument)' '{' '}'
	is_found 'app/views/another.c:2: added_skip() is also in app/views/added.c'
}

@test "a tree without source" {
	rm -r app
	mkdir app
	run "$ROLLCALL_ROOT/script/layers" "$BATS_TEST_TMPDIR"
	[[ $status -eq 1 && $output == "layers: no source in $BATS_TEST_TMPDIR/app" ]] || fail "$output"
}
