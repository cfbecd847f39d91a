/*
 * Rows of names. A name in memory is compared when it is looked for, so its index can leave out
 * what the name itself says; an index of the database has to have all of it. What the two must
 * agree in comes from the same functions: base_form_make(), name_key_order(), name_words_find(),
 * lookalike_looks().
 *
 * Hashes of what is shown and of what is small never meet: a name looks like another as shown, or
 * by its key, but not as shown by the other's key. Their seed is the same on all nodes, so names
 * can be made that collide; all that comes of it is that one of them is refused.
 */
#include "store/database/name_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "store/index/first_letters.h"
#include "store/names/base_form.h"
#include "store/names/name_key.h"
#include "store/names/name_words.h"
#include "store/names/skeleton.h"

#define SEED UINT64_C(0x726f6c6c63616c6c)

/* An odd number: different hashes stay different. */
#define SMALL UINT64_C(0x9e3779b97f4a7c15)

/* The bytes are the program's own: a few times those of names that it holds already. */
static struct name_row_text keep_text(struct name_rows *rows, const char *text, size_t length)
{
	struct buffer *bytes = &rows->bytes;
	struct name_row_text kept = {.offset = (uint32_t)bytes->length, .length = (uint32_t)length};

	if (length > bytes->capacity - bytes->length) {
		bytes->capacity = 2 * (bytes->capacity + length);
		bytes->bytes = memory_resized(bytes->bytes, bytes->capacity, 1);
	}
	buffer_append(bytes, text, length);
	return kept;
}

static bool has_ascii_letter(struct name_rows *rows, const char *letter)
{
	unsigned c = (unsigned char)*letter;
	uint64_t bit = UINT64_C(1) << (c & 63);
	bool has_letter = (rows->ascii_letters[c >> 6] & bit) != 0;

	rows->ascii_letters[c >> 6] |= bit;
	return has_letter;
}

static bool has_letter(struct name_rows *rows, const char *letter, size_t length)
{
	if (length == 1)
		return has_ascii_letter(rows, letter);
	for (size_t i = 0; i < rows->letter_count; i++) {
		const struct name_row_text *other = &rows->letters[i];
		if (other->length == length &&
			memcmp(name_rows_text(rows, other), letter, length) == 0)
			return true;
	}
	return false;
}

static void add_letter(struct name_rows *rows, const char *word, size_t word_length)
{
	size_t length = first_letters_length(word, word_length);

	if (length == 0 || has_letter(rows, word, length))
		return;
	rows->letters = memory_with_room(
		rows->letters, rows->letter_count, &rows->letter_room, sizeof(*rows->letters));
	rows->letters[rows->letter_count++] = keep_text(rows, word, length);
}

/* A name in one form, and how much of it has words in that order. */
struct ordered_name {
	int32_t place;
	enum name_row_form form;
	bool has_base;
	size_t most;
	size_t length;
	char text[LIMIT_NAME_BASE];
};

/* All that the word shares, also beyond what name_words.h tells: an index can look at no name. */
static size_t find_shared(const struct ordered_name *name, const struct name_word *word)
{
	size_t shared = word->shared;

	while (shared >= NAME_WORDS_SHARED_MOST && shared < name->length - word->offset &&
		name_words_has_earlier(name->text, name->length, word->offset, shared + 1))
		shared++;
	return shared;
}

static void add_form(struct name_rows *rows, const struct ordered_name *name)
{
	struct name_word words[NAME_WORDS_MOST];
	size_t count = name_words_find(name->text, name->length, words);
	struct name_row_text text = keep_text(rows, name->text, name->length);

	for (size_t i = 0; i < count && words[i].offset < name->most; i++) {
		rows->words = memory_with_room(
			rows->words, rows->word_count, &rows->word_room, sizeof(*rows->words));
		rows->words[rows->word_count++] = (struct name_row_word){.place = name->place,
			.form = (int16_t)name->form,
			.shared = (int16_t)find_shared(name, &words[i]),
			.rank = words[i].offset << 1 | name->has_base,
			.text = {text.offset + words[i].offset, text.length - words[i].offset}};
		if (name->form == NAME_ROW_BASE)
			add_letter(
				rows, name->text + words[i].offset, name->length - words[i].offset);
	}
}

