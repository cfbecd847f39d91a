#!/usr/bin/env bats
# Removals, renames and settings of organisers at a node, with a proxy between it and the server that fails. Whatever happens: each is
# made once, or not at all; a client is told that it was made only if it was, that it was not only if it was not, and else that
# nobody can tell.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"
# shellcheck source=nodes.bash
source "$BATS_TEST_DIRNAME/nodes.bash"

# At each point of a query's way: what is told is that it was made, since the node sends it again.
FAULTS=(cut-before-bind cut-in-request cut-before-sync rollback error:40001 error:40P01 error:25006 error:57P01 error:57P02
	error:57P03 error:53300 error:08006 error:40003 swallow cut-in-answer error-after:57P01 error-after:57P02 error-after:08006
	error-after:53100 error-after:25006 error-after:40003 warning)

# Of what is refused, nothing was done.
REFUSALS=(42501 23505 22021 55P03 54000 XX000)

setup() {
	prepare
	new_database
	start_proxy a
	start_node a "$dir/a" --admin on
	start_nginx "unix:$dir/a.sock"
}

teardown() {
	stop_nginx
	check_nginx_log
	end_all
}

change_site() {
	add_organiser "$dir" ada secret
}

# send JSON METHOD PATH: as request.
send() {
	request --user ada:secret --header 'Content-Type: application/json' --data-raw "$1" --request "$2" "$3"
}

# remove N, rename N NAME, set_title TEXT. An answer without content is none for request().
remove() {
	code=$(curl --silent --show-error --max-time 30 --unix-socket "$dir/http.sock" --user ada:secret --request DELETE \
		--output "$dir/body" --write-out '%{http_code}' "http://rollcall.test/users/$1")
	body=$(cat -- "$dir/body")
}

rename() {
	send "{\"username\":\"$2\"}" PATCH "/users/$1"
}

set_title() {
	send "{\"title\":\"$1\"}" PUT /sheet
}

# later COMMAND…: one of these, beside the test. told waits for it, and sets code and body.
later() {
	(
		"$@"
		printf '%s\n' "$code" >"$dir/code"
	) 3>&- &
	asking=$!
}

told() {
	wait "$asking"
	code=$(<"$dir/code")
	body=$(<"$dir/body")
}

# names: of all users, by number.
names() {
	sql 'SELECT number, name FROM rollcall.users ORDER BY number' | paste -s -d ' '
}

# changes KIND N: how often that is among the changes: 0 is a removal, 1 a rename.
changes() {
	sql "SELECT count(*) FROM rollcall.changes WHERE kind = $1 AND number = $2"
}

# settings: how often some were set, and the title of now.
settings() {
	sql "SELECT sheet, value FROM rollcall.state LEFT JOIN rollcall.settings ON setting = 0 ORDER BY version DESC LIMIT 1"
}

expect_sound() {
	local faults

	faults=$(admin "$database" --file "$BATS_TEST_DIRNAME/sound.sql")
	[[ -z $faults ]] || fail "$faults"
}

# expect_told CODE TEXT: the last answer.
expect_told() {
	[[ $code == "$1" && $body == *"$2"* ]] || fail "expected $1 and '$2', got $code: $body"
}

UNKNOWN='It could not be confirmed that the change was stored.'
REFUSED='The change could not be stored.'

@test "a change that fails at any point is sent again, and made once" {
	local fault number=0

	for fault in "${FAULTS[@]}"; do
		number=$((number + 1))
		sign_up "user $number"
		tell a "next $fault rename_user"
		rename "$number" "other $number"
		expect_told 200 "\"other $number\""
		[[ $(changes 1 "$number") -eq 1 && $(names) == "$number|other $number" ]] || fail "$fault: $(names)"
		tell a "next $fault set_sheet"
		set_title "Title $number"
		expect_told 200 "Title $number"
		[[ $(settings) == "$number|Title $number" ]] || fail "$fault: $(settings)"
		site_title="Title $number"
		tell a "next $fault remove_user"
		remove "$number"
		expect_told 204 ''
		[[ $(changes 0 "$number") -eq 1 && -z $(names) ]] || fail "$fault: $(names)"
		[[ $(grep -c "^fired ${fault%:*}\$" "$dir/a.proxy") -eq 3 ]] || fail "$fault did not happen"
		: >"$dir/a.proxy"
	done
	expect_sound
}

