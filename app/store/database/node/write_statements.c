/*
 * Writing in SQL: each change is one call of one function, so that all of it is one message, and
 * nothing of the node's is waited for while the database has its state locked. Lists go as arrays,
 * one for each column, since every server knows those.
 */
#include "store/database/node/write_statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/database/node/database_statements.h"
#include "store/database/sheet_text.h"

static const Oid create_types[] = {TYPE_NUMBER, TYPE_NUMBER, TYPE_TEXT, TYPE_NUMBER, TYPE_NUMBER,
	TYPE_BOOLEAN, TYPE_ALL_BYTES, TYPE_TEXTS, TYPE_INTEGERS, TYPE_NUMBERS, TYPE_BOOLEANS,
	TYPE_NUMBERS, TYPE_BOOLEANS, TYPE_INTEGERS, TYPE_ALL_BYTES, TYPE_TEXTS, TYPE_INTEGERS,
	TYPE_SMALLS, TYPE_ALL_BYTES, TYPE_INTEGERS, TYPE_SMALLS, TYPE_TEXTS};

static const Oid remove_types[] = {TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER, TYPE_BOOLEAN, TYPE_NUMBER,
	TYPE_TEXT, TYPE_SMALLS, TYPE_ALL_BYTES, TYPE_INTEGERS, TYPE_TEXTS};

static const Oid rename_types[] = {TYPE_NUMBER, TYPE_NUMBER, TYPE_TEXT, TYPE_NUMBER, TYPE_TEXT,
	TYPE_SMALLS, TYPE_ALL_BYTES, TYPE_INTEGERS, TYPE_TEXTS, TYPE_BYTES, TYPE_TEXT, TYPE_NUMBERS,
	TYPE_BOOLEANS, TYPE_NUMBERS, TYPE_BOOLEANS, TYPE_ALL_BYTES, TYPE_TEXTS, TYPE_SMALLS,
	TYPE_ALL_BYTES, TYPE_INTEGERS, TYPE_SMALLS, TYPE_TEXTS};

static const Oid sheet_types[] = {TYPE_NUMBER, TYPE_NUMBER, TYPE_NUMBER, TYPE_BOOLEAN, TYPE_SMALLS,
	TYPE_TEXTS, TYPE_SMALLS, TYPE_NUMBER};

#define OUTCOMES "SELECT place, result, number, created, name FROM rollcall."

#define PARAMETERS(list) .parameters = sizeof(list) / sizeof(*(list)), .types = (list)

