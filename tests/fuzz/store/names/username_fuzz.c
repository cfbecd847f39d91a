/*
 * Usernames from any bytes. What is taken is a name that pages, logs and files can show: UTF-8 in
 * NFC, of at most 64 characters, without controls and markup; and it is taken as it is when it is
 * entered again. What is refused is explained, and a name that is suggested in its place is taken.
 */
#include "store/names/username.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "store/names/name_key.h"
#include "store/names/username_suggestion.h"
#include "store/names/username_text.h"

static bool is_letter_or_digit(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);

	/* Signs that languages write as words, or within them (RFC 8264, section 9.6). */
	if (point == 0x06fd || point == 0x06fe || point == 0x0f0b)
		return true;
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO &&
	       category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_MC;
}

static void check_point(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);

	must(!utf8_is_control(point));
	must(strchr("<>&\"/\\?#%=,;:|`", point) == NULL || point > 127);
	/* The joiners are the only characters of a name that show nothing. */
	must(category != UTF8PROC_CATEGORY_CF || point == 0x200c || point == 0x200d);
	must(category != UTF8PROC_CATEGORY_CN && category != UTF8PROC_CATEGORY_CO);
	must(category != UTF8PROC_CATEGORY_ZL && category != UTF8PROC_CATEGORY_ZP);
}

static void check_points(const struct username *name)
{
	size_t count = 0;
	bool has_letter = false;

	for (size_t i = 0, step; i < name->length; i += step, count++) {
		int32_t point;
		step = utf8_decode(name->text + i, name->length - i, &point);
		must(step > 0);
		check_point(point);
		has_letter |= is_letter_or_digit(point);
	}
	must(has_letter);
	must(count <= LIMIT_NAME_CODE_POINTS);
}

/* By the library's own function. */
static void check_nfc(const struct username *name)
{
	utf8proc_uint8_t *composed;
	utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)name->text,
		(utf8proc_ssize_t)name->length, &composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE);

	must(length == (utf8proc_ssize_t)name->length);
	must(memcmp(composed, name->text, name->length) == 0);
	free(composed);
}

static void must_be_same(const struct username *a, const struct username *b)
{
	must(a->length == b->length && memcmp(a->text, b->text, a->length) == 0);
	must(a->key_length == b->key_length && memcmp(a->key, b->key, a->key_length) == 0);
	must(a->lookalike == b->lookalike);
}

/* The same name with white space around it, and its spaces doubled. */
static void check_spaced(const struct username *name)
{
	char text[2 * LIMIT_NAME + 4] = "\t ";
	struct username again;
	size_t length = 2;

	for (size_t i = 0; i < name->length; i++) {
		text[length++] = name->text[i];
		if (name->text[i] == ' ')
			text[length++] = ' ';
	}
	text[length++] = '\n';
	if (username_parse(text, length, &again) == USERNAME_FINE)
		must_be_same(name, &again);
	else
		must(length > 1024);
}

static void check_taken(const struct username *name)
{
	struct username again;
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	must(name->length > 0 && name->length <= LIMIT_NAME);
	check_points(name);
	check_nfc(name);
	must(username_parse(name->text, name->length, &again) == USERNAME_FINE);
	must_be_same(name, &again);
	check_spaced(name);
	must(name_key_fold(name->text, name->length, key, &key_length) == RESULT_OK);
	must(key_length == name->key_length && memcmp(key, name->key, key_length) == 0);
	must(key_length > 0);
	must(name->lookalike ==
		lookalike_of(name->text, name->length, name->key, name->key_length));
}

static void check_sentence(const char *text)
{
	size_t length = strnlen(text, USERNAME_TEXT_SIZE);

	must(length > 0 && length < USERNAME_TEXT_SIZE);
	must(utf8_is_valid(text, length));
}

static void check_refused(
	enum username_problem problem, const struct username *name, const char *text, size_t length)
{
	char sentence[USERNAME_TEXT_SIZE];
	struct username suggestion;

	memset(sentence, 'x', sizeof(sentence));
	username_advice(problem, name, sentence);
	check_sentence(sentence);
	memset(sentence, 'x', sizeof(sentence));
	username_fault(problem, name, sentence);
	check_sentence(sentence);
	if (username_suggest(text, length, &suggestion))
		check_taken(&suggestion);
}

/* A name begins with each of its words, and with itself. */
static void check_beginning(const char *text, size_t length)
{
	struct username_beginning beginning;

	if (username_parse_beginning(text, length, &beginning) != USERNAME_FINE)
		return;
	must(beginning.length > 0 && beginning.length <= LIMIT_NAME + 1);
	must(beginning.key_length > 0 && beginning.key_length <= LIMIT_NAME_BASE);
	must(beginning.word_length <= beginning.key_length);
	must(beginning.key_length - beginning.word_length <= 1);
	must(utf8_is_valid(beginning.text, beginning.length));
	must(beginning.accents.count <= NAME_WORDS_MOST);
	must(!beginning.is_accented || beginning.accents.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *text = (const char *)bytes;
	struct username name;
	struct username_beginning beginning;

	enum username_problem problem = username_parse(text, length, &name);
	check_beginning(text, length);
	if (problem != USERNAME_FINE) {
		check_refused(problem, &name, text, length);
		return 0;
	}
	check_taken(&name);
	must(username_parse_beginning(text, length, &beginning) == USERNAME_FINE);
	return 0;
}
