/*
 * Adds, removes and renames a user by a call of create_users(), remove_user() and rename_user() of
 * schema.sql. A command is a node of its own, with one batch; the id of that makes it safe to send
 * the call again when the connection is lost.
 */
#include "commands/database/database_users.h"

#include <string.h>
#include <sysexits.h>

#include "base/limit.h"
#include "base/random.h"
#include "base/standard_error.h"
#include "commands/database/database_session.h"
#include "commands/remote/wanted_words.h"
#include "store/database/name_rows.h"
#include "store/names/name_key.h"
#include "store/names/username.h"
#include "store/user.h"

/* What became of a change, as schema.sql numbers it. */
enum outcome {
	OUTCOME_DONE,
	OUTCOME_TAKEN,
	OUTCOME_ALIKE,
	OUTCOME_NO_SEAT,
	OUTCOME_MISSING,
	OUTCOME_UNCHANGED,
	OUTCOME_CHANGED,
	OUTCOME_OTHER_NAME, /* somebody has renamed the user meanwhile */
};

/* Somebody would have to rename the user again and again. */
#define MOST_TRIES 10

struct change {
	struct database_session session;
	struct database_state state;
	struct parameters parameters;
	struct username username;  /* the new name */
	struct name_rows rows;     /* of that */
	struct name_rows old_rows; /* of that which the user has */
	struct database_user user;
	/* The outcome, of the answer's first row. */
	enum outcome outcome;
	struct user shown; /* until the next query */
};

static int begin_change(struct change *change, const struct database_place *place, bool names)
{
	*change = (struct change){.user = {.number = 0}};
	int status = database_session_open(&change->session, place);

	if (status == EX_OK)
		status = database_session_state(&change->session, false, &change->state);
	return status == EX_OK && names ? database_session_can_name(&change->state) : status;
}

/* The user that was meant goes to the caller. */
static int end_change(struct change *change, int status, struct database_user *user)
{
	parameters_free(&change->parameters);
	name_rows_free(&change->rows);
	name_rows_free(&change->old_rows);
	database_session_close(&change->session);
	*user = change->user;
	return status;
}

static void keep_user_name(struct database_user *user, const char *name, size_t length)
{
	buffer_clear(&user->name);
	buffer_append(&user->name, name, length);
	buffer_append(&user->name, "", 1);
}

static void put_ids(struct change *change)
{
	parameters_clear(&change->parameters);
	parameters_number(&change->parameters, (int64_t)(random_number() >> 1));
	parameters_number(&change->parameters, (int64_t)(random_number() >> 1));
}

/* The seats of the servers' options are not known here but for those with a waiting list: of these
 * the last one counts, as before. What organisers have set counts before both. */
static void put_seats(struct change *change)
{
	parameters_number(&change->parameters, change->state.seats);
	parameters_boolean(&change->parameters, change->state.seats > 0);
}

enum part { PART_PLACES, PART_FORMS, PART_TEXTS, PART_RANKS, PART_SHARED };

static void put_words_part(
	struct parameters *parameters, const struct name_rows *rows, enum part part)
{
	static const Oid types[] = {TYPE_INTEGER, TYPE_SMALL, TYPE_BYTES, TYPE_INTEGER, TYPE_SMALL};

	parameters_array_begin(parameters, types[part]);
	for (size_t i = 0; i < rows->word_count; i++) {
		const struct name_row_word *word = &rows->words[i];
		if (part == PART_TEXTS)
			parameters_item_bytes(
				parameters, name_rows_text(rows, &word->text), word->text.length);
		else
			parameters_item_number(parameters, part == PART_PLACES  ? word->place
							   : part == PART_FORMS ? word->form
							   : part == PART_RANKS ? word->rank
										: word->shared);
	}
	parameters_array_end(parameters);
}

static void put_letters_of(struct parameters *parameters, const struct name_rows *rows)
{
	parameters_array_begin(parameters, TYPE_TEXT);
	for (size_t i = 0; i < rows->letter_count; i++)
		parameters_item_text(parameters, name_rows_text(rows, &rows->letters[i]),
			rows->letters[i].length);
	parameters_array_end(parameters);
}

static void put_look_rows(struct parameters *parameters, const struct name_rows *rows)
{
	parameters_array_begin(parameters, TYPE_NUMBER);
	for (size_t i = 0; i < rows->look_count; i++)
		parameters_item_number(parameters, rows->looks[i].hash);
	parameters_array_end(parameters);
	parameters_array_begin(parameters, TYPE_BOOLEAN);
	for (size_t i = 0; i < rows->look_count; i++)
		parameters_item_boolean(parameters, rows->looks[i].is_latin);
	parameters_array_end(parameters);
	parameters_array_begin(parameters, TYPE_NUMBER);
	for (size_t i = 0; i < rows->look_count; i++)
		parameters_item_number(parameters, rows->looks[i].scripts);
	parameters_array_end(parameters);
	parameters_array_begin(parameters, TYPE_BOOLEAN);
	for (size_t i = 0; i < rows->look_count; i++)
		parameters_item_boolean(parameters, rows->looks[i].is_kept);
	parameters_array_end(parameters);
}

