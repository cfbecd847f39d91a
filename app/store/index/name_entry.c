/*
 * Words of names as six bytes: most names need neither long offsets nor long texts that their words
 * share. Where a text that is shared does not fit, it is found out again from the name.
 */
#include "store/index/name_entry.h"

#include <assert.h>

#include "base/scratch.h"
#include "store/names/base_form.h"
#include "store/names/name_key.h"

#define SHARED_BITS 4
#define SHARED_MOST NAME_WORDS_SHARED_MOST

static_assert(SHARED_MOST >> SHARED_BITS == 0, "what is shared fits into an entry");
static_assert(LIMIT_NAME_BASE <= UINT16_MAX >> SHARED_BITS, "an offset fits into an entry");

static size_t read_form(const struct user_table *table, size_t position, enum name_form form,
	char text[static LIMIT_NAME_BASE])
{
	size_t length;
	const char *kept = user_table_kept_form(table, position, form, &length);

	name_key_order(kept, length, text);
	return length;
}

/* How many bytes of a key there are up to the end of its last accented letter. */
static size_t accented_length(const char *key, size_t length)
{
	SCRATCH char base[LIMIT_NAME_BASE];
	size_t accented;

	base_form_make(key, length, base, &accented);
	return accented;
}

size_t name_entries(const struct user_table *table, size_t position, enum name_form form,
	char text[static LIMIT_NAME_BASE], size_t *length,
	struct name_entry entries[static NAME_WORDS_MOST])
{
	SCRATCH struct name_word words[NAME_WORDS_MOST];
	size_t i = 0;

	if (form == NAME_KEY && !user_table_has_base(table, position))
		return 0;
	*length = read_form(table, position, form, text);
	size_t most = form == NAME_KEY ? accented_length(text, *length) : *length;
	size_t count = name_words_find(text, *length, words);
	for (; i < count && words[i].offset < most; i++)
		entries[i] = (struct name_entry){.position = (uint32_t)position,
			.word = (uint16_t)((unsigned)words[i].offset << SHARED_BITS |
					   words[i].shared)};
	return i;
}

uint64_t name_entry_rank(const struct user_table *table, const struct name_entry *entry)
{
	uint64_t has_base = user_table_has_base(table, entry->position);

	return (uint64_t)name_entry_offset(entry) << 33 | has_base << 32 | entry->position;
}

/* For a text that is longer than what an entry can say. */
static bool is_shown_at_length(const struct user_table *table, enum name_form form,
	const struct name_entry *entry, size_t length)
{
	SCRATCH char text[LIMIT_NAME_BASE];
	size_t text_length = read_form(table, entry->position, form, text);

	return !name_words_has_earlier(text, text_length, name_entry_offset(entry), length);
}

bool name_entry_is_shown(const struct user_table *table, enum name_form form,
	const struct name_entry *entry, size_t length)
{
	unsigned shared = entry->word & SHARED_MOST;

	if (shared < SHARED_MOST || length <= shared)
		return length > shared;
	return is_shown_at_length(table, form, entry, length);
}
