#include "store/names/lookalike.h"

#include <string.h>

#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

TEST(parts_of_names)
{
	static const struct {
		const char *name;
		enum lookalike part;
	} cases[] = {{"Ada", LOOKALIKE_LATIN}, {"Zoë", LOOKALIKE_LATIN}, {"l10", LOOKALIKE_LATIN},
		{"O\u2019Brien", LOOKALIKE_LATIN}, {"Сор", LOOKALIKE_OTHER},
		{"раура\u04c0", LOOKALIKE_OTHER}, {"ΡΑΥ", LOOKALIKE_OTHER},
		{"օսո", LOOKALIKE_OTHER}, {"ᎪᎠ", LOOKALIKE_OTHER}, {"Сор 2", LOOKALIKE_OTHER},
		{"ёё", LOOKALIKE_OTHER}, {"〇", LOOKALIKE_OTHER}, {"Дима", LOOKALIKE_NONE},
		{"Юля", LOOKALIKE_NONE}, {"محمد", LOOKALIKE_NONE}, {"山口", LOOKALIKE_NONE},
		{"ロ", LOOKALIKE_NONE}, {"김민준", LOOKALIKE_NONE}, {"สมชาย", LOOKALIKE_NONE},
		{"राम", LOOKALIKE_NONE}, {"a\xff", LOOKALIKE_NONE}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name;
		enum lookalike part = lookalike_of(name, strlen(name));
		if (part != cases[i].part)
			fail_msg("%s is %d, not %d", name, (int)part, (int)cases[i].part);
	}
}

static bool is_pair(const char *a, const char *b)
{
	bool is = lookalike_is_pair(a, strlen(a), b, strlen(b));

	assert_int_equal(lookalike_is_pair(b, strlen(b), a, strlen(a)), is);
	return is;
}

TEST(pairs)
{
	static const char *const pairs[][2] = {{"paypal", "раура\u04c0"}, {"Cop", "Сор"},
		{"PAY", "ΡΑΥ"}, {"coco", "сосо"}, {"ooo", "օօօ"}, {"ооо", "օօօ"}, {"cac", "сас"},
		{"AD", "ᎪᎠ"}, {"3oo", "Зоо"}, {"PaypaI", "Раура\u04c0"}, {"ëë", "ёё"}};
	static const char *const others[][2] = {{"Bernie", "Bemie"}, {"Il", "lI"}, {"O", "0"},
		{"口", "ロ"}, {"二", "ニ"}, {"Cop", "Cop"}, {"Сор", "Сор"}, {"Cop", "сор"},
		{"PAYPAL", "раура\u04c0"}, {"Cop", "Сору"}, {"0", "О"}, {"", ""}, {"Cop", "\xff"}};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (!is_pair(pairs[i][0], pairs[i][1]))
			fail_msg("%s and %s are no pair", pairs[i][0], pairs[i][1]);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		if (is_pair(others[i][0], others[i][1]))
			fail_msg("%s and %s are a pair", others[i][0], others[i][1]);
	}
}