static const struct statement write_list[] = {
	[WRITE_CREATE] = {.name = "create",
		.sql = OUTCOMES "create_users($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
				" $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
		PARAMETERS(create_types)},
	[WRITE_REMOVE] = {.name = "remove",
		.sql = OUTCOMES "remove_user($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		PARAMETERS(remove_types)},
	[WRITE_RENAME] = {.name = "rename",
		.sql = OUTCOMES "rename_user($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
				" $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
		PARAMETERS(rename_types)},
	[WRITE_SHEET] = {.name = "sheet",
		.sql = OUTCOMES "set_sheet($1, $2, $3, $4, $5, $6, $7, $8)",
		PARAMETERS(sheet_types)},
};

void write_statements_fill(struct statement statements[static WRITES])
{
	memcpy(statements, write_list, sizeof(write_list));
	statements[WRITE_HEAD] = reading_statements[READING_HEAD];
}

static void put_terms_of(struct parameters *parameters, const struct write_terms *terms)
{
	parameters_clear(parameters);
	parameters_unsigned(parameters, terms->node);
	parameters_unsigned(parameters, terms->batch);
}

/* Of the tables that keys and words are made with. */
static void put_unicode(struct parameters *parameters)
{
	const char *version = username_unicode_version();

	parameters_text(parameters, version, strlen(version));
}

static void put_seats_of(struct parameters *parameters, const struct store_limits *limits)
{
	parameters_unsigned(parameters, limits->seats);
	parameters_boolean(parameters, limits->has_waiting_list);
}

/* An array of a field of each of the rows. */
#define PUT_NUMBERS(parameters, type, list, count, field)                                          \
	do {                                                                                       \
		parameters_array_begin(parameters, type);                                          \
		for (size_t i = 0; i < (count); i++)                                               \
			parameters_item_number(parameters, (list)[i].field);                       \
		parameters_array_end(parameters);                                                  \
	} while (0)

#define PUT_BOOLEANS(parameters, list, count, field)                                               \
	do {                                                                                       \
		parameters_array_begin(parameters, TYPE_BOOLEAN);                                  \
		for (size_t i = 0; i < (count); i++)                                               \
			parameters_item_boolean(parameters, (list)[i].field);                      \
		parameters_array_end(parameters);                                                  \
	} while (0)

static void put_first_letters(struct parameters *parameters, const struct name_rows *rows)
{
	parameters_array_begin(parameters, TYPE_TEXT);
	for (size_t i = 0; i < rows->letter_count; i++)
		parameters_item_text(parameters, name_rows_text(rows, &rows->letters[i]),
			rows->letters[i].length);
	parameters_array_end(parameters);
}

static void put_word_keys_of(struct parameters *parameters, const struct name_rows *rows)
{
	PUT_NUMBERS(parameters, TYPE_SMALL, rows->words, rows->word_count, form);
	parameters_array_begin(parameters, TYPE_BYTES);
	for (size_t i = 0; i < rows->word_count; i++)
		parameters_item_bytes(parameters, name_rows_text(rows, &rows->words[i].text),
			rows->words[i].text.length);
	parameters_array_end(parameters);
	PUT_NUMBERS(parameters, TYPE_INTEGER, rows->words, rows->word_count, rank);
}

static void put_words_of(struct parameters *parameters, const struct name_rows *rows)
{
	put_word_keys_of(parameters, rows);
	PUT_NUMBERS(parameters, TYPE_SMALL, rows->words, rows->word_count, shared);
	put_first_letters(parameters, rows);
}

static void put_looks_of(struct parameters *parameters, const struct name_rows *rows)
{
	PUT_NUMBERS(parameters, TYPE_NUMBER, rows->looks, rows->look_count, hash);
	PUT_BOOLEANS(parameters, rows->looks, rows->look_count, is_latin);
	PUT_NUMBERS(parameters, TYPE_NUMBER, rows->looks, rows->look_count, scripts);
	PUT_BOOLEANS(parameters, rows->looks, rows->look_count, is_kept);
}

static void put_alikes_of(struct parameters *parameters, const struct name_rows *rows)
{
	parameters_array_begin(parameters, TYPE_BYTES);
	for (size_t i = 0; i < rows->alike_count; i++)
		parameters_item_bytes(parameters, name_rows_text(rows, &rows->alikes[i].key),
			rows->alikes[i].key.length);
	parameters_array_end(parameters);
	parameters_array_begin(parameters, TYPE_TEXT);
	for (size_t i = 0; i < rows->alike_count; i++) {
		const struct name_row_text *name = &rows->alikes[i].name;
		if (name->length > 0)
			parameters_item_text(parameters, name_rows_text(rows, name), name->length);
		else
			parameters_item_null(parameters);
	}
	parameters_array_end(parameters);
}

void write_creates(struct parameters *parameters, const struct write_terms *terms,
	const struct pending_batch *creates, const struct name_rows *rows)
{
	const struct pending_create *create;

	put_terms_of(parameters, terms);
	put_unicode(parameters);
	parameters_unsigned(parameters, terms->limits->max_users);
	put_seats_of(parameters, terms->limits);
	parameters_array_begin(parameters, TYPE_BYTES);
	TAILQ_FOREACH (create, creates, next)
		parameters_item_bytes(parameters, create->key, create->key_length);
	parameters_array_end(parameters);
	parameters_array_begin(parameters, TYPE_TEXT);
	TAILQ_FOREACH (create, creates, next)
		parameters_item_text(parameters, create->name, create->name_length);
	parameters_array_end(parameters);
	PUT_NUMBERS(parameters, TYPE_INTEGER, rows->looks, rows->look_count, place);
	put_looks_of(parameters, rows);
	PUT_NUMBERS(parameters, TYPE_INTEGER, rows->alikes, rows->alike_count, place);
	put_alikes_of(parameters, rows);
	PUT_NUMBERS(parameters, TYPE_INTEGER, rows->words, rows->word_count, place);
	put_words_of(parameters, rows);
}

static void put_known_of(struct parameters *parameters, const struct known_name *known)
{
	if (known->length > 0)
		parameters_text(parameters, known->text, known->length);
	else
		parameters_null(parameters);
	put_word_keys_of(parameters, &known->rows);
	put_first_letters(parameters, &known->rows);
}

void write_removal(struct parameters *parameters, const struct write_terms *terms, uint64_t number,
	const struct known_name *known)
{
	put_terms_of(parameters, terms);
	put_seats_of(parameters, terms->limits);
	parameters_unsigned(parameters, number);
	put_known_of(parameters, known);
}

void write_renaming(struct parameters *parameters, const struct write_terms *terms, uint64_t number,
	const struct known_name *known, const struct username *username,
	const struct name_rows *rows)
{
	put_terms_of(parameters, terms);
	put_unicode(parameters);
	parameters_unsigned(parameters, number);
	put_known_of(parameters, known);
	parameters_bytes(parameters, username->key, username->key_length);
	parameters_text(parameters, username->text, username->length);
	put_looks_of(parameters, rows);
	put_alikes_of(parameters, rows);
	put_words_of(parameters, rows);
}

static void put_settings_of(struct parameters *parameters, uint32_t settings)
{
	parameters_array_begin(parameters, TYPE_SMALL);
	for (unsigned i = 0; i < SHEET_SETTINGS; i++)
		if ((settings & sheet_setting_bit(i)) != 0)
			parameters_item_number(parameters, i);
	parameters_array_end(parameters);
}

void write_sheet(struct parameters *parameters, const struct write_terms *terms,
	const struct sheet_settings *changes)
{
	char text[SHEET_TEXT_SIZE];

	put_terms_of(parameters, terms);
	put_seats_of(parameters, terms->limits);
	put_settings_of(parameters, changes->set | changes->reset);
	parameters_array_begin(parameters, TYPE_TEXT);
	for (unsigned i = 0; i < SHEET_SETTINGS; i++) {
		if (sheet_settings_has(changes, i))
			parameters_item_text(parameters, text, sheet_text_write(changes, i, text));
		else if ((changes->reset & sheet_setting_bit(i)) != 0)
			parameters_item_null(parameters);
	}
	parameters_array_end(parameters);
	put_settings_of(parameters, changes->unchanged);
	parameters_unsigned(parameters, changes->revision);
}

/* In the order of their numbers in schema.sql. */
static const enum result outcome_results[] = {RESULT_OK, RESULT_TAKEN, RESULT_ALIKE, RESULT_NO_SEAT,
	RESULT_MISSING, RESULT_UNCHANGED, RESULT_CHANGED, RESULT_BUSY};

enum outcome_column {
	OUTCOME_PLACE,
	OUTCOME_RESULT,
	OUTCOME_NUMBER,
	OUTCOME_CREATED,
	OUTCOME_NAME
};

static void read_outcome(struct write_outcomes *outcomes, struct write_outcome *outcome,
	const struct rows *rows, size_t row)
{
	uint64_t result = (uint64_t)rows_number(rows, row, OUTCOME_RESULT);
	size_t length;
	const char *name = rows_bytes(rows, row, OUTCOME_NAME, &length);

	*outcome = (struct write_outcome){.is_told = true,
		.result = result < sizeof(outcome_results) / sizeof(*outcome_results)
				  ? outcome_results[result]
				  : RESULT_UNAVAILABLE,
		.user = {.number = (uint64_t)rows_number(rows, row, OUTCOME_NUMBER),
			.created = rows_number(rows, row, OUTCOME_CREATED),
			.name_length = length},
		.name_offset = outcomes->names.length};
	buffer_append(&outcomes->names, name, length);
}

void write_outcomes_read(struct write_outcomes *outcomes, const struct rows *rows, size_t most)
{
	if (most + 1 > outcomes->room) {
		outcomes->room = most + 1;
		outcomes->list =
			memory_resized(outcomes->list, outcomes->room, sizeof(*outcomes->list));
	}
	outcomes->count = most + 1;
	memset(outcomes->list, 0, outcomes->count * sizeof(*outcomes->list));
	buffer_clear(&outcomes->names);
	for (size_t i = 0; i < rows_count(rows); i++) {
		int64_t place = rows_number(rows, i, OUTCOME_PLACE);
		if (place >= 0 && (uint64_t)place <= most)
			read_outcome(outcomes, &outcomes->list[place], rows, i);
	}
	/* Now the names stay where they are. */
	for (size_t i = 0; i < outcomes->count; i++) {
		struct write_outcome *outcome = &outcomes->list[i];
		outcome->user.name = outcomes->names.failed || outcomes->names.bytes == NULL
					     ? ""
					     : outcomes->names.bytes + outcome->name_offset;
		if (outcomes->names.failed)
			outcome->user.name_length = 0;
	}
}

void write_outcomes_free(struct write_outcomes *outcomes)
{
	buffer_free(&outcomes->names);
	free(outcomes->list);
}
