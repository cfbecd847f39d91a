#!/usr/bin/env bats
# Names on their way from a form to the list: as they are typed, as they are shown, and as they are compared. The rules have
# their tests in tests/unit/store/names.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

setup() {
	serve
}

teardown() {
	finish
}

# expect_accepted TYPED [SHOWN]: as the newest user, by the name SHOWN.
expect_accepted() {
	sign_up "$1"
	[[ $code == 303 ]] || fail "'$1' was refused with $code"
	request /users
	[[ $(users | head -n 1) == "${2-$1}" ]] || fail "'$1' is shown as '$(users | head -n 1)'"
}

@test "names that people have" {
	expect_accepted 'Ada Lovelace'
	expect_accepted 'J. R. R. Tolkien'
	expect_accepted "D’Angelo"
	expect_accepted 'ジョン・スミス'
	expect_accepted $'علی\u200cرضا'
	expect_accepted 'Ali محمد'
	expect_accepted '  Martin   Luther King Jr. ' 'Martin Luther King Jr.'
	expect_accepted $'Rene\u0301' René
}

@test "one spelling for each of them" {
	expect_accepted "O'Brien" 'O&#39;Brien'
	sign_up "O’BRIEN"
	expect_code 409
	expect_text '<bdi>O&#39;Brien</bdi>'
	expect_text "value=\"O’BRIEN\""
}

@test "a name that is refused is shown again as text, with a name that would be accepted" {
	sign_up '"><img src=x onerror=alert(1)>'
	expect_code 422
	expect_no_text '<img'
	expect_text 'value="&quot;&gt;&lt;img'
	sign_up 'ada 👩‍💻'
	expect_code 422
	expect_text 'value="ada 👩‍💻"'
	expect_text 'A name can&#39;t have “👩”. Try <a href="/?username=ada"><bdi>ada</bdi></a>.'
	request '/?username=ada'
	expect_text 'value="ada"'
}
