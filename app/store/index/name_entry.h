#ifndef ROLLCALL_STORE_INDEX_NAME_ENTRY_H
#define ROLLCALL_STORE_INDEX_NAME_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/index/user_table.h"
#include "store/names/name_words.h"

/*
 * A word of a user's name, as an order of names has it. Words are ordered by the text from there to
 * the end of the name, as memcmp() has it, a text before all that begin with it. Words with the
 * same text are ordered by how many bytes of the name stand before them, so that a whole name is
 * the first; then those of names without accents come first, and then the older ones.
 */
struct name_entry {
	uint32_t position; /* of the user */
	uint16_t
		word; /* its offset, in bytes, and in the last bits what it shares (name_words.h) */
};

/* The words of a user that an order of this form has. `text` and `length` get the user's name in
 * that form, if there are any. Returns how many there are. */
size_t name_entries(const struct user_table *table, size_t position, enum name_form form,
	char text[static LIMIT_NAME_BASE], size_t *length,
	struct name_entry entries[static NAME_WORDS_MOST]);

static inline size_t name_entry_offset(const struct name_entry *entry)
{
	return entry->word >> 4;
}

/* The text of an entry; capital ASCII letters in it count as lower-case. */
static inline const char *name_entry_text(const struct user_table *table, enum name_form form,
	const struct name_entry *entry, size_t *length)
{
	const char *text = user_table_kept_form(table, entry->position, form, length);

	*length -= name_entry_offset(entry);
	return text + name_entry_offset(entry);
}

/* A number that is less for the one of two entries with the same text that comes first. */
uint64_t name_entry_rank(const struct user_table *table, const struct name_entry *entry);

/* Whether the user is shown at this entry, whose text begins with `length` bytes that are searched
 * for: a user with several such words is shown at the first in the order. */
bool name_entry_is_shown(const struct user_table *table, enum name_form form,
	const struct name_entry *entry, size_t length);

#endif
