/* What is suggested in place of a name that is refused: it is taken, and all its letters are those
 * that were typed, or look like them. */
#include "store/names/username_suggestion.h"

#include <string.h>

#include "store/names/username_text.h"
#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

TEST(suggestions)
{
	static const char *const pairs[][2] = {{"J..R..R Tolkien", "J.R.R Tolkien"},
		{"J . R", "J. R"}, {"Ada @ home", "Ada home"}, {"Smith, John", "Smith John"},
		{"(Ada)", "Ada"}, {"Smith - Jones", "Smith-Jones"},
		{"Smith \u2013 Jones", "Smith-Jones"}, {"Jean\u2010Luc", "Jean-Luc"},
		{"O`Brien", "O'Brien"}, {"O\u00b4Brien", "O'Brien"}, {"-Ada-", "Ada"},
		{"_.Ada Jr.", "Ada Jr."}, {"\ufb01nn", "finn"}, {"\u0132sbrand", "IJsbrand"},
		{"Ga\u0140la", "Gal\u00b7la"}, {"Ada\u200b Lovelace\u200e", "Ada Lovelace"},
		{"Ada \U0001f600", "Ada"}, {"Ada\tLovelace", "Ada Lovelace"},
		{"\u05d1\u05df\u05be\u05d2", "\u05d1\u05df-\u05d2"}, {"e\u0301@", "\u00e9"},
		{"<script>", "script"}, {"Gal\u00b7la!", "Gal\u00b7la"}, {"a\u00b7b", "a b"},
		/* With one Cyrillic or Greek letter. */
		{"p\u0430ypal", "paypal"}, {"\u0391nna!", "Anna"}, {"Pau\u04c0a", "Paula"},
		{"\u0639\u0644\u06cc\u200c\u0631!", "\u0639\u0644\u06cc\u200c\u0631"}};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct username username;
		if (username_parse(pairs[i][0], strlen(pairs[i][0]), &username) == USERNAME_FINE)
			fail_msg("\"%s\" is a name", pairs[i][0]);
		if (!username_suggest(pairs[i][0], strlen(pairs[i][0]), &username))
			fail_msg("for \"%s\" nothing is suggested", pairs[i][0]);
		if (username.length != strlen(pairs[i][1]) ||
			memcmp(username.text, pairs[i][1], username.length) != 0)
			fail_msg("for \"%s\" it is \"%.*s\"", pairs[i][0], (int)username.length,
				username.text);
	}
}

/* Nothing is left of it, or a letter would have to go. */
TEST(no_suggestion)
{
	static const char *const texts[] = {"", " ", "@", "...", "'", "\U0001f600", "\u0301",
		"\xff", "a\xff", "q\u0323\u0301\u0302\u0303\u0304", "a\u05d0",
		/* In a Cyrillic name it is the Latin letter that is wrong; and no letter of
		 * ASCII looks like these. */
		"\u0421\u043e\u0440o", "Anna \u0410\u043d\u043d\u0430", "Nora\u0436",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	char long_text[5000];
	struct username username;

	for (size_t i = 0; i < COUNT(texts); i++) {
		if (username_suggest(texts[i], strlen(texts[i]), &username))
			fail_msg("for \"%s\" it is \"%.*s\"", texts[i], (int)username.length,
				username.text);
	}
	memset(long_text, '@', sizeof(long_text));
	assert_false(username_suggest(long_text, sizeof(long_text), &username));
}

/* What is said names the character, as it is or by its number. */
TEST(texts_name_the_character)
{
	static const struct {
		utf8proc_int32_t refused;
		const char *advice;
		const char *fault;
	} cases[] = {{'@', "A name can't have \u201c@\u201d.",
			     "it has \u201c@\u201d, which names do not have"},
		{0x200b, "A name can't have U+200B.", "it has U+200B, which names do not have"},
		{0x20dd, "A name can't have U+20DD.", "it has U+20DD, which names do not have"},
		{'\n', "A name can't have U+000A.", "it has U+000A, which names do not have"},
		{0x1f600, "A name can't have \u201c\U0001f600\u201d.",
			"it has \u201c\U0001f600\u201d, which names do not have"},
		{0x200d, "A name can't have U+200D in this place.",
			"it has U+200D where names do not have it"},
		{0xb7, "A name can't have \u201c\u00b7\u201d in this place.",
			"it has \u201c\u00b7\u201d where names do not have it"},
		{-1, "A name is text in UTF-8.", "it is not text in UTF-8"}};
	char text[USERNAME_TEXT_SIZE];

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct username username = {.refused = cases[i].refused};
		username_advice(USERNAME_CHARACTER, &username, text);
		assert_string_equal(text, cases[i].advice);
		username_fault(USERNAME_CHARACTER, &username, text);
		assert_string_equal(text, cases[i].fault);
	}
	username_advice(USERNAME_EMPTY, &(struct username){.refused = -1}, text);
	assert_string_equal(text, "Enter a name.");
}
