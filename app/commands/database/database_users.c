/*
 * Adds, removes and renames a user by a call of create_users(), remove_user() and rename_user() of
 * schema.sql, as a server does. A command is a node of its own; the id of its batch makes it safe
 * to send the call again when the connection is lost. A batch that found another name than was
 * known is stored, too, and the next one has a higher id.
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
#include "store/database/node/write_statements.h"
#include "store/names/name_key.h"
#include "store/names/username.h"
#include "store/pending.h"

/* Somebody would have to rename the user again and again. */
#define MOST_TRIES 10

/* Of a name in a batch of one. */
#define ONLY_PLACE 1

struct change {
	struct database_session session;
	struct database_state state;
	struct statement statements[WRITES];
	struct store_limits limits;
	struct write_terms terms;
	struct parameters parameters;
	struct username username; /* the new name */
	struct name_rows rows;    /* of that */
	struct known_name known;  /* the name that the user has */
	struct database_user user;
	struct write_outcomes outcomes;
};

/* The seats of the servers' options are not known here but for those with a waiting list: of these
 * the last one counts, as before. What organisers have set counts before both. */
static int begin_change(struct change *change, const struct database_place *place, bool names)
{
	*change = (struct change){.user = {.number = 0}};
	int status = database_session_open(&change->session, place);

	if (status == EX_OK)
		status = database_session_state(&change->session, false, &change->state);
	if (status == EX_OK && names)
		status = database_session_can_name(&change->state);
	change->limits = (struct store_limits){.max_users = LIMIT_PLACE,
		.seats = (uint64_t)change->state.seats,
		.has_waiting_list = change->state.seats > 0};
	change->terms = (struct write_terms){.node = random_number() >> 1,
		.batch = random_number() >> 2,
		.limits = &change->limits};
	write_statements_fill(change->statements);
	return status;
}

/* The user that was meant goes to the caller. */
static int end_change(struct change *change, int status, struct database_user *user)
{
	parameters_free(&change->parameters);
	name_rows_free(&change->rows);
	name_rows_free(&change->known.rows);
	write_outcomes_free(&change->outcomes);
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

/* Makes the change that the parameters are of. */
static int call_function(struct change *change, enum write write)
{
	struct rows rows;
	int status = database_session_change(
		&change->session, &change->statements[write], &change->parameters, &rows);

	if (status == EX_OK)
		write_outcomes_read(&change->outcomes, &rows, ONLY_PLACE);
	return status;
}

static int tell_outcome(const struct change *change, const struct write_outcome *outcome)
{
	switch (outcome->result) {
	case RESULT_OK:
	case RESULT_UNCHANGED:
		return EX_OK;
	case RESULT_TAKEN:
	case RESULT_ALIKE:
		return wanted_words_held(outcome->result, &outcome->user);
	case RESULT_NO_SEAT:
		standard_error_say("rollcall: no seat is left");
		return EX_DATAERR;
	case RESULT_MISSING:
		return wanted_words_nobody(NULL, change->user.number);
	default:
		standard_error_say("rollcall: the user is being renamed by others");
		return EX_TEMPFAIL;
	}
}

static int parse_new_name(struct change *change, const char *name)
{
	struct username *username = &change->username;
	enum username_problem problem = username_parse(name, strlen(name), username);

	if (problem != USERNAME_FINE)
		return wanted_words_fault(problem, username);
	name_rows_add_words(&change->rows, ONLY_PLACE, username->key, username->key_length);
	name_rows_add_looks(&change->rows, ONLY_PLACE, username->text, username->length,
		username->key, username->key_length, username->lookalike);
	return EX_OK;
}

static int add_named(struct change *change, const char *name)
{
	const struct username *username = &change->username;
	struct pending_batch batch = TAILQ_HEAD_INITIALIZER(batch);
	int status = parse_new_name(change, name);

	if (status != EX_OK)
		return status;
	struct pending_create create = {.name = username->text,
		.name_length = username->length,
		.key = username->key,
		.key_length = username->key_length};
	TAILQ_INSERT_TAIL(&batch, &create, next);
	write_creates(&change->parameters, &change->terms, &batch, &change->rows);
	status = call_function(change, WRITE_CREATE);
	if (status != EX_OK)
		return status;
	const struct write_outcome *outcomes = change->outcomes.list;
	change->user.number = outcomes[0].user.number;
	keep_user_name(&change->user, username->text, username->length);
	return outcomes[ONLY_PLACE].is_told ? tell_outcome(change, &outcomes[ONLY_PLACE]) : EX_OK;
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
		standard_error_say("rollcall: that is no name that a user can have");
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
static void know_name(struct change *change)
{
	struct known_name *known = &change->known;
	const char *name = database_user_name(&change->user);
	char key[LIMIT_NAME_KEY];
	size_t length;

	name_rows_clear(&known->rows);
	known->length = strlen(name) <= sizeof(known->text) ? strlen(name) : 0;
	memcpy(known->text, name, known->length);
	if (name_key_fold(name, known->length, key, &length) == RESULT_OK)
		name_rows_add_words(&known->rows, ONLY_PLACE, key, length);
	change->terms.batch++;
}

static int try_to_remove(struct change *change)
{
	write_removal(&change->parameters, &change->terms, change->user.number, &change->known);
	return call_function(change, WRITE_REMOVE);
}

static int try_to_rename(struct change *change)
{
	write_renaming(&change->parameters, &change->terms, change->user.number, &change->known,
		&change->username, &change->rows);
	return call_function(change, WRITE_RENAME);
}

/* What `attempt` does needs the words of the name that the user has; so it is tried again if that
 * is another one by now. */
static int change_wanted(struct change *change, int (*attempt)(struct change *change))
{
	const struct write_outcome *outcome = NULL;
	int status = EX_OK;

	for (int tries = 0; status == EX_OK && tries < MOST_TRIES; tries++) {
		know_name(change);
		status = attempt(change);
		if (status != EX_OK)
			break;
		outcome = &change->outcomes.list[0];
		if (outcome->result != RESULT_BUSY)
			break;
		keep_user_name(&change->user, outcome->user.name, outcome->user.name_length);
	}
	return status == EX_OK ? tell_outcome(change, outcome) : status;
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
		const struct user *now = &change.outcomes.list[0].user;
		renamed->number = now->number;
		keep_user_name(renamed, now->name, now->name_length);
	}
	return end_change(&change, status, user);
}
