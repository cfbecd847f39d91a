#include "store/names/scripts.h"

#include <stdio.h>
#include <string.h>

#include "store/names/username.h"
#include "store/names/username_text.h"
#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void expect(const char *name, enum username_problem wanted)
{
	struct username username;
	enum username_problem problem = username_parse(name, strlen(name), &username);

	if (problem != wanted)
		fail_msg("\"%s\" gives %d, not %d", name, (int)problem, (int)wanted);
}

static void expect_all(const char *const *names, size_t count, enum username_problem wanted)
{
	for (size_t i = 0; i < count; i++)
		expect(names[i], wanted);
}

TEST(names_in_each_script_in_wide_use)
{
	static const char *const names[] = {"Zoë", "محمد", "Արմեն", "রহিম", "ㄓㄤ", "Анна", "राम",
		"ሰላም", "ნინო", "Ελένη", "મીરા", "ਗੁਰਪ੍ਰੀਤ", "王小明", "김민준", "דוד", "ひろし",
		"ರಾಮ", "タロウ", "សុខា", "ຄຳ", "രാമൻ", "အောင်", "ରାମ", "නිමල්", "முருகன்", "రాము", "ޢަލީ",
		"สมชาย", "བསྟན་འཛིན", "ᏍᏏᏉᏯ", "ⵉⴷⵉⵔ", "ᓄᓇ", "ߒߞߏ"};

	expect_all(names, COUNT(names), USERNAME_FINE);
}

TEST(what_scripts_have_in_common)
{
	static const char *const names[] = {"Саша 2000", "O\u2019Brien", "д\u2019Артаньян",
		"Hawaiʻi", "Анна-Мария", "Cafe\u0301", "Ё\u0301лкин", "राम3", "l·l", "ラーメン",
		"らーめん", "ジャン・ポール", "東京タワー", "کۆرش\u200cپور", "佐々木", "〇一",
		"王3", "ג׳ורג׳"};

	expect_all(names, COUNT(names), USERNAME_FINE);
}

TEST(chinese_japanese_and_korean_mix)
{
	static const char *const names[] = {"山田タロウ", "山田たろう", "DJ山田", "たろうX",
		"山田たろうタロウSmith", "王ㄨㄤ", "王ㄨㄤWang", "金민준", "金민준Kim", "Kim민준",
		"Li李", "李-Smith"};
	static const char *const mixed[] = {"민준たろう", "ㄨㄤたろう", "ㄨㄤ민준", "민준タロウX",
		"たろうМ", "王Ж", "김Ж", "タΑ"};

	expect_all(names, COUNT(names), USERNAME_FINE);
	expect_all(mixed, COUNT(mixed), USERNAME_SCRIPTS);
}

TEST(words_of_two_scripts)
{
	static const char *const names[] = {"Ali محمد", "محمد Ali", "David דוד", "Ram राम",
		"Somchai สมชาย", "Nino ნინო", "Анна 安娜", "Али علي", "Ким 김민준", "Eleni 王",
		"Νίκος 王", "Иван II", "Пётр Алексеевич XIV", "Νίκος V", "John Smith 王小明",
		"Ram\u3000राम", "Ali 2 राम"};
	static const char *const mixed[] = {"Anna Анна", "Сор Smith", "Анна Y", "X Анна", "Анна XL",
		"Анна i", "Анна-X", "Nikos Νίκος", "Анна Ελένη", "Anna ᏍᏏᏉᏯ", "Ali राम สมชาย",
		"राम สมชาย", "Anna राम Анна", "Aliराम", "Ali-राम", "Ram राम-ji", "Ram नm"};

	expect_all(names, COUNT(names), USERNAME_FINE);
	expect_all(mixed, COUNT(mixed), USERNAME_SCRIPTS);
}

TEST(letters_that_imitate)
{
	static const char *const mixed[] = {"pаypal", "Αnna", "аdmin", "Васовa", "Tօm",
		"Jоhn Smith", "admіn", "ρaul", "ᎪᏞᏴlan", "coԁe", "Ꮯeo"};
	static const char *const whole[] = {"раураl", "РАYPAL"};
	static const char *const single[] = {"раурау", "ΡΑΥ", "Сор", "ᎪᎠ", "օսո"};

	expect_all(mixed, COUNT(mixed), USERNAME_SCRIPTS);
	expect_all(whole, COUNT(whole), USERNAME_SCRIPTS); /* the l, and the Y, are Latin */
	expect_all(single, COUNT(single), USERNAME_FINE);
}