static void put_alike_rows(struct parameters *parameters, const struct name_rows *rows)
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

/* Of a batch of one name, whose place is 1. */
static void put_place_of_each(struct parameters *parameters, size_t count)
{
	parameters_array_begin(parameters, TYPE_INTEGER);
	for (size_t i = 0; i < count; i++)
		parameters_item_number(parameters, 1);
	parameters_array_end(parameters);
}

static void put_one_bytes(struct parameters *parameters, Oid type, const char *text, size_t length)
{
	parameters_array_begin(parameters, type);
	if (type == TYPE_TEXT)
		parameters_item_text(parameters, text, length);
	else
		parameters_item_bytes(parameters, text, length);
	parameters_array_end(parameters);
}

/* Makes the change, and reads its outcome. Nothing else is said yet. */
static int call_function(struct change *change, const char *sql)
{
	struct rows rows;
	int status = database_session_change(&change->session, sql, &change->parameters, &rows);

	if (status != EX_OK)
		return status;
	change->outcome = (enum outcome)rows_number(&rows, 0, 1);
	change->shown = (struct user){
		.number = (uint64_t)rows_number(&rows, 0, 2), .created = rows_number(&rows, 0, 3)};
	change->shown.name = rows_bytes(&rows, 0, 4, &change->shown.name_length);
	return EX_OK;
}

static int tell_outcome(const struct change *change)
{
	switch (change->outcome) {
	case OUTCOME_DONE:
	case OUTCOME_UNCHANGED:
		return EX_OK;
	case OUTCOME_TAKEN:
		return wanted_words_held(RESULT_TAKEN, &change->shown);
	case OUTCOME_ALIKE:
		return wanted_words_held(RESULT_ALIKE, &change->shown);
	case OUTCOME_NO_SEAT:
		standard_error_say(LOG_ERROR, "rollcall: no seat is left");
		return EX_DATAERR;
	case OUTCOME_MISSING:
		return wanted_words_nobody(NULL, change->user.number);
	case OUTCOME_CHANGED:
	case OUTCOME_OTHER_NAME:
		break;
	}
	standard_error_say(LOG_ERROR, "rollcall: the user is being renamed by others");
	return EX_TEMPFAIL;
}

static int parse_new_name(struct change *change, const char *name)
{
	struct username *username = &change->username;
	enum username_problem problem = username_parse(name, strlen(name), username);

	if (problem != USERNAME_FINE)
		return wanted_words_fault(problem, username);
	name_rows_add_words(&change->rows, 1, username->key, username->key_length);
	name_rows_add_looks(&change->rows, 1, username->text, username->length, username->key,
		username->key_length, username->lookalike);
	return EX_OK;
}

static int add_named(struct change *change, const char *name)
{
	struct parameters *parameters = &change->parameters;
	const struct name_rows *rows = &change->rows;
	const struct username *username = &change->username;
	int status = parse_new_name(change, name);

	if (status != EX_OK)
		return status;
	put_ids(change);
	parameters_number(parameters, LIMIT_PLACE);
	put_seats(change);
	put_one_bytes(parameters, TYPE_BYTES, username->key, username->key_length);
	put_one_bytes(parameters, TYPE_TEXT, username->text, username->length);
	put_place_of_each(parameters, rows->look_count);
	put_look_rows(parameters, rows);
	put_place_of_each(parameters, rows->alike_count);
	put_alike_rows(parameters, rows);
	for (enum part part = PART_PLACES; part <= PART_SHARED; part++)
		put_words_part(parameters, rows, part);
	put_letters_of(parameters, rows);
	status = call_function(change,
		"SELECT * FROM rollcall.create_users($1::bigint, $2::bigint, $3::bigint, "
		"$4::bigint, $5::boolean, $6::bytea[], $7::text[], $8::integer[], $9::bigint[], "
		"$10::boolean[], $11::bigint[], $12::boolean[], $13::integer[], $14::bytea[], "
		"$15::text[], $16::integer[], $17::smallint[], $18::bytea[], $19::integer[], "
		"$20::smallint[], $21::text[])");
	if (status == EX_OK)
		status = tell_outcome(change);
	change->user.number = change->shown.number;
	keep_user_name(&change->user, username->text, username->length);
	return status;
}

int database_add(const struct database_place *place, const char *name, struct database_user *user)
{
	struct change change;
	int status = begin_change(&change, place, true);

	if (status == EX_OK)
		status = add_named(&change, name);
	return end_change(&change, status, user);
}

/* Keys are unique, so there is one at most. */
static int ask_for_wanted(
	struct change *change, const char *key, size_t length, uint64_t number, struct rows *rows)
{
	struct parameters *parameters = &change->parameters;

	parameters_clear(parameters);
	if (length > 0)
		parameters_bytes(parameters, key, length);
	else
		parameters_null(parameters);
	if (number > 0)
		parameters_number(parameters, (int64_t)number);
	else
		parameters_null(parameters);
	return database_session_ask(&change->session,
		number > 0 ? "SELECT number, name FROM rollcall.users WHERE number = $2::bigint "
			     "AND ($1::bytea IS NULL OR key = $1::bytea)"
			   : "SELECT number, name FROM rollcall.users WHERE key = $1::bytea "
			     "AND $2::bigint IS NULL",
		parameters, rows);
}

