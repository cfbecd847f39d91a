#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/buffer.h"
#include "store/names/name_key.h"
#include "store/names/username.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static enum username_problem parse(const char *text, struct username *username)
{
	return username_parse(text, strlen(text), username);
}

/* Says which one it was, if it is not as expected. */
static void expect(const char *text, enum username_problem wanted)
{
	struct username username;
	enum username_problem problem = parse(text, &username);

	if (problem != wanted)
		fail_msg("\"%s\" gives %d, not %d", text, (int)problem, (int)wanted);
}

static void expect_all(const char *const *texts, size_t count, enum username_problem wanted)
{
	for (size_t i = 0; i < count; i++)
		expect(texts[i], wanted);
}

static void expect_text(const char *entered, const char *shown)
{
	struct username username;

	expect(entered, USERNAME_FINE);
	assert_int_equal(parse(entered, &username), USERNAME_FINE);
	assert_int_equal(username.length, strlen(shown));
	assert_memory_equal(username.text, shown, username.length);
}

static void expect_key(const char *entered, const char *key)
{
	struct username username;

	expect(entered, USERNAME_FINE);
	assert_int_equal(parse(entered, &username), USERNAME_FINE);
	if (username.key_length != strlen(key) || memcmp(username.key, key, strlen(key)) != 0)
		fail_msg("\"%s\" has the key \"%.*s\", not \"%s\"", entered,
			(int)username.key_length, username.key, key);
}

static bool is_same(const char *one, const char *other)
{
	struct username a, b;

	expect(one, USERNAME_FINE);
	expect(other, USERNAME_FINE);
	return parse(one, &a) == USERNAME_FINE && parse(other, &b) == USERNAME_FINE &&
	       a.key_length == b.key_length && memcmp(a.key, b.key, a.key_length) == 0;
}

static void expect_same(const char *one, const char *other)
{
	if (!is_same(one, other))
		fail_msg("\"%s\" and \"%s\" are not the same", one, other);
}

static void expect_different(const char *one, const char *other)
{
	if (is_same(one, other))
		fail_msg("\"%s\" and \"%s\" are the same", one, other);
}

/* `unit` so many times. */
static enum username_problem parse_times(const char *unit, size_t times, struct username *username)
{
	struct buffer text = {0};

	for (size_t i = 0; i < times; i++)
		buffer_string(&text, unit);
	assert_false(text.failed);
	enum username_problem problem = username_parse(text.bytes, text.length, username);
	buffer_free(&text);
	return problem;
}

static void expect_times(const char *unit, size_t times, enum username_problem wanted)
{
	struct username username;
	enum username_problem problem = parse_times(unit, times, &username);

	if (problem != wanted)
		fail_msg("\"%s\" %zu times gives %d, not %d", unit, times, (int)problem,
			(int)wanted);
}

/* As many as names have, of either kind, with each letter anew; and what NFC composes is no mark.
 */