/* As people type the Latin letters of their languages. */
TEST(greek_letters_among_latin_ones)
{
	static const char *const names[] = {
		"Akyerε", "məθkəy\u0313əm", "λəx", "χeh", "Ελένη", "Χλόη", "χλ"};
	static const char *const mixed[] = {"Εnnα", "Νiels", "ωendy", "Анθ"};

	expect_all(names, COUNT(names), USERNAME_FINE);
	expect_all(mixed, COUNT(mixed), USERNAME_SCRIPTS);
}

TEST(another_problem_comes_first)
{
	expect("Aliمحمد", USERNAME_DIRECTION);
	expect("pаypal@", USERNAME_CHARACTER);
}

TEST(says_which_letter_it_is)
{
	static const struct {
		const char *name;
		const char *what;
	} cases[] = {{"pаypal", "Latin letters with the Cyrillic “а”"},
		{"Васовa", "Cyrillic letters with the Latin “a”"},
		{"aВасов", "Cyrillic letters with the Latin “a”"},
		{"Anna Анна", "Latin letters with the Cyrillic “А”"},
		{"2 Аnna", "Latin letters with the Cyrillic “А”"},
		{"வருண்H", "Tamil letters with the Latin “H”"},
		{"ᓄᓇa", "Canadian Aboriginal letters with the Latin “a”"},
		{"Аннаー", "Cyrillic letters with the “ー”"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct username username;
		char text[USERNAME_TEXT_SIZE], wanted[USERNAME_TEXT_SIZE];
		const char *name = cases[i].name;
		assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_SCRIPTS);
		username_advice(USERNAME_SCRIPTS, &username, text);
		snprintf(wanted, sizeof(wanted), "A name can't mix %s.", cases[i].what);
		assert_string_equal(text, wanted);
		username_fault(USERNAME_SCRIPTS, &username, text);
		snprintf(wanted, sizeof(wanted), "it mixes %s", cases[i].what);
		assert_string_equal(text, wanted);
	}
}

static struct script_set set_of(const utf8proc_int32_t *points)
{
	size_t count = 0;

	while (points[count] != 0)
		count++;
	return script_set_of_text(points, count);
}

static bool share(const utf8proc_int32_t *a, const utf8proc_int32_t *b)
{
	const struct script_set first = set_of(a), second = set_of(b);
	const struct script_set common = script_set_common(&first, &second);

	return !script_set_is_empty(&common);
}

TEST(scripts_of_texts)
{
	const struct script_set mixed = set_of((const utf8proc_int32_t[]){'a', 0x430, 0});

	assert_true(script_set_is_empty(&mixed));
	/* Han and Katakana are both of Japanese. */
	assert_true(share(
		(const utf8proc_int32_t[]){0x53e3, 0}, (const utf8proc_int32_t[]){0x30ed, 0}));
	assert_false(
		share((const utf8proc_int32_t[]){'a', 0}, (const utf8proc_int32_t[]){0x430, 0}));
	assert_true(
		share((const utf8proc_int32_t[]){'0', 0}, (const utf8proc_int32_t[]){0x430, 0}));
}

/* Of letters of many scripts, in use and not. What the word of a set says of two of them is what
 * the sets say, but for scripts that are in no wide use. */
TEST(sets_in_one_word)
{
	static const utf8proc_int32_t letters[] = {'a', 0x430, 0x3b1, 0x3c7, '1', 0x4e00, 0x3042,
		0x30a2, 0x30fc, 0xac00, 0x5d0, 0x627, 0x905, 0xe01, 0x1200, 0x13a0, 0x10d0};

	for (size_t i = 0; i < COUNT(letters); i++) {
		struct script_set a = script_set_of(letters[i]);
		assert_true(script_set_mask(&a) > 0);
		for (size_t j = 0; j < COUNT(letters); j++) {
			struct script_set b = script_set_of(letters[j]);
			struct script_set common = script_set_common(&a, &b);
			assert_int_equal((script_set_mask(&a) & script_set_mask(&b)) == 0,
				script_set_is_empty(&common));
		}
	}
	assert_int_equal(script_set_mask(&(struct script_set){{0}}), 0);
}