/* As user_table.c and name_entry.c have them: the second form is there if it differs, and has the
 * words up to the last that has an accent. */
void name_rows_add_words(struct name_rows *rows, int32_t place, const char *key, size_t key_length)
{
	struct ordered_name base = {.place = place, .form = NAME_ROW_BASE};
	size_t accented;

	base.length = base_form_make(key, key_length, base.text, &accented);
	base.has_base = base.length != key_length || memcmp(base.text, key, key_length) != 0;
	base.most = base.length;
	name_key_order(base.text, base.length, base.text);
	add_form(rows, &base);
	if (!base.has_base)
		return;
	struct ordered_name keyed = {
		.place = place, .form = NAME_ROW_KEY, .has_base = true, .length = key_length};
	char unaccented[LIMIT_NAME_BASE];
	name_key_order(key, key_length, keyed.text);
	base_form_make(keyed.text, key_length, unaccented, &keyed.most);
	add_form(rows, &keyed);
}

/* A name whose looks are added. */
struct look_query {
	struct name_rows *rows;
	int32_t place;
	int64_t scripts;
	bool is_small; /* it is compared by its key */
};

static void add_look_row(
	const struct look_query *query, uint64_t hash, enum lookalike lookalike, bool is_kept)
{
	struct name_rows *rows = query->rows;

	rows->looks = memory_with_room(
		rows->looks, rows->look_count, &rows->look_room, sizeof(*rows->looks));
	rows->looks[rows->look_count++] = (struct name_row_look){.place = query->place,
		.hash = (int64_t)hash,
		.is_latin = lookalike == LOOKALIKE_LATIN,
		.is_kept = is_kept,
		.scripts = query->scripts};
}

/* skeleton_key_cb. The key of a name looks like another key, however the name is spelt; but a name
 * in capitals, whose key looks otherwise, only says what is looked for if it is shown. */
static bool add_alike(
	void *argument, const char *name, size_t length, const char *key, size_t key_length)
{
	const struct look_query *query = argument;
	struct name_rows *rows = query->rows;
	int64_t scripts = lookalike_scripts(name, length);
	bool is_lowered = length == key_length && memcmp(name, key, length) == 0;

	if ((scripts & query->scripts) != 0 || (query->is_small && !is_lowered))
		return false;
	rows->alikes = memory_with_room(
		rows->alikes, rows->alike_count, &rows->alike_room, sizeof(*rows->alikes));
	rows->alikes[rows->alike_count++] = (struct name_row_alike){.place = query->place,
		.key = keep_text(rows, key, key_length),
		.name = keep_text(rows, name, query->is_small ? 0 : length)};
	return false;
}

static void add_alikes(struct look_query *query, const char *text, size_t length)
{
	struct skeleton skeleton;

	if (skeleton_of(text, length, &skeleton) &&
		skeleton_ascii_keys(&skeleton, add_alike, query))
		return; /* it is never enough */
}

void name_rows_add_looks(struct name_rows *rows, int32_t place, const char *name, size_t length,
	const char *key, size_t key_length, enum lookalike lookalike)
{
	bool is_kept = !utf8_is_ascii(name, length);

	if (lookalike == LOOKALIKE_NONE)
		return;
	struct looks looks = lookalike_looks(name, length, key, key_length, SEED);
	struct look_query query = {
		.rows = rows, .place = place, .scripts = lookalike_scripts(name, length)};
	if (looks.shown != 0)
		add_look_row(&query, looks.shown, lookalike, is_kept);
	if (looks.small != 0)
		add_look_row(&query, looks.small * SMALL, lookalike, is_kept);
	if (lookalike != LOOKALIKE_OTHER)
		return;
	if (looks.shown != 0)
		add_alikes(&query, name, length);
	query.is_small = true;
	if (looks.small != 0)
		add_alikes(&query, key, key_length);
}

void name_rows_clear(struct name_rows *rows)
{
	buffer_clear(&rows->bytes);
	rows->word_count = rows->look_count = rows->alike_count = rows->letter_count = 0;
	memset(rows->ascii_letters, 0, sizeof(rows->ascii_letters));
}

void name_rows_free(struct name_rows *rows)
{
	buffer_free(&rows->bytes);
	free(rows->words);
	free(rows->looks);
	free(rows->alikes);
	free(rows->letters);
	*rows = (struct name_rows){0};
}
