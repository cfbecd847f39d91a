#!/usr/bin/env bats
# What the organiser sets, through the web server: texts from all three sources, a stylesheet of the site's own.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	prepare
	organised=
}

change_site() {
	[[ -z $organised ]] || add_organiser "$dir" ada secret
}

teardown() {
	finish
}

serve_prepared() {
	start_rollcall "$@"
	start_nginx
}

@test "texts come from the command line, the environment and the file of settings" {
	printf '%s\n' 'ROLLCALL_INTRO="Bread & cheese.\n\nBring a box."' >"$dir/settings"
	export ROLLCALL_CONTACT=ada@example.org
	site_title='Winter workshop'
	serve_prepared --config "$dir/settings" --title 'Winter workshop' --privacy https://example.org/privacy
	request /
	expect_page 200 'Winter workshop'
	expect_text '<p dir="auto">Bread &amp; cheese.</p>'
	expect_text '<p dir="auto">Bring a box.</p>'
	expect_text '<a href="mailto:ada@example.org">ada@example.org</a>'
	expect_text '<a href="https://example.org/privacy">Privacy</a>'
	printf '%s\n' 'ROLLCALL_INTRO=Cancelled.' >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid"
	request /
	expect_text '<p dir="auto">Cancelled.</p>'
	expect_no_text 'Bread'
}

@test "texts that can not be shown are refused at start" {
	local status

	for option in 'title=' $'title=a\nb' $'intro=a\eb' $'contact=\xff' "title=$(printf '%081d' 0)" "intro=$(printf '%02001d' 0)" \
		closes=tomorrow opens=2026-12-05 seats=many; do
		status=0
		"$ROLLCALL" --data "$dir/data" "--$option" 2>"$dir/err" || status=$?
		[[ $status == 2 ]] || fail "$option ended with $status"
		grep -q -e "--${option%%=*}: '.*': " "$dir/err" || fail "$option: $(<"$dir/err")"
	done
}

@test "pages use custom.css if the web server has it, and without it nobody asks for it" {
	local path

	mkdir "$dir/www"
	: >"$dir/settings"
	serve_prepared --www "$dir/www" --config "$dir/settings"
	request /
	expect_no_text custom.css
	: >"$dir/www/custom.css"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid"
	for path in / /users /users/7 /nowhere; do
		request "$path"
		expect_text '<link rel="stylesheet" href="/custom.css">'
	done
}

@test "sign-up does not close before it opens" {
	local status=0

	"$ROLLCALL" --data "$dir/data" --opens 2026-12-05T18:00:00Z --closes 2026-12-05T19:00:00+01:00 2>"$dir/err" || status=$?
	[[ $status == 2 ]]
	grep -q -e '--closes is not later than --opens' "$dir/err"
}

@test "a client keeps its pages when the settings are read again, and are the same" {
	local etag

	echo ROLLCALL_SEATS=2 >"$dir/settings"
	serve_prepared --config "$dir/settings"
	begin_a_minute
	request /users
	etag=$(header ETag)
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid"
	request --header "If-None-Match: $etag" /users
	expect_code 304
	echo ROLLCALL_SEATS=3 >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid" 2
	request --header "If-None-Match: $etag" /users
	expect_code 200
}

@test "closing and seats can change while it runs" {
	: >"$dir/settings"
	serve_prepared --config "$dir/settings"
	sign_up alice
	expect_created 1
	echo ROLLCALL_CLOSES=2026-01-01T00:00:00Z >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid"
	request /
	expect_text 'Sign-up is closed'
	sign_up bob
	expect_code 403
	printf '%s\n' ROLLCALL_CLOSES= ROLLCALL_SEATS=2 >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" event=reloaded "$app_pid" 2
	request /
	expect_text '<strong>1 of 2 seats left.</strong>'
	sign_up bob
	expect_created 2
	sign_up carol
	expect_code 409
	request /
	expect_text 'All 2 seats are taken.'
	request /readyz
	expect_code 200
}

# put JSON [CURL OPTION…]: as an organiser.
put() {
	request --user ada:secret --request PUT --header 'Content-Type: application/json' --data-raw "$1" "${@:2}" /sheet
}

# organise: the organiser's page.
organise() {
	curl --silent --fail --max-time 30 --unix-socket "$dir/http.sock" --user ada:secret http://rollcall.test/admin
}

@test "a program that read the settings overwrites nothing that was set meanwhile" {
	local etag

	organised=yes
	serve_prepared --admin on --seats 30
	request --user ada:secret /sheet
	etag=$(header ETag)
	put '{"title":"Party"}' --header "If-Match: $etag"
	expect_code 200
	expect_text '"set":["title"]'
	put '{"title":"Course"}' --header "If-Match: $etag"
	expect_code 412
	request --user ada:secret --header 'Accept-Encoding: gzip' --compressed /sheet
	put '{"title":"Course"}' --header "If-Match: $(header ETag)"
	expect_code 200
	put '{"seats":3,"title":null}'
	expect_text '"title":"Sign-up sheet"'
	expect_text '"set":["seats"]'
	stop_rollcall
	start_rollcall --admin on --seats 30
	put '{"seats":null}'
	expect_text '"seats":30'
	expect_text '"set":[]'
}

@test "times that contradict each other after the options changed are in the log, and on the organiser's page" {
	organised=yes
	: >"$dir/settings"
	serve_prepared --admin on --config "$dir/settings"
	put '{"opens":"2036-12-05T18:00:00Z"}'
	expect_code 200
	[[ $(<"$app_log") != *sheet-never-opens* ]]
	echo ROLLCALL_CLOSES=2036-12-05T18:00:00Z >"$dir/settings"
	kill -HUP "$app_pid"
	wait_for_line "$app_log" 'event=sheet-never-opens opens=2036-12-05T18:00:00.000Z closes=2036-12-05T18:00:00.000Z' "$app_pid"
	[[ $(organise) == *'Sign-up never opens:'* ]]
	stop_rollcall
	start_rollcall --admin on --config "$dir/settings"
	wait_for_line "$app_log" event=sheet-never-opens "$app_pid"
	put '{"opens":null}'
	expect_code 200
	[[ $(organise) != *'Sign-up never opens:'* ]]
}
