#!/usr/bin/env bats
# Users by the beginning of words of their names, as people and programs ask for them.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve --page-size 3
}

teardown() {
	finish
}

add() {
	local name

	for name; do
		sign_up "$name"
		expect_code 303
	done
}

# search TEXT [CURL OPTION…]: as a browser sends the form.
search() {
	request "${@:2}" --get --data-urlencode "q=$1" /users
	expect_code 200
}

# expect_found NAME…: these, in this order.
expect_found() {
	[[ $(users) == "$(printf '%s\n' "$@")" ]] || fail "expected $*, got:" "$(users)"
}

# expect_nobody TEXT: it says that no word begins so, and what to do.
expect_nobody() {
	# shellcheck disable=SC1111 # the page has these quotes
	expect_text "No name has a word that begins with “<bdi>$1</bdi>”"
	expect_text '<a href="/users">'
	expect_no_text '<ol'
}

# follow REL: to where the link with this rel leads.
follow() {
	[[ $body =~ '<a rel="'$1'" href="'([^\"]*) ]] || fail "no link with rel=$1" "$(show_answer)"
	request "${BASH_REMATCH[1]//&amp;/"&"}"
	expect_code 200
}

@test "the list has a form, which keeps what was typed and says what was found" {
	add Bob Alice
	request /users
	expect_text '<form role="search"'
	expect_text 'method="get"'
	search al
	expect_found Alice
	expect_text 'value="al"'
	expect_text '1 name</strong> has a word that begins with “<bdi>al</bdi>”'
	expect_text '<a href="/users">All users</a>'
}

@test "names come in their order, whole ones first" {
	add anna.b Anna 'Anna B' annabel
	search ann
	expect_found Anna anna.b 'Anna B'
	expect_text '4 names</strong> have a word'
	follow next
	expect_found annabel
	expect_text '4 names</strong> have a word'
	follow prev
	expect_found Anna anna.b 'Anna B'
}

@test "case, width, composition and expansion make no difference" {
	add Straße Zoë ＡＬＩＣＥ Ünal Ελλάς
	search STRASS
	expect_found Straße
	search straß
	expect_found Straße
	search ZOË
	expect_found Zoë
	search $'zoe\u0308'
	expect_found Zoë
	search ｚｏë
	expect_found Zoë
	search ali
	expect_found ＡＬＩＣＥ
	search $'u\u0308'
	expect_found Ünal
	search ελλάσ
	expect_found Ελλάς
}

@test "every word of a name is found, and a name once" {
	add 'Jean-Luc Picard' "O'Brien" Lucy 'Ann Anna'
	search Luc
	expect_found 'Jean-Luc Picard' Lucy
	expect_text '2 names</strong> have a word that begins with “<bdi>Luc</bdi>”'
	search 'luc p'
	expect_found 'Jean-Luc Picard'
	search brien
	expect_found 'O&#39;Brien'
	search an
	expect_found 'Ann Anna'
	search uc
	expect_nobody uc
}

@test "letters without accents find those with accents, but not the other way round" {
	add Émile Emil Bjørn 한국 하나 Đào
	search e
	expect_found Emil Émile
	search é
	expect_found Émile
	search è
	expect_nobody è
	search bjorn
	expect_found Bjørn
	search dao
	expect_found Đào
	search 하
	expect_found 하나 한국
	search 한
	expect_found 한국
}

@test "pages of a search lead on and back, whatever was typed" {
	add 'ö ö 1' 'ö ö 2' 'ö ö 3' 'ö ö 4' 'ö ö 5' 'ö ö 6' 'ö ö 7'
	search ' Ö  '
	expect_found 'ö ö 1' 'ö ö 2' 'ö ö 3'
	follow next
	expect_found 'ö ö 4' 'ö ö 5' 'ö ö 6'
	follow next
	expect_found 'ö ö 7'
	expect_no_text 'rel="next"'
	follow prev
	expect_found 'ö ö 4' 'ö ö 5' 'ö ö 6'
	follow prev
	expect_found 'ö ö 1' 'ö ö 2' 'ö ö 3'
	expect_no_text 'rel="prev"'
}

@test "a new user is found at once, and after a restart" {
	add Alice
	search bo
	expect_nobody bo
	add Bob
	search bo
	expect_found Bob
	stop_rollcall
	start_rollcall --page-size 3
	search bo
	expect_found Bob
	add Boris
	search BO
	expect_found Bob Boris
}

@test "a removed user is not found" {
	add Alice Alina
	stop_rollcall
	"$ROLLCALL" remove --data "$dir/data" alice
	start_rollcall
	search ali
	expect_found Alina
}

@test "what was typed is shown, never obeyed" {
	add Alice
	search '"><script>alert(1)</script>'
	expect_nobody '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'
	expect_text 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'
	search "&'<"
	expect_nobody '&amp;&#39;&lt;'
}

@test "nothing, or nothing but space, is no search" {
	local query

	add Alice Bob
	for query in q= 'q=+' q=%E3%80%80 q; do
		request "/users?$query"
		expect_code 200
		expect_text '<strong class="count">2 users</strong>'
		expect_found Bob Alice
	done
}

@test "longer than any name finds nobody" {
	local name

	name=$(printf 'x%.0s' {1..64})
	add "$name"
	search "$name"
	expect_found "$name"
	search "${name}x"
	expect_nobody "${name}x"
}

@test "what is not UTF-8, or asked twice, is a bad request" {
	local query

	for query in q=%FF q=%C3 q=%ED%A0%80 q=a%00 q=%zz 'q=a&q=b' 'q=a&before=x' 'q=a&before=1&after=1'; do
		request "/users?$query"
		expect_page 400 'Bad request'
	done
}

@test "a number that nobody has leads to the beginning" {
	add anna annabel annika anton
	for place in after=99 before=99 after=0; do
		request "/users?q=an&$place"
		expect_code 200
		expect_found anna annabel annika
	done
	request '/users?q=an&before=4'
	expect_found anna annabel annika
	request '/users?q=an&after=4'
	expect_code 200
	follow prev
	expect_found anna annabel annika
}

@test "programs get the same, with links" {
	add Alice Alan Alba Albert Bob
	request --header 'Accept: application/json' '/users?q=AL'
	expect_code 200
	[[ $(jq -c '[.total, .found, .found_more]' "$dir/body") == '[5,4,false]' ]] || fail "counts" "$(show_answer)"
	[[ $(jq -c '[.users[].username]' "$dir/body") == '["Alan","Alba","Albert"]' ]] || fail "others" "$(show_answer)"
	request --header 'Accept: application/json' "$(jq -r .links.next "$dir/body")"
	[[ $(jq -c '[.users[].username]' "$dir/body") == '["Alice"]' ]] || fail "others" "$(show_answer)"
	[[ $(jq -c '.links | has("next")' "$dir/body") == false ]] || fail "a next page" "$(show_answer)"
	request --header 'Accept: application/json' "$(jq -r .links.previous "$dir/body")"
	[[ $(jq -c '[.users[].username]' "$dir/body") == '["Alan","Alba","Albert"]' ]] || fail "others" "$(show_answer)"
}