@test "a change that the server refuses is not made, and told of so; it is made when it is asked for again" {
	local number=0 state

	for state in "${REFUSALS[@]}"; do
		number=$((number + 1))
		sign_up "user $number"
		tell a "next error:$state rename_user"
		rename "$number" "other $number"
		expect_told 503 "$REFUSED"
		[[ $(changes 1 "$number") -eq 0 && $(names) == "$number|user $number" ]] || fail "$state: $(names)"
		wait_for_ready a
		rename "$number" "other $number"
		expect_told 200 "\"other $number\""
		tell a "next error:$state remove_user"
		remove "$number"
		expect_told 503 "$REFUSED"
		[[ $(changes 0 "$number") -eq 0 && $(names) == "$number|other $number" ]] || fail "$state: $(names)"
		wait_for_ready a
		tell a "next error:$state set_sheet"
		set_title Refused
		expect_told 503 "$REFUSED"
		[[ $(settings) == '0|' ]] || fail "$state: $(settings)"
		wait_for_ready a
		remove "$number"
		expect_told 204 ''
		[[ $(changes 1 "$number") -eq 1 && $(changes 0 "$number") -eq 1 && -z $(names) ]] || fail "$state: $(names)"
	done
	expect_sound
}

# lose FAULT FUNCTION COMMAND…: the function's calls all fail so, until the client has been told.
lose() {
	tell a "times 1000 $1 $2"
	"${@:3}"
	expect_told 503 "$UNKNOWN"
	tell a off
	wait_for_ready a
}

@test "changes whose answers are lost again and again: nobody can tell, and they are made once" {
	sign_up alice
	lose cut-before-bind rename_user rename 1 bob
	rename 1 bob
	expect_told 200 '"bob"'
	lose swallow rename_user rename 1 carol
	rename 1 carol
	expect_told 200 '"carol"'
	lose swallow set_sheet set_title Winter
	[[ $(settings) == '1|Winter' ]] || fail "$(settings)"
	lose swallow remove_user remove 1
	remove 1
	expect_told 404 ''
	[[ $(changes 1 1) -eq 2 && $(changes 0 1) -eq 1 && -z $(names) ]] || fail "$(names)"
	expect_sound
}

# doubt FUNCTION COMMAND…: the answer to the call is lost, and the server refuses the next one.
doubt() {
	: >"$dir/a.proxy"
	tell a "next stall-answer $1"
	later "${@:2}"
	wait_for_line "$dir/a.proxy" 'fired stall-answer' "${proxy_pid[a]}"
	tell a "next error:42501 $1"
	tell a cut
	told
	expect_told 503 "$UNKNOWN"
	wait_for_ready a
}

@test "a change that may have been made is not told of as refused, if the next try is" {
	sign_up alice
	doubt rename_user rename 1 bob
	[[ $(names) == '1|bob' ]] || fail "$(names)"
	rename 1 bob
	expect_told 200 '"bob"'
	doubt set_sheet set_title Winter
	[[ $(settings) == '1|Winter' ]] || fail "$(settings)"
	doubt remove_user remove 1
	remove 1
	expect_told 404 ''
	[[ $(changes 1 1) -eq 1 && $(changes 0 1) -eq 1 && -z $(names) ]] || fail "$(names)"
	expect_sound
}

# fail_late FUNCTION COMMAND…: the call is held until `release a late`, and made by another one meanwhile.
fail_late() {
	tell a "next late $1"
	"${@:2}"
	[[ $code == 20[04] ]] || fail "$code: $body"
}

@test "a change that arrives late, after it was sent again and others after it, changes nothing" {
	sign_up alice
	fail_late rename_user rename 1 bob
	rename 1 alice
	expect_told 200 '"alice"'
	release a late
	[[ $(names) == '1|alice' && $(changes 1 1) -eq 2 ]] || fail "$(names)"
	fail_late set_sheet set_title Winter
	set_title Summer
	expect_told 200 Summer
	release a late
	[[ $(settings) == '2|Summer' ]] || fail "$(settings)"
	site_title=Summer
	fail_late remove_user remove 1
	sign_up alice
	release a late
	[[ $(names) == '2|alice' && $(changes 0 1) -eq 1 ]] || fail "$(names)"
	expect_sound
}
