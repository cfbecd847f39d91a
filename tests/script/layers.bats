#!/usr/bin/env bats
# script/layers: the checkout keeps to the layers; and in a copy of its headers with faults, each of them is found, and nothing else.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# One copy with all of them, because the compiler reads all headers of a tree each time.
setup_file() {
	(cd "$ROLLCALL_ROOT" && find app -name '*.h' -exec cp --parents -t "$BATS_FILE_TMPDIR" -- {} +)
	cd "$BATS_FILE_TMPDIR" || return
	add_upward
	add_limited
	add_libuv
	add_paths
	add_guards
	add_names
	CPATH=$BATS_FILE_TMPDIR/include "$ROLLCALL_ROOT/script/layers" "$BATS_FILE_TMPDIR" >printed 2>&1 || echo "status $?" >>printed
	: >expected
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# add FILE LINE…
add() {
	mkdir -p -- "${1%/*}"
	printf '%s\n' "${@:2}" >"$1"
}

add_upward() {
	add app/http/upward.c '#include <stdio.h>' '' '#include "store/store.h"'
	add app/store/names/upward.c '#include "store/user.h"'
	add app/helpers/added.c '#include "base/log.h"'
}

add_limited() {
	add app/store/flat_file/limited.c '#include "http/request.h"' '#include "event_loop/worker_pool.h"' \
		'#include "event_loop/server.h"'
	add app/store/files/limited.c '#include "store/names/username.h"'
	add app/fastcgi/limited.c '#include <fcgiapp.h>'
	add app/base/limited.c '#include <libpq-fe.h>'
	add app/event_loop/limited.c '' 'int x = uv_queue_work(loop, request, work, done);'
}

add_libuv() {
	add app/routes/direct.c '#include <stdio.h>' '#include <uv.h>'
	add app/views/near.h '#ifndef ROLLCALL_VIEWS_NEAR_H' '#define ROLLCALL_VIEWS_NEAR_H' '#include "views/far.h"' '#endif'
	add app/views/far.h '#ifndef ROLLCALL_VIEWS_FAR_H' '#define ROLLCALL_VIEWS_FAR_H' '' '#include "event_loop/server.h"' '#endif'
	add include/foreign.h '#include <uv.h>'
	add app/http/foreign.c '#include <foreign.h>'
}

add_paths() {
	add app/views/climbs.c '#include "../base/log.h"'
	add tests/unit/climbs.c '' '#include "../support/site.h"'
	add app/views/own.c '#include "html.h"'
	add app/views/address.c 'html_markup(html, "<a class=\"button\" href=\"/users\">");' \
		'response_header(response, "Location", "/users");'
}

add_guards() {
	add app/base/first.h '/* Text. */' '#ifndef ROLLCALL_HTTP_FIRST_H' '#define ROLLCALL_BASE_FIRST_H' '#endif'
	add app/base/second.h '#ifndef ROLLCALL_BASE_SECOND_H' '#define ROLLCALL_SECOND_H' '#endif'
}

add_names() {
	local number

	for number in {1..21}; do
		touch "app/formats/added_$number.c"
	done
	add app/views/one.c '/* Text. */' 'static void added_first(void)' '{' '}' '' 'static const char *added_skip(' '	int argument)' '{' '}'
	add app/views/other.c 'static int added_skip(int argument);' 'static int added_skip(int argument)' '{' '}'
}

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# is_found LINE: it is printed once.
is_found() {
	[[ $(grep -c -x -F -e "$1" printed) -eq 1 ]] || fail "$(<printed)"
	printf '%s\n' "$1" >>expected
}

@test "the checkout" {
	run "$ROLLCALL_ROOT/script/layers"
	[[ $status -eq 0 && $output == 'layers: '*' 0 includes upward, 0 faults' ]] || fail "$output"
}

@test "an include from a floor above, also within the store" {
	is_found 'app/http/upward.c:3: "store/store.h" is from a floor above its own'
	is_found 'app/store/names/upward.c:1: "store/user.h" is from a floor above its own'
}

@test "a kind of store that knows of HTTP, or more of the event loop than the worker pool" {
	is_found 'app/store/flat_file/limited.c:1: "http/request.h" is nothing that store/ may know'
	is_found 'app/store/flat_file/limited.c:3: "event_loop/server.h" is nothing that store/ may know'
}

@test "files that know of users" {
	is_found 'app/store/files/limited.c:1: "store/names/username.h" is nothing that store/files/ may know'
}

@test "a folder without a floor" {
	is_found "app/helpers/added.c:1: script/layers does not know this folder's floor"
}

@test "libfcgi, other than in the codec" {
	is_found 'app/fastcgi/limited.c:1: only app/fastcgi/codec.c has #include <fcgiapp.h>'
}

@test "PostgreSQL's library, other than by its table of functions" {
	is_found 'app/base/limited.c:1: only app/store/database/libpq.h has #include <libpq-fe.h>'
}

@test "a job for a thread, other than through the worker pool" {
	is_found 'app/event_loop/limited.c:2: only app/event_loop/worker_pool.c has uv_queue_work('
}

@test "libuv in a route" {
	is_found 'app/routes/direct.c:2: reaches <uv.h>: uv.h'
}

@test "libuv in a view, through headers" {
	is_found 'app/views/near.h:3: reaches <uv.h>: views/far.h -> event_loop/server.h -> uv.h'
	is_found 'app/views/far.h:4: reaches <uv.h>: event_loop/server.h -> uv.h'
}

@test "libuv through a header that is not ours" {
	is_found 'app/http/foreign.c:1: reaches <uv.h>: as the compiler has it'
}

@test "an include that climbs" {
	is_found 'app/views/climbs.c:1: "../base/log.h" is not written from app/'
	is_found 'tests/unit/climbs.c:2: "../support/site.h" is not written from app/'
}

@test "an include that is written from its own folder" {
	is_found 'app/views/own.c:1: "html.h" is not a path in app/'
}

@test "an address without the path that the site is under" {
	is_found 'app/views/address.c:1: href=\"/ without the path that the site is under'
	is_found 'app/views/address.c:2: "Location" without the path that the site is under'
}

@test "a guard that is not made from the path" {
	is_found 'app/base/first.h:2: the guard is #ifndef ROLLCALL_BASE_FIRST_H'
	is_found 'app/base/second.h:2: the guard is #define ROLLCALL_BASE_SECOND_H'
}

@test "a folder with too much in it" {
	is_found "app/formats:1: $(basename -a app/formats/*.[ch] | sed 's/\..$//' | sort -u | wc -l) pairs of files, more than 20"
}

@test "a static function with the name of another" {
	is_found 'app/views/other.c:2: added_skip() is also in app/views/one.c'
}

# But for folders that the added files fill.
@test "nothing else is found, and the last line counts" {
	[[ $(grep '^[a-z].*:[0-9]*: ' printed | grep -v ' pairs of files, ' | sort) == "$(grep -v ' pairs of files, ' expected | sort)" ]] ||
		fail "$(<printed)"
	grep -q -E "^layers: [0-9]+ files, 2 includes upward, $(grep -c '^[a-z].*:[0-9]*: ' printed) faults\$" printed || fail "$(<printed)"
	[[ $(tail -n 1 printed) == 'status 1' ]] || fail "$(<printed)"
}

@test "a tree without source" {
	mkdir -p "$BATS_TEST_TMPDIR/app"
	run "$ROLLCALL_ROOT/script/layers" "$BATS_TEST_TMPDIR"
	[[ $status -eq 1 && $output == "layers: no source in $BATS_TEST_TMPDIR/app" ]] || fail "$output"
}
