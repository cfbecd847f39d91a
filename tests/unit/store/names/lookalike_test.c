#include "store/names/lookalike.h"

#include <string.h>

#include "store/names/name_key.h"
#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static enum lookalike part_of(const char *name)
{
	char key[LIMIT_NAME_KEY];
	size_t length = strlen(name), key_length = 0;

	if (name_key_fold(name, length, key, &key_length) != RESULT_OK)
		memcpy(key, name, key_length = length);
	return lookalike_of(name, length, key, key_length);
}

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
		{"राम", LOOKALIKE_NONE}, {"a\xff", LOOKALIKE_NONE},
		/* A letter looks only like a phonetic sign or a small capital, or it
		 * looks Greek beside one that looks Latin. */
		{"Анна", LOOKALIKE_NONE}, {"Иван", LOOKALIKE_NONE}, {"Сергей", LOOKALIKE_NONE},
		{"Мария", LOOKALIKE_NONE}, {"Татьяна", LOOKALIKE_NONE}, {"Пётр", LOOKALIKE_NONE},
		{"Роман", LOOKALIKE_NONE}, {"Ελένη", LOOKALIKE_NONE},
		/* Only in capitals, or only in small letters. */
		{"АННА", LOOKALIKE_OTHER}, {"Вера", LOOKALIKE_OTHER}, {"Μαρία", LOOKALIKE_OTHER},
		{"Σοφία", LOOKALIKE_OTHER}, {"Нора", LOOKALIKE_OTHER}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name;
		enum lookalike part = part_of(name);
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
		{"AD", "ᎪᎠ"}, {"3oo", "Зоо"}, {"PaypaI", "Раура\u04c0"}, {"ëë", "ёё"},
		{"Cop", "СОР"}, {"COP", "сор"}, {"PAY", "рау"}, {"AHHA", "АННА"}, {"Hopa", "Нора"}};
	static const char *const others[][2] = {{"Bernie", "Bemie"}, {"Il", "lI"}, {"O", "0"},
		{"口", "ロ"}, {"二", "ニ"}, {"Cop", "Cop"}, {"Сор", "Сор"}, {"Tom", "Том"},
		{"anna", "АННА"}, {"Cop", "Сору"}, {"0", "О"}, {"", ""}, {"Cop", "\xff"}};

	for (size_t i = 0; i < COUNT(pairs); i++) {
		if (!is_pair(pairs[i][0], pairs[i][1]))
			fail_msg("%s and %s are no pair", pairs[i][0], pairs[i][1]);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		if (is_pair(others[i][0], others[i][1]))
			fail_msg("%s and %s are a pair", others[i][0], others[i][1]);
	}
}
