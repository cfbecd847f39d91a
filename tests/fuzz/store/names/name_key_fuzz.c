/*
 * Keys of names. A text has the key that the Unicode library makes of the whole of it, however it
 * is composed and in whichever case it is written; an order of keys is that of their bytes, and a
 * base form is made of a key alone.
 */
#include "store/names/name_key.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "store/names/base_form.h"
#include "store/names/code_points.h"
#include "store/names/folding.h"
#include "store/names/name_words.h"

struct name_text {
	char bytes[4 * LIMIT_NAME_KEY];
	size_t length;
};

struct name_key {
	char bytes[LIMIT_NAME_KEY];
	size_t length;
};

static bool fold(const char *text, size_t length, struct name_key *key)
{
	return name_key_fold(text, length, key->bytes, &key->length) == RESULT_OK;
}

static bool is_same_key(const struct name_key *a, const struct name_key *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* The library's, of the whole text at once. False: it is none. */
static bool map_text(
	const char *text, size_t length, utf8proc_option_t options, struct name_text *mapped)
{
	utf8proc_uint8_t *made;
	utf8proc_ssize_t made_length = utf8proc_map(
		(const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &made, options);

	if (made_length < 0)
		return false;
	bool fits = (size_t)made_length <= sizeof(mapped->bytes);
	mapped->length = fits ? (size_t)made_length : 0;
	memcpy(mapped->bytes, made, mapped->length);
	free(made);
	return fits;
}

/* With one apostrophe for all. */
static void make_apostrophes(struct name_text *text)
{
	size_t left = 0;

	for (size_t i = 0, step; i < text->length; i += step) {
		int32_t point;
		step = utf8_decode(text->bytes + i, text->length - i, &point);
		must(step > 0);
		if (code_point_folds_to_apostrophe(point)) {
			text->bytes[left++] = '\'';
			continue;
		}
		memmove(text->bytes + left, text->bytes + i, step);
		left += step;
	}
	text->length = left;
}

static void check_library(const char *text, size_t length, const struct name_key *key)
{
	struct name_text whole;

	must(map_text(text, length, FOLDING_OPTIONS, &whole));
	make_apostrophes(&whole);
	must(whole.length == key->length && memcmp(whole.bytes, key->bytes, key->length) == 0);
}

/* U+0345 is a mark that is folded to a letter: the marks after it would be its own. Where it stands
 * depends on how a text is composed, so only the keys of names, which all are composed, agree. */
static bool has_iota_mark(const struct name_text *decomposed)
{
	static const char mark[] = "\u0345";

	return memmem(decomposed->bytes, decomposed->length, mark, strlen(mark)) != NULL;
}

static void check_composed(const char *text, size_t length, const struct name_key *key)
{
	static const utf8proc_option_t forms[] = {
		UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, UTF8PROC_STABLE | UTF8PROC_COMPOSE};
	struct name_text other;
	struct name_key other_key;

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		if (!map_text(text, length, forms[i], &other))
			continue;
		if (forms[i] == forms[0] && has_iota_mark(&other))
			return;
		if (other.length <= LIMIT_NAME && fold(other.bytes, other.length, &other_key))
			must(is_same_key(key, &other_key));
	}
}

/* Whether the two are folded to the same, each by itself: "ı" and "I" are not. */
static bool is_case_pair(int32_t a, int32_t b)
{
	const struct folding *first = folding_of(a), *second = folding_of(b);

	return first->part_count == second->part_count &&
	       memcmp(first->parts, second->parts, first->part_count * sizeof(*first->parts)) == 0;
}

typedef utf8proc_int32_t case_cb(utf8proc_int32_t point);

static void check_case(
	const char *text, size_t length, const struct name_key *key, case_cb *other_case)
{
	struct name_text other = {.length = 0};
	struct name_key other_key;

	for (size_t i = 0, step; i < length; i += step) {
		int32_t point;
		step = utf8_decode(text + i, length - i, &point);
		int32_t changed = other_case(point);
		if (!is_case_pair(point, changed))
			changed = point;
		other.length += (size_t)utf8proc_encode_char(
			changed, (utf8proc_uint8_t *)other.bytes + other.length);
	}
	if (other.length <= LIMIT_NAME && fold(other.bytes, other.length, &other_key))
		must(is_same_key(key, &other_key));
}

static void check_order(const struct name_key *a, const struct name_key *b)
{
	char first[LIMIT_NAME_KEY], second[LIMIT_NAME_KEY];
	size_t most = a->length < b->length ? a->length : b->length;
	bool is_beginning;

	name_key_order(a->bytes, a->length, first);
	name_key_order(b->bytes, b->length, second);
	int bytes = memcmp(first, second, most);
	int order = name_key_compare(a->bytes, a->length, b->bytes, b->length, &is_beginning);
	if (bytes == 0) {
		must(is_beginning == (a->length < b->length));
		must((order < 0) == (a->length < b->length) &&
			(order > 0) == (a->length > b->length));
	} else {
		must((order < 0) == (bytes < 0) && (order > 0) == (bytes > 0) && !is_beginning);
	}
}

static void check_lowered(const char *text, size_t length, const struct name_key *key)
{
	char lowered[LIMIT_NAME];

	name_key_lower(text, length, lowered);
	bool is_lowered = length == key->length && memcmp(lowered, key->bytes, length) == 0;
	must(name_key_is_lowered(key->bytes, key->length, text, length) == is_lowered);
}

/* The words of a form, and what two of them have in common. */
static void check_words(const char *text, size_t length)
{
	struct name_word words[NAME_WORDS_MOST];
	size_t count = name_words_find(text, length, words);

	must(count >= 1 && count <= NAME_WORDS_MOST && words[0].offset == 0);
	for (size_t i = 0; i < count; i++) {
		const struct name_word *word = &words[i];
		must(word->offset <= length && word->shared <= NAME_WORDS_SHARED_MOST);
		must(i == 0 || word->offset > words[i - 1].offset);
		must(name_words_end(text, length, word->offset) >= word->offset);
		must(word->shared == 0 ||
			name_words_has_earlier(text, length, word->offset, word->shared));
		if (word->shared < NAME_WORDS_SHARED_MOST)
			must(!name_words_has_earlier(
				text, length, word->offset, (size_t)word->shared + 1));
	}
}

static void check_base(const struct name_key *key)
{
	char base[LIMIT_NAME_BASE], again[LIMIT_NAME_BASE];
	size_t accented, length = base_form_make(key->bytes, key->length, base, &accented);

	must(length <= LIMIT_NAME_BASE && accented <= key->length);
	must(utf8_is_valid(base, length));
	if (utf8_is_ascii(key->bytes, key->length)) {
		bool is_same = length == key->length && memcmp(base, key->bytes, length) == 0;
		must(accented == 0 && base_form_has_row(key->bytes, key->length) != is_same);
	}
	if (length <= LIMIT_NAME_KEY) {
		/* A search for it finds what a search for the key finds. */
		must(base_form_make(base, length, again, &accented) == length);
		must(memcmp(base, again, length) == 0 && accented == 0);
	}
	check_words(key->bytes, key->length);
	check_words(base, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t text_length, other_length;
	const char *text = fuzz_take_text(&input, &text_length);
	const char *other = fuzz_take_text(&input, &other_length);
	struct name_key key, other_key;

	enum result result = name_key_fold(text, text_length, key.bytes, &key.length);
	must((result == RESULT_MALFORMED) <= !utf8_is_valid(text, text_length));
	if (result != RESULT_OK)
		return 0;
	must(key.length <= LIMIT_NAME_KEY && utf8_is_valid(key.bytes, key.length));
	check_library(text, text_length, &key);
	check_composed(text, text_length, &key);
	check_case(text, text_length, &key, utf8proc_toupper);
	check_case(text, text_length, &key, utf8proc_tolower);
	check_lowered(text, text_length, &key);
	check_base(&key);
	check_order(&key, &key);
	if (fold(other, other_length, &other_key)) {
		check_order(&key, &other_key);
		check_order(&other_key, &key);
		check_lowered(text, text_length, &other_key);
	}
	return 0;
}