static int find_wanted(struct change *change, const char *name, uint64_t number)
{
	char key[LIMIT_NAME_KEY];
	struct rows rows;
	size_t length = 0;

	if (name != NULL && name_key_fold(name, strlen(name), key, &length) != RESULT_OK) {
		standard_error_say(LOG_ERROR, "rollcall: that is no name that a user can have");
		return EX_DATAERR;
	}
	int status = ask_for_wanted(change, key, length, number, &rows);
	if (status != EX_OK)
		return status;
	if (rows_count(&rows) == 0)
		return wanted_words_nobody(name, number);
	change->user.number = (uint64_t)rows_number(&rows, 0, 0);
	const char *found = rows_bytes(&rows, 0, 1, &length);
	keep_user_name(&change->user, found, length);
	return EX_OK;
}

/* The words and letters of the name that the user is known to have. */
static void find_old_words(struct change *change)
{
	const char *name = database_user_name(&change->user);
	char key[LIMIT_NAME_KEY];
	size_t length;

	name_rows_clear(&change->old_rows);
	if (name_key_fold(name, strlen(name), key, &length) == RESULT_OK)
		name_rows_add_words(&change->old_rows, 1, key, length);
}

static void put_old_words(struct change *change)
{
	for (enum part part = PART_FORMS; part <= PART_RANKS; part++)
		put_words_part(&change->parameters, &change->old_rows, part);
	put_letters_of(&change->parameters, &change->old_rows);
}

static void put_old_name(struct change *change)
{
	const char *name = database_user_name(&change->user);

	parameters_number(&change->parameters, (int64_t)change->user.number);
	parameters_text(&change->parameters, name, strlen(name));
}

static int try_to_remove(struct change *change)
{
	put_ids(change);
	put_seats(change);
	put_old_name(change);
	put_old_words(change);
	return call_function(change,
		"SELECT * FROM rollcall.remove_user($1::bigint, $2::bigint, $3::bigint, "
		"$4::boolean, $5::bigint, $6::text, $7::smallint[], $8::bytea[], $9::integer[], "
		"$10::text[])");
}

/* What `attempt` does needs the words of the name that the user has; so it is tried again if that
 * is another one by now. */
static int change_wanted(struct change *change, int (*attempt)(struct change *change))
{
	int status = EX_OK;

	for (int tries = 0; status == EX_OK && tries < MOST_TRIES; tries++) {
		find_old_words(change);
		status = attempt(change);
		if (status != EX_OK || change->outcome != OUTCOME_OTHER_NAME)
			break;
		keep_user_name(&change->user, change->shown.name, change->shown.name_length);
	}
	return status == EX_OK ? tell_outcome(change) : status;
}

int database_remove(const struct database_place *place, const char *name, uint64_t number,
	struct database_user *user)
{
	struct change change;
	int status = begin_change(&change, place, false);

	if (status == EX_OK)
		status = find_wanted(&change, name, number);
	if (status == EX_OK)
		status = change_wanted(&change, try_to_remove);
	return end_change(&change, status, user);
}

static int try_to_rename(struct change *change)
{
	struct parameters *parameters = &change->parameters;
	const struct name_rows *rows = &change->rows;

	put_ids(change);
	put_old_name(change);
	put_old_words(change);
	parameters_bytes(parameters, change->username.key, change->username.key_length);
	parameters_text(parameters, change->username.text, change->username.length);
	put_look_rows(parameters, rows);
	put_alike_rows(parameters, rows);
	for (enum part part = PART_FORMS; part <= PART_SHARED; part++)
		put_words_part(parameters, rows, part);
	put_letters_of(parameters, rows);
	return call_function(change,
		"SELECT * FROM rollcall.rename_user($1::bigint, $2::bigint, $3::bigint, $4::text, "
		"$5::smallint[], $6::bytea[], $7::integer[], $8::text[], $9::bytea, $10::text, "
		"$11::bigint[], $12::boolean[], $13::bigint[], $14::boolean[], $15::bytea[], "
		"$16::text[], $17::smallint[], $18::bytea[], $19::integer[], $20::smallint[], "
		"$21::text[])");
}

int database_rename(const struct database_place *place, const char *name, uint64_t number,
	const char *new_name, struct database_user *user, struct database_user *renamed)
{
	struct change change;
	int status = begin_change(&change, place, true);

	*renamed = (struct database_user){.number = 0};
	if (status == EX_OK)
		status = find_wanted(&change, name, number);
	if (status == EX_OK)
		status = parse_new_name(&change, new_name);
	if (status == EX_OK)
		status = change_wanted(&change, try_to_rename);
	if (status == EX_OK) {
		renamed->number = change.user.number;
		keep_user_name(renamed, change.shown.name, change.shown.name_length);
	}
	return end_change(&change, status, user);
}
