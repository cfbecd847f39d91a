#!/usr/bin/env bats
# Which names are taken, as they are typed and as they are shown.

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

expect_refused() {
	sign_up "$1"
	[[ $code == 422 ]] || fail "'$1' answered $code"
}

# expect_taken TYPED HOLDER
expect_taken() {
	sign_up "$1"
	[[ $code == 409 ]] || fail "'$1' answered $code"
	expect_text "<bdi>$2</bdi>"
	expect_text "value=\"$1\""
}

repeat() {
	printf "%0.s$1" $(seq "$2")
}

@test "letters and digits of any script, with single separators" {
	expect_accepted a
	expect_accepted 7
	expect_accepted 'Ada Lovelace'
	expect_accepted ada.lovelace_1815-1852
	expect_accepted Ångström
	expect_accepted Σωκράτης
	expect_accepted Достоевский
	expect_accepted 山田太郎
	expect_accepted 김철수
	expect_accepted देवनागरी
	expect_accepted '𐌰𐌱𐌲'
}

@test "right-to-left names" {
	expect_accepted שלום
	expect_accepted 'דוד בן גוריון'
	expect_accepted محمد
	expect_accepted 'محمد١٢'
	expect_refused 'aשלום'
	expect_refused 'שלוםa'
}

@test "spaces around a name are not part of it" {
	expect_accepted '  alice  ' alice
	expect_accepted $'\tbob\r\n' bob
	expect_accepted $'\u3000carol\u00a0' carol
}

@test "separators stand alone between letters" {
	local name

	for name in . - _ .a a. -a a- _a a_ 'a  b' a..b a._b 'a -b' 'a. b'; do
		expect_refused "$name"
	done
}

@test "markup is refused, and shown again as text" {
	sign_up '<script>alert(1)</script>'
	expect_code 422
	expect_text 'value="&lt;script&gt;alert(1)&lt;/script&gt;"'
	sign_up '"><img src=x onerror=alert(1)>'
	expect_code 422
	expect_no_text '<img'
	expect_no_text 'value="">'
	sign_up "a'b\"c&d"
	expect_code 422
	expect_no_text "a'b\"c&d"
	expect_text '&quot;c&amp;d'
	sign_up '&lt;b&gt;'
	expect_code 422
	expect_text 'value="&amp;lt;b&amp;gt;"'
}

@test "emoji are refused, and shown again" {
	expect_refused 😀
	expect_text 'value="😀"'
	expect_refused 'ada 👩‍💻'
	expect_text 'value="ada 👩‍💻"'
	expect_refused '❤'
}

@test "what cannot be seen is refused" {
	expect_refused $'al\u200bice'
	expect_refused $'al\u200dice'
	expect_refused $'\u202ealice'
	expect_refused $'alice\u200f'
	expect_refused $'al\u00adice'
	expect_refused $'al\tice'
	expect_refused $'al\nice'
	expect_refused $'al\u0007ice'
	expect_refused $'\ufeffalice'
	expect_refused $'\u0301alice'
	expect_refused $'\ue000'
	expect_refused $'\U10ffff'
}

@test "symbols are refused" {
	local name

	for name in a@b a+b a/b 'a\b' 'a|b' 'a€' '½' '№5' 'ﬁ' '①' 'a·b,c' 'a…b'; do
		expect_refused "$name"
	done
}

@test "a decomposed spelling is shown composed, and is the same name" {
	expect_accepted $'Rene\u0301' René
	expect_taken rené René
	expect_taken $'RENE\u0301' René
	expect_accepted Rene
}

@test "a fullwidth spelling is shown as typed, and is the same name" {
	expect_accepted Ａｌｉｃｅ
	expect_taken alice Ａｌｉｃｅ
	expect_accepted bob
	expect_taken ＢＯＢ bob
	expect_accepted ｶﾀｶﾅ
	expect_taken カタカナ ｶﾀｶﾅ
}

@test "case is no difference, in any script" {
	expect_accepted Straße
	expect_taken STRASSE Straße
	expect_accepted ΣΊΣΥΦΟΣ
	expect_taken σίσυφος ΣΊΣΥΦΟΣ
	expect_accepted ЖЕНЯ
	expect_taken женя ЖЕНЯ
}

@test "64 code points are a name, 65 are not" {
	expect_accepted "$(repeat a 64)"
	expect_refused "$(repeat b 65)"
	expect_accepted "$(repeat 𐌰 64)"
	expect_refused "$(repeat 𐌱 65)"
	expect_accepted "$(repeat 'e\u0301' 64)" "$(repeat é 64)"
	expect_refused "$(repeat 'o\u0301' 65)"
	expect_accepted "   $(repeat c 64)   " "$(repeat c 64)"
}
