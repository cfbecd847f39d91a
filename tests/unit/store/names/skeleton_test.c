#include "store/names/skeleton.h"

#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include "base/utf8.h"
#include "store/names/username.h"
#include "support/test.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define MOST         4096

/* The skeleton in UTF-8. */
static const char *skeleton_text(const char *name)
{
	static char text[MOST];
	struct skeleton skeleton;
	size_t length = 0;

	assert_true(skeleton_of(name, strlen(name), &skeleton));
	assert_true(utf8_encode(skeleton.points, skeleton.count, text, sizeof(text) - 1, &length));
	text[length] = '\0';
	return text;
}

static const char *skeleton_by_icu(const USpoofChecker *icu, const char *name)
{
	static char text[MOST];
	UErrorCode error = U_ZERO_ERROR;

	uspoof_getSkeletonUTF8(icu, 0, name, -1, text, sizeof(text), &error);
	assert_true(U_SUCCESS(error));
	return text;
}

/* Not with the palochka, of which the tables know better. */
static void compare(const USpoofChecker *icu, const char *name)
{
	if (strstr(name, "\u04cf") == NULL)
		assert_string_equal(skeleton_text(name), skeleton_by_icu(icu, name));
}

TEST(skeletons)
{
	static const struct {
		const char *name;
		const char *skeleton;
	} cases[] = {{"Ada", "Ada"}, {"paypal", "paypal"}, {"раураl", "paypal"},
		{"ΡΑΥΡΑL", "PAYPAL"}, {"Bemie", "Bernie"}, {"Bernie", "Bernie"}, {"Il10", "lllO"},
		{"аӏӀ", "all"}, {"Zoë", "Zoe\u0308"}, {"Zoe\u0308", "Zoe\u0308"}, {"Сор", "Cop"},
		{"ロ", "口"}, {"a\u200db", "ab"}, {"Ａ", "A"}, {"", ""}};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(skeleton_text(cases[i].name), cases[i].skeleton);
}

TEST(texts_without_a_skeleton)
{
	char text[SKELETON_MOST];
	struct skeleton skeleton;

	memset(text, 'm', sizeof(text)); /* each is two in a skeleton */
	assert_true(skeleton_of(text, sizeof(text) / 2, &skeleton));
	assert_int_equal(skeleton.count, SKELETON_MOST);
	assert_false(skeleton_of(text, sizeof(text) / 2 + 1, &skeleton));
	memset(text, 'a', sizeof(text));
	assert_true(skeleton_of(text, sizeof(text), &skeleton));
	assert_false(skeleton_of("a\xff", 2, &skeleton));
	assert_false(skeleton_of("\xd0", 1, &skeleton));
}

/* The tables are ICU's, but the algorithm and NFD are not. What only one of the two Unicode tables
 * knows is left out. */
TEST(every_code_point_as_icu_has_it)
{
	UErrorCode error = U_ZERO_ERROR;
	USpoofChecker *icu = uspoof_open(&error);
	size_t compared = 0;

	for (utf8proc_int32_t c = 0x20; c < 0x110000; c++) {
		char name[UTF8_MOST + 1] = "";
		struct username username;
		size_t length;
		if (utf8proc_category(c) == UTF8PROC_CATEGORY_CN || !u_isdefined(c) ||
			!utf8_encode(&c, 1, name, UTF8_MOST, &length) ||
			username_parse(name, length, &username) != USERNAME_FINE)
			continue;
		compare(icu, name);
		compared++;
	}
	assert_true(compared > 100000);
	uspoof_close(icu);
}

/* The same numbers in every run. */
static uint64_t roll(uint64_t *state, uint64_t sides)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (*state >> 33) % sides;
}