TEST(marks_in_a_row)
{
	static const char *const fine[] = {"q\u0323\u0301\u0302\u0303",
		"q\u0323\u0301\u0302\u0303q\u0323\u0301\u0302\u0303",
		"q\u0323\u0301\u0302\u0303-q\u0323\u0301\u0302\u0303",
		"e\u0302\u0301\u0303\u0304\u0305\u0306", /* the first two are part of the letter */
		"\u1019\u103b\u103e\u1031\u102c\u103a",  /* Burmese: three beside, two over it */
		"\u0915\u093e\u093e\u093e\u093e\u0902\u0902\u0902\u0902"};
	static const char *const refused[] = {"q\u0323\u0301\u0302\u0303\u0304",
		"aq\u0323\u0301\u0302\u0303\u0304b", "\u0e19\u0e49\u0e49\u0e49\u0e49\u0e49",
		"\u0915\u0902\u0902\u0902\u093e\u0902\u093e\u0902", /* others between them */
		"\u0915\u093e\u093e\u093e\u093e\u093e"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_all(refused, COUNT(refused), USERNAME_MARKS);
}

TEST(letters_marks_and_digits)
{
	static const char *const fine[] = {
		"a", "Z", "7", "alice", "Alice Smith", "a.b_c-d e", "123", "Zo\u00eb",
		"stra\u00dfe", "\u041c\u0430\u0440\u0438\u044f",        /* Cyrillic */
		"\u03a3\u03bf\u03c6\u03af\u03b1",                       /* Greek */
		"\u5c71\u7530 \u592a\u90ce",                            /* Han */
		"\u3072\u3089\u304c\u306a", "\u30ab\u30bf\u30ab\u30ca", /* Kana */
		"\ud55c\uad6d\uc5b4",                                   /* Hangul */
		"\u0928\u093f\u0916\u093f\u0932",                       /* Devanagari, with Mc */
		"\u0e19\u0e49\u0e2d\u0e22",                             /* Thai, with Mn */
		"\u0967\u0968\u0969",                                   /* Devanagari digits */
		"\u02bbOkina", "\U00020000\U0002a6d6", "\U00010400",    /* Lm, Han above the BMP */
		"q\u0301", "a\u0328\u0301" /* marks that do not compose */
	};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
}

TEST(characters_that_names_do_not_have)
{
	static const char *const refused[] = {"a@b", "a/b", "a\\b", "<script>", "a&b", "\"a\"",
		"a,b", "a:b", "a;b", "a!", "a+b", "$a", "a%b", "a*b", "a=b", "a~b", "a`b", "a^b",
		"a|b", "#a", "a?b", "(a)", "[a]", "{a}", "a\tb", "a\nb", "a\rb", "a\vb", "a\x01z",
		"a\x1fz", "a\x7fz", "a\xc2\x80z", "a\xc2\x85z", "a\xc2\x9fz", /* C1 */
		"a\u2028b", "a\u2029b", "\u00a9a", "\u20aca", "\u201cab\u201d", "\u00abab\u00bb",
		"\u00b2", "x\u00bd", "\u2160", "\u2167", "\ufb01x", "\u2122", "\u0149", "\u0132",
		"\u1d2c", "\u210b", "\U0001d49c", "\u2460", "\u3131", "\u00aa", /* compatibility */
		"\u20dda", "a\u20dd",                                           /* Me */
		"\u1e9b", "\u03d3", "\u03d4", "\u1e9bx",   /* NFKC replaces a part of them */
		"\U00013441", "\U00013442", "a\U00013441", /* blank */
		"\u3000\uff01", "\uff20", "a\uffe5",       /* fullwidth signs */
		"a\ue000", "a\U000f0000", "a\U00100000",   /* private use */
		"a\u0378", "a\uffff", "a\ufdd0", "a\U0010ffff", "a\uffff", /* unassigned */
		"a\ufffd", "a\ufffc"};

	expect_all(refused, COUNT(refused), USERNAME_CHARACTER);
}

TEST(emoji)
{
	static const char *const refused[] = {"\U0001f600", "a\U0001f600", "\u2764", "\u2764\ufe0f",
		"\u263a", "\U0001f1e9\U0001f1ea", "1\ufe0f\u20e3",
		"\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd"};

	expect_all(refused, COUNT(refused), USERNAME_CHARACTER);
}

/* Each between two letters where it would do its harm unseen. */
TEST(characters_that_cannot_be_seen)
{
	static const char *const invisible[] = {"\u2d7f", "\U0001107f", "\U00016fe4", "\u200c",
		"\u200d", "\u00ad", "\u034f", "\u200b", "\u2060", "\u2061", "\u2064", "\ufeff",
		"\u180e", "\u180b", "\u180f", "\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef",
		"\U000e0001", "\U000e0041", "\u200e", "\u200f", "\u061c", "\u202a", "\u202b",
		"\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u206a",
		"\u3164", "\u115f", "\u1160", "\uffa0", "\u17b4", "\u17b5", "\ufff9", "\U0001d173"};
	char text[32];

	for (size_t i = 0; i < COUNT(invisible); i++) {
		snprintf(text, sizeof(text), "al%sice", invisible[i]);
		expect(text, USERNAME_CHARACTER);
		snprintf(text, sizeof(text), "alice%s", invisible[i]);
		expect(text, USERNAME_CHARACTER);
		snprintf(text, sizeof(text), "%salice", invisible[i]);
		expect(text, USERNAME_CHARACTER);
	}
}

/* RFC 5892, appendix A: each character in its context, and out of it. */
TEST(characters_with_a_context)
{
	static const char *const fine[] = {"\u0d9a\u0dca\u200d\u0dbb", "\u0915\u094d\u200d\u0937",
		"\u0d28\u0d4d\u200d", /* a joiner after a virama: Sinhala, Nepali, Malayalam */
		"\u0915\u094d\u200c\u0937",
		"\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", /* between joined letters */
		"\u0639\u0644\u06cc\u064e\u200c\u064e\u0631", /* with points between */
		"Gal\u00b7la", "GAL\u00b7LA", "\u30b8\u30e7\u30f3\u30fb\u30b9\u30df\u30b9",
		"\u30b8\u30e7\u30f3\uff65\u30b9", "\u5c71\u30fba", "\u05e9\u05f3",
		"\u05e6\u05d4\u05f4\u05dc"};
	static const char *const refused[] = {"a\u200db", "\u0915\u200d\u0937",
		"\u0915\u094d\u200d\u200d\u0937", "\u200d\u0915", "\u0627\u200c\u0631",
		"\u0639\u0644\u06cc\u200c", "\u200c\u0639", "\u0639\u200c-\u0639",
		"\u0639\u200d\u0639", /* joiners */
		"al\u00b7a", "a\u00b7la", "l\u00b7", "\u00b7l", "l\u00b7\u00b7l", "a\u30fbb",
		"\u05f3", "a\u05f3", "\u05f4\u05d0", "\u0645\u05f3"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_all(refused, COUNT(refused), USERNAME_CHARACTER);
	expect("\u30b8\u30fb", USERNAME_SEPARATOR);
	expect("\u30fb\u30b8", USERNAME_SEPARATOR);
	expect("\u30b8\u30fb\u30fb\u30b8", USERNAME_SEPARATOR);
	/* A name without its joiners is the same name. */
	expect_same("\u0639\u0644\u06cc\u200c\u0631", "\u0639\u0644\u06cc\u0631");
	expect_same("\u0d9a\u0dca\u200d\u0dbb", "\u0d9a\u0dca\u0dbb");
	expect_text("\u0639\u0644\u06cc\u200c\u0631", "\u0639\u0644\u06cc\u200c\u0631");
}

TEST(letters_that_a_language_is_written_with)
{
	static const char *const fine[] = {"\u0561\u0587\u0561", "\u0e01\u0e33",
		"\u0e19\u0e49\u0e33", "\u0e81\u0eb3", "\u0edc\u0eb2", "\u0edd\u0eb2"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_text("\u0e19\u0e49\u0e33", "\u0e19\u0e49\u0e33");
	expect_same("\u0587", "\u0565\u0582");
	expect_same("\u0e19\u0e33", "\u0e19\u0e4d\u0e32");
	expect_same("\u0edc", "\u0eab\u0e99");
}

TEST(apostrophes)
{
	static const char *const fine[] = {"O'Brien", "D\u2019Angelo",
		"Oleksandra Derev\u02bcjanko", "Ulug\u2018bek", "van 't Hoff", "'s-Gravenhage",
		"Abd al-'Aziz", "Alaa'", "Ta' Xbiex", "O\uff07Brien", "n'd'a"};
	static const char *const refused[] = {"'", "\u02bc", "a''b", "a ' b", "' a", "a '", "a-'-b",
		"a'\u2019b", "a.'", "'.a", "a -'"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_all(refused, COUNT(refused), USERNAME_SEPARATOR);
	expect_key("O\u2019Brien", "o'brien");
	expect_same("O'Brien", "o\u2019brien");
	expect_same("O'Brien", "O\u02bcBRIEN");
	expect_same("O'Brien", "O\u2018Brien");
	expect_same("O'Brien", "O\uff07Brien");
	expect_same("\u05d2'\u05d5\u05df", "\u05d2\u05f3\u05d5\u05df");
	expect_different("O'Brien", "OBrien");
	expect_text("D\u2019Angelo", "D\u2019Angelo");
}

TEST(full_stops)
{
	static const char *const fine[] = {"J. R. R. Tolkien", "J.R.R. Tolkien", "St. John",
		"Martin Luther King Jr.", "J.-P. Sartre", "\uff2a\uff0e \uff32"};
	static const char *const refused[] = {"J.. R", "J. . R", ". J", "J .", "-. a"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_all(refused, COUNT(refused), USERNAME_SEPARATOR);
}

TEST(one_space_of_several)
{
	static const char *const spaces[] = {
		"  ", "\u00a0", "\u2003\u202f", " \u1680 ", " \u3000", "\u3000 ", "\u3000\u3000"};
	char text[32];

	for (size_t i = 0; i < COUNT(spaces); i++) {
		snprintf(text, sizeof(text), "Ada%sL", spaces[i]);
		expect_text(text, "Ada L");
	}
	expect_text("\u5c71\u3000\u592a", "\u5c71\u3000\u592a");
	expect_same("a\u3000b", "a  b");
	expect_times("a  ", 32, USERNAME_FINE); /* 63 code points are left */
	expect("a \t b", USERNAME_CHARACTER);
}

TEST(names_the_character_that_is_refused)
{
	struct username username;

	assert_int_equal(parse("Ada@home", &username), USERNAME_CHARACTER);
	assert_int_equal(username.refused, '@');
	assert_int_equal(parse("e\u0301\u200b", &username), USERNAME_CHARACTER);
	assert_int_equal(username.refused, 0x200b);
	assert_int_equal(username_parse("a\0b", 3, &username), USERNAME_CHARACTER);
	assert_int_equal(username.refused, 0);
	assert_int_equal(parse("\xff", &username), USERNAME_CHARACTER);
	assert_int_equal(username.refused, -1);
}

TEST(empty)
{
	static const char *const empty[] = {
		"", " ", "   ", "\t\n\v\f\r", "\u00a0\u3000\u2003", "\xc2\x85\u2028\u2029"};

	expect_all(empty, COUNT(empty), USERNAME_EMPTY);
	expect_times(" ", 100000, USERNAME_EMPTY);
	expect_times("\u3000", 100000, USERNAME_EMPTY);
}

TEST(white_space_is_trimmed)
{
	static const char *const spaces[] = {"\t", "\n", "\v", "\f", "\r", " ", "\xc2\x85",
		"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
		"\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f",
		"\u205f", "\u3000"};
	char text[64];

	for (size_t i = 0; i < COUNT(spaces); i++) {
		snprintf(text, sizeof(text), "%s%s\u00c4b c%s %s", spaces[i], spaces[i], spaces[i],
			spaces[i]);
		expect_text(text, "\u00c4b c");
	}
	/* Control characters that are no white space stay, and are refused. */
	expect("\x1cz", USERNAME_CHARACTER);
	expect("a\x1f", USERNAME_CHARACTER);
}

TEST(shown_as_entered_but_composed)
{
	expect_text("AlIcE", "AlIcE");
	expect_text("Zoe\u0308", "Zo\u00eb");
	expect_text("\uff21\uff42\uff43", "\uff21\uff42\uff43");
	expect_text("\u212bngstr\u00f6m", "\u00c5ngstr\u00f6m"); /* the sign: a singleton */
	expect_text("a\u0301\u0328", "\u0105\u0301");            /* marks out of order */
	expect_text("\u1100\u1161\u11a8", "\uac01");             /* jamo */
	expect_text("\u0958", "\u0915\u093c");                   /* excluded from composition */
}

TEST(64_code_points)
{
	expect_times("a", 64, USERNAME_FINE);
	expect_times("a", 65, USERNAME_TOO_LONG);
	expect_times("\u00e9", 64, USERNAME_FINE);
	expect_times("\u00e9", 65, USERNAME_TOO_LONG);
	expect_times("\U00020000", 64, USERNAME_FINE);
	expect_times("\U00020000", 65, USERNAME_TOO_LONG);
	expect_times("\U0001f600", 65, USERNAME_TOO_LONG);
	expect_times("a", 1000000, USERNAME_TOO_LONG);
	expect_times("\xff", 1000000, USERNAME_TOO_LONG);
}

TEST(64_code_points_after_composition)
{
	expect_times("e\u0301", 64, USERNAME_FINE);
	expect_times("e\u0301", 65, USERNAME_TOO_LONG);
	expect_times("\u1100\u1161\u11a8", 64, USERNAME_FINE);
	expect_times("\u1100\u1161\u11a8", 65, USERNAME_TOO_LONG);
	/* Four code points of two bytes, and two of four bytes, that become one. */
	expect_times("\u03b1\u0313\u0300\u0345", 64, USERNAME_FINE);
	expect_times("\u03b1\u0313\u0300\u0345", 65, USERNAME_TOO_LONG);
	expect_times("\U00011099\U000110ba", 64, USERNAME_FINE);
	expect_times("\U00011099\U000110ba", 65, USERNAME_TOO_LONG);
	/* Decomposed by NFC itself: 32 become 64. */
	expect_times("\u0958", 32, USERNAME_FINE);
	expect_times("\u0958", 33, USERNAME_TOO_LONG);
	/* One letter with a heap of marks. */
	expect_times("\u0301", 64, USERNAME_MARK);
	expect_times("\u0301", 600, USERNAME_TOO_LONG);
}

TEST(trimmed_space_does_not_count)
{
	struct buffer text = {0};
	struct username username;

	for (int i = 0; i < 3000; i++)
		buffer_string(&text, "\u3000");
	for (int i = 0; i < 64; i++)
		buffer_string(&text, "a");
	for (int i = 0; i < 3000; i++)
		buffer_string(&text, "\n");
	assert_int_equal(username_parse(text.bytes, text.length, &username), USERNAME_FINE);
	assert_int_equal(username.length, 64);
	buffer_free(&text);
}

TEST(separators)
{
	static const char *const refused[] = {".", "-", "_", ".a", "-a", "_a", "a-", "a_", "a..b",
		"a--b", "a__b", "a -b", "...", "a . b", "\uff0ea", "a\uff0d", "a\uff3f\uff3fb",
		"a.\uff0eb", "a_ ", "\u3000-a"};

	expect_all(refused, COUNT(refused), USERNAME_SEPARATOR);
	expect("a\u3000b", USERNAME_FINE);
	expect("a\uff0eb\uff3fc\uff0dd", USERNAME_FINE);
	expect("1.2-3_4 5", USERNAME_FINE);
}

TEST(marks_need_a_letter)
{
	static const char *const refused[] = {"\u0301", "\u0301a", " \u0301a", "a \u0301",
		"a.\u0301b", "a-\u0301", "\u0345", "\u093e", "\u05b8\u05d0", "\u064e",
		"\u3099\u304b", "\uff9e", "a\u3000\u0301"};

	expect_all(refused, COUNT(refused), USERNAME_MARK);
}

TEST(fullwidth_and_halfwidth)
{
	expect_same("alice", "\uff41\uff4c\uff49\uff43\uff45");
	expect_same("alice", "\uff21\uff2c\uff29\uff23\uff25");
	expect_same("a1", "\uff41\uff11");
	expect_same("a b", "\uff41\u3000\uff42");
	expect_same("a.b", "a\uff0eb");
	expect_same("\u30ab\u30bf\u30ab\u30ca", "\uff76\uff80\uff76\uff85");
	expect_same("\u30ac", "\uff76\uff9e"); /* with the halfwidth voiced mark */
	expect_same("\u30d1", "\uff8a\uff9f");
	expect("\uffa1", USERNAME_CHARACTER); /* stands for a jamo */
}

TEST(case_does_not_matter)
{
	expect_key("AlIcE", "alice");
	expect_same("alice", "ALICE");
	expect_same("stra\u00dfe", "STRASSE");
	expect_same("stra\u00dfe", "STRA\u1e9eE");
	expect_same("\u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2",
		"\u039f\u0394\u03a5\u03a3\u03a3\u0395\u038e\u03a3");
	expect_key("\u03c2", "\u03c3");
	expect_same("\u041c\u0410\u0420\u0418\u042f", "\u043c\u0430\u0440\u0438\u044f");
	expect_same("\U00010400", "\U00010428");
	expect_same("\u1fb3", "\u03b1\u03b9"); /* iota subscript */
	expect_same("\u13a0", "\uab70");       /* Cherokee folds to capitals */
	expect_same("\u212a", "k");            /* the Kelvin sign */
}

/* Folding knows no language: the dotless i is a letter of its own. */
TEST(turkish_letters)
{
	expect_different("\u0131rmak", "irmak");
	expect_different("\u0131rmak", "Irmak");
	expect_same("Irmak", "irmak");
	expect_key("\u0130", "i\u0307");
	expect_same("\u0130", "I\u0307");
	expect_different("\u0130", "i");
}

TEST(composition_does_not_matter)
{
	expect_same("Zo\u00eb", "zoe\u0308");
	expect_same("\u1e69", "s\u0307\u0323");
	expect_same("\u1e69", "S\u0323\u0307");
	expect_same("\uac00", "\u1100\u1161");
	expect_different("zoe", "zo\u00eb");
	expect_different("alice", "a.lice");
	expect_different("a b", "ab");
	expect_different("a", "\u0430"); /* Cyrillic: a clash for another rule */
}

TEST(right_to_left)
{
	static const char *const fine[] = {"\u05e9\u05dc\u05d5\u05dd",
		"\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd", "\u05d0-\u05d1",
		"\u05d0.\u05d1_\u05d2", "\u05d01", "\u05d01\u05d1", "\u05d0",
		"\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9", /* ends in a point */
		"\u0645\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f3",
		"\u0645\u062d\u0645\u062f\u0663", "\u0645\u062d\u0645\u062f\u06f3",
		"\u0645\u064f\u062d\u064e", "\u07ca\u07cb", "\U0001e900\U0001e922",
		"a \u06f3", /* extended digits count as European */
		"1\u05d0", "1\u0645", "\u0663\u0645", "\u0661\u0662\u0663", "\u0645 \u0663 \u0664",
		/* words of both */
		"Ali \u0645\u062d\u0645\u062f", "\u0645\u062d\u0645\u062f Ali", "\u05d0 abc \u05d1",
		"Ali2 \u0645\u062d2", "\u05d0-\u05d1 a-b", "J. \u0645\u062d"};
	static const char *const mixed[] = {"\u0663a", "a\u0663", "Bob \u0663 \u0664",
		"\u0663 \u0664", "\u0663-\u0664", "a\u0663-\u0664b", "abc\u05d0", "\u05d0abc",
		"abc-\u05d0", "a \u05d0b", "Ali 3 \u0645", "Ali 3\u0645", "3a \u0645",
		"a\u0663 \u0645", "\u0663\u0645 a", "'a \u0645", "\u05d0\u0436", "\u5c71\u05d0",
		"\u05d0\uff41"};
	static const char *const digits[] = {
		"\u0645\u06633", "\u06453\u0663", "3\u0663", "a3 \u0663"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_all(mixed, COUNT(mixed), USERNAME_DIRECTION);
	expect_all(digits, COUNT(digits), USERNAME_DIGITS);
}

TEST(arabic_indic_digits_of_two_kinds)
{
	expect("\u0645\u0660\u0669", USERNAME_FINE);
	expect("\u0645\u06f0\u06f9", USERNAME_FINE);
	expect("\u0645\u0660\u06f0", USERNAME_DIGITS);
	expect("\u0645\u06f9\u0669", USERNAME_DIGITS);
	expect("\u0645\u0665\u0645\u06f5", USERNAME_DIGITS);
}

TEST(exceptions_of_rfc_5892)
{
	static const char *const fine[] = {
		"\u00df", "\u03c2", "\u06fd", "\u06fe", "\u0f56\u0f7c\u0f51\u0f0b\u0f61", "\u3007"};
	static const char *const refused[] = {"\u0645\u0640\u062d", "\u07ca\u07fa", "\u304b\u302e",
		"\u304b\u302f", "\u304b\u3031", "\u304b\u3032", "\u304b\u3033", "\u304b\u3034",
		"\u304b\u3035", "\u304b\u303b", "\u3131", "\u0375\u03b1"};

	expect_all(fine, COUNT(fine), USERNAME_FINE);
	expect_all(refused, COUNT(refused), USERNAME_CHARACTER);
}

TEST(old_hangul_jamo)
{
	static const char *const refused[] = {"\u1100", "\u1161", "\u11a8", "\u11ff", "\ua960",
		"\ud7b0", "\ud7fb", "\u1100\u1100\u1161", "a\u1161", "\uac00\u1161",
		"\u1113\u1161"};

	expect_all(refused, COUNT(refused), USERNAME_CHARACTER);
	expect("\u1100\u1161", USERNAME_FINE);
	expect("\uac00\u11a8", USERNAME_FINE); /* LV and T compose */
}

static const char *const invalid[] = {
	"\x80", "\xbf", "\xc3", "\xc3(", "\xc3\xc3", "\xe2\x82", "\xe2\x82(", "\xe2(\xa1",
	"\xf0\x9f\x98", "\xf0\x9f", "\xf0", "\xf0(\x8c\xbc", /* cut off */
	"\xc0\x80", "\xc1\xbf", "\xc0\xaf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
	"\xf0\x8f\xbf\xbf", /* longer than need be */
	"\xed\xa0\x80", "\xed\xaf\xbf", "\xed\xb0\x80", "\xed\xbf\xbf",
	"\xed\xa0\xbd\xed\xb8\x80",                                 /* surrogates */
	"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf7\xbf\xbf\xbf", /* above U+10FFFF */
	"\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xfe", "\xff", "\xff\xfe",
	"\xe9" /* Latin-1 */
};

TEST(invalid_utf8)
{
	char text[32], key[LIMIT_NAME_KEY];
	size_t key_length;

	for (size_t i = 0; i < COUNT(invalid); i++) {
		expect(invalid[i], USERNAME_CHARACTER);
		snprintf(text, sizeof(text), "ab%s", invalid[i]);
		expect(text, USERNAME_CHARACTER);
		snprintf(text, sizeof(text), " %s \u3000", invalid[i]);
		expect(text, USERNAME_CHARACTER);
		snprintf(text, sizeof(text), "ab%scd", invalid[i]);
		expect(text, USERNAME_CHARACTER);
		assert_int_equal(
			name_key_fold(text, strlen(text), key, &key_length), RESULT_MALFORMED);
	}
}

TEST(nul)
{
	struct username username;

	assert_int_equal(username_parse("\0", 1, &username), USERNAME_CHARACTER);
	assert_int_equal(username_parse("a\0b", 3, &username), USERNAME_CHARACTER);
	assert_int_equal(username_parse("alice\0", 6, &username), USERNAME_CHARACTER);
	assert_int_equal(username_parse("\0alice", 6, &username), USERNAME_CHARACTER);
}

/* The text need not be terminated, and nothing past it is read: valgrind and ASan see to that. */
TEST(reads_no_more_than_the_text)
{
	static const char *const texts[] = {
		"alice", "Zo\u00eb", "\xc3", "\xf0\x9f\x98", "a \u3000"};
	struct username username;

	for (size_t i = 0; i < COUNT(texts); i++) {
		size_t length = strlen(texts[i]);
		char *exact = malloc(length);
		assert_non_null(exact);
		memcpy(exact, texts[i], length);
		assert_int_equal(
			username_parse(exact, length, &username), parse(texts[i], &username));
		free(exact);
	}
}

/* What no name may consist of, whatever the tables of the rules say. */
static bool is_forbidden(utf8proc_int32_t c)
{
	static const utf8proc_int32_t exceptions[] = {0x6fd, 0x6fe, 0xf0b, 0x3007};
	const utf8proc_property_t *property = utf8proc_get_property(c);

	for (size_t i = 0; i < COUNT(exceptions); i++) {
		if (c == exceptions[i])
			return false;
	}
	switch (property->category) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_ND:
		return property->ignorable;
	default:
		return true;
	}
}

static void encode(utf8proc_int32_t c, char text[static 5])
{
	utf8proc_ssize_t length = utf8proc_encode_char(c, (utf8proc_uint8_t *)text);

	text[length > 0 ? length : 0] = '\0';
}

/* A name that was accepted is accepted for ever: it is its own spelling, and its key its own key.
 */
static void expect_stable(const struct username *username)
{
	struct username again;
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	assert_int_equal(username_parse(username->text, username->length, &again), USERNAME_FINE);
	assert_int_equal(again.length, username->length);
	assert_memory_equal(again.text, username->text, again.length);
	assert_int_equal(
		name_key_fold(username->text, username->length, key, &key_length), RESULT_OK);
	assert_int_equal(key_length, username->key_length);
	assert_memory_equal(key, username->key, key_length);
	if (username->key_length > LIMIT_NAME)
		return;
	assert_int_equal(
		name_key_fold(username->key, username->key_length, key, &key_length), RESULT_OK);
	assert_int_equal(key_length, username->key_length);
	assert_memory_equal(key, username->key, key_length);
}

/* Every code point of the planes that have letters, as a name of its own; and the longest key
 * one of them has, as often as it can be. */
TEST(every_code_point)
{
	struct username username;
	char text[5], longest[5] = "";
	size_t most = 0;

	for (utf8proc_int32_t c = 1; c < 0x33480; c++) {
		encode(c, text);
		if (parse(text, &username) != USERNAME_FINE)
			continue;
		if (is_forbidden(c))
			fail_msg("U+%04X is accepted", (unsigned)c);
		expect_stable(&username);
		/* Some become several code points. */
		if (username.key_length > most && username.length == strlen(text)) {
			most = username.key_length;
			memcpy(longest, text, sizeof(longest));
		}
	}
	assert_true(most >= 5);
	assert_int_equal(parse_times(longest, LIMIT_NAME_CODE_POINTS, &username), USERNAME_FINE);
	assert_int_equal(username.key_length, most * LIMIT_NAME_CODE_POINTS);
	expect_stable(&username);
}

TEST(longest_names_and_keys)
{
	struct username username;

	assert_int_equal(parse_times("\U00020000", 64, &username), USERNAME_FINE);
	assert_int_equal(username.length, LIMIT_NAME);
	expect_stable(&username);
	assert_int_equal(parse_times("\u1fb7", 64, &username), USERNAME_FINE);
	assert_int_equal(username.length, 64 * 3);
	assert_int_equal(username.key_length, 64 * 5);
	expect_stable(&username);
}

TEST(unicode_version)
{
	unsigned major, minor;

	assert_int_equal(sscanf(username_unicode_version(), "%u.%u", &major, &minor), 2);
	assert_true(major >= 14);
}
