#ifndef ROLLCALL_STORE_DATABASE_NAME_ROWS_H
#define ROLLCALL_STORE_DATABASE_NAME_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/names/lookalike.h"

/*
 * What the tables of the database have of names, beside the users themselves: rows that make
 * searches and the comparison of lookalikes questions of indexes there. They say the same as
 * store/index does of users in memory, which is the truth in all of this.
 *
 * All of it is kept for as many names as the caller likes, each of which has a place.
 */

/* A text in name_rows.bytes. */
struct name_row_text {
	uint32_t offset;
	uint32_t length;
};

enum name_row_form { NAME_ROW_BASE, NAME_ROW_KEY };

/* A row of `words`. The order of a search is that of text, rank and number. */
struct name_row_word {
	int32_t place;
	int16_t form;   /* enum name_row_form */
	int16_t shared; /* name_words.h: the user is shown here for a text that is longer */
	int32_t rank;   /* two times the offset of the word, and one if the name has a base form */
	struct name_row_text text; /* from the word to the end of the name, as orders have it */
};

/* A row of `looks`. Two names that have a hash in common look alike, if no script is in both of
 * their masks, and not both masks are 0. */
struct name_row_look {
	int32_t place;
	int64_t hash;
	bool is_latin;   /* LOOKALIKE_LATIN: such names are no pair with each other */
	bool is_kept;    /* false: it is compared, and no row of the table: the name is in ASCII */
	int64_t scripts; /* script_set_mask() */
};

/* A user whose name is in ASCII, and so not in `looks`, and looks like the name of this place: the
 * one with that key, if the name is spelt so. */
struct name_row_alike {
	int32_t place;
	struct name_row_text key;
	struct name_row_text name; /* length 0: however it is spelt */
};

/* A zeroed struct has no rows. */
struct name_rows {
	struct buffer bytes; /* `failed` is never set */
	struct name_row_word *words;
	size_t word_count, word_room;
	struct name_row_look *looks;
	size_t look_count, look_room;
	struct name_row_alike *alikes;
	size_t alike_count, alike_room;
	/* The first letter of each word in its base form that is a letter or digit, each once. */
	struct name_row_text *letters;
	size_t letter_count, letter_room;
	uint64_t ascii_letters[2]; /* for name_rows.c: those that are in `letters` */
};

/* Adds the words and letters of a name. `key` is name_key_fold() of it. */
void name_rows_add_words(struct name_rows *rows, int32_t place, const char *key, size_t key_length);

/* Adds what the name looks like, and the keys of users in ASCII that it looks like, if `lookalike`,
 * which is lookalike_of() it, says that it can look like any. */
void name_rows_add_looks(struct name_rows *rows, int32_t place, const char *name, size_t length,
	const char *key, size_t key_length, enum lookalike lookalike);

static inline const char *name_rows_text(
	const struct name_rows *rows, const struct name_row_text *text)
{
	return rows->bytes.bytes + text->offset;
}

/* Empties it, and keeps the memory. */
void name_rows_clear(struct name_rows *rows);

/* Gives the memory back. */
void name_rows_free(struct name_rows *rows);

#endif