TEST(random_names_as_icu_has_them)
{
	static const utf8proc_int32_t ranges[][2] = {{'0', 'z'}, {0xc0, 0x24f}, {0x300, 0x345},
		{0x370, 0x3ff}, {0x400, 0x52f}, {0x531, 0x586}, {0x5b0, 0x5ea}, {0x620, 0x6d3},
		{0x905, 0x94d}, {0xac00, 0xad00}, {0x3041, 0x30fe}, {0x4e00, 0x4f00}, {'m', 'n'}};
	UErrorCode error = U_ZERO_ERROR;
	USpoofChecker *icu = uspoof_open(&error);
	const uint32_t letters = U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK;
	uint64_t seed = 1;

	for (size_t i = 0; i < 20000; i++) {
		char name[LIMIT_NAME + 1] = "";
		size_t used = 0, length;
		for (size_t j = roll(&seed, 12) + 1; j > 0; j--) {
			const utf8proc_int32_t *range = ranges[roll(&seed, COUNT(ranges))];
			utf8proc_int32_t c =
				range[0] +
				(utf8proc_int32_t)roll(&seed, (uint64_t)(range[1] - range[0] + 1));
			bool is_known = (U_GET_GC_MASK(c) & letters) != 0 &&
					utf8proc_category(c) != UTF8PROC_CATEGORY_CN &&
					!u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
			if (is_known && utf8_encode(&c, 1, name + used, UTF8_MOST, &length))
				used += length;
		}
		compare(icu, name);
	}
	uspoof_close(icu);
}

/* The keys that came, one behind the other. */
struct keys {
	char text[MOST];
	size_t count;
	size_t enough;
};

/* skeleton_key_cb */
static bool note_key(
	void *argument, const char *name, size_t length, const char *key, size_t key_length)
{
	struct keys *keys = argument;
	size_t used = strlen(keys->text);

	assert_int_equal(length, key_length);
	(void)name;
	if (used + key_length + 2 < sizeof(keys->text))
		snprintf(keys->text + used, sizeof(keys->text) - used, "%.*s ", (int)key_length,
			key);
	return ++keys->count == keys->enough;
}

static void find_keys(const char *name, struct keys *keys)
{
	struct skeleton skeleton;

	assert_true(skeleton_of(name, strlen(name), &skeleton));
	bool is_enough = skeleton_ascii_keys(&skeleton, note_key, keys);
	assert_int_equal(is_enough, keys->count == keys->enough);
}

TEST(ascii_names_that_have_a_skeleton)
{
	struct keys keys = {.enough = 1};

	find_keys("Сор", &keys);
	assert_string_equal(keys.text, "cop ");
	keys = (struct keys){.enough = 3};
	find_keys("Ӏ", &keys); /* l, I or 1 */
	assert_string_equal(keys.text, "l 1 i ");
	keys = (struct keys){.enough = 2};
	find_keys("m", &keys);
	assert_string_equal(keys.text, "rn m ");
	keys = (struct keys){.enough = SIZE_MAX};
	find_keys("ёё", &keys); /* Latin, but no ASCII */
	assert_string_equal(keys.text, "");
	keys = (struct keys){.enough = SIZE_MAX};
	find_keys("жу", &keys); /* nothing Latin is like the first */
	assert_string_equal(keys.text, "");
	assert_int_equal(keys.count, 0);
}

/* "\u00ad" shows nothing. */
TEST(no_ascii_name_shows_nothing)
{
	struct keys keys = {.enough = SIZE_MAX};

	find_keys("", &keys);
	find_keys("\u00ad", &keys);
	assert_int_equal(keys.count, 0);
}

TEST(ascii_names_are_bounded)
{
	struct keys keys = {.enough = SIZE_MAX};

	find_keys("ӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀӀ", &keys);
	assert_int_equal(keys.count, SKELETON_ASCII_NAMES);
}

TEST(same_skeletons)
{
	struct skeleton a, b;

	assert_true(skeleton_of("Сор", strlen("Сор"), &a));
	assert_true(skeleton_of("Cop", 3, &b));
	assert_true(skeleton_is_same(&a, &b));
	assert_true(skeleton_hash(&a, 7) == skeleton_hash(&b, 7));
	assert_true(skeleton_hash(&a, 7) != skeleton_hash(&b, 8));
	assert_true(skeleton_of("Copy", 4, &b));
	assert_false(skeleton_is_same(&a, &b));
	assert_true(skeleton_of("Coq", 3, &b));
	assert_false(skeleton_is_same(&a, &b));
}
