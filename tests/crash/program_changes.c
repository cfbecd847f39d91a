/*
 * Removals, renamings and sheet settings of a server that is running.
 */
#include "crash/program.h"

#include <stdlib.h>

/* One change, and what it is of. */
struct changing {
	struct program *program;
	size_t old; /* positions in the roster */
	size_t new;
	uint64_t seats;
	bool is_answered;
};

static void expect_words(struct program *program, enum result result)
{
	const char *reason = NULL;

	if (result != RESULT_OK &&
		(store_ready(program->store, &reason) == RESULT_OK || reason == NULL))
		program_break(program, "a change is refused, and nothing says why");
}

/* Whether what became of it is known. */
static bool is_heard(struct changing *changing, enum result result)
{
	if (changing->is_answered)
		program_break(changing->program, "a change is answered twice");
	changing->is_answered = true;
	changing->program->changes--;
	if (!program_is_heard(changing->program))
		return false;
	expect_words(changing->program, result);
	return result == RESULT_OK || result == RESULT_FULL;
}

/* store_outcome_cb, as the others */
static void on_removed(void *argument, enum result result, const struct user *user)
{
	struct changing *changing = argument;
	struct roster *roster = &changing->program->roster;

	(void)user;
	if (!is_heard(changing, result))
		return;
	if (result == RESULT_OK)
		roster_gone(roster, &roster->entries[changing->old]);
	else
		roster_stay(roster, &roster->entries[changing->old]);
}

static void on_renamed(void *argument, enum result result, const struct user *user)
{
	struct changing *changing = argument;
	struct roster *roster = &changing->program->roster;

	if (!is_heard(changing, result))
		return;
	if (result == RESULT_OK)
		roster_renamed(roster, changing->old, changing->new, user);
	else
		roster_keep_name(roster, changing->old, changing->new);
}

static void on_set(void *argument, enum result result, const struct user *user)
{
	struct changing *changing = argument;
	struct roster *roster = &changing->program->roster;

	(void)user;
	if (is_heard(changing, result))
		roster_promise_seats(roster, result == RESULT_OK ? changing->seats : roster->seats);
}

static size_t position_of(struct program *program, const struct username *name)
{
	return roster_position(&program->roster, roster_name(&program->roster, name));
}

static void begin_removal(struct changing *changing, const struct username *name)
{
	struct program *program = changing->program;
	struct store_job *job;

	changing->old = position_of(program, name);
	struct roster_entry *entry = &program->roster.entries[changing->old];
	if (store_remove(program->store, entry->number, on_removed, changing, &job) != RESULT_OK)
		return;
	program->changes++;
	roster_leave(&program->roster, entry);
}

static void begin_renaming(
	struct changing *changing, const struct username *name, const struct username *to)
{
	struct program *program = changing->program;
	struct store_job *job;
	struct user holder;

	changing->old = position_of(program, name);
	changing->new = position_of(program, to);
	uint64_t number = program->roster.entries[changing->old].number;
	if (store_rename(program->store, number, to, on_renamed, changing, &job, &holder) !=
		RESULT_OK)
		return;
	program->changes++;
	roster_rename(&program->roster, changing->old, changing->new);
}

static void begin_setting(struct changing *changing, uint64_t seats)
{
	struct program *program = changing->program;
	const struct sheet_settings settings = {
		.set = sheet_setting_bit(SHEET_SETTING_SEATS), .seats = seats};
	struct store_job *job;

	changing->seats = seats;
	if (store_set_sheet(program->store, &settings, on_set, changing, &job) != RESULT_OK)
		return;
	program->changes++;
	roster_ask_seats(&program->roster, seats);
}

void program_change(struct program *program, const struct program_changes *changes)
{
	struct changing removal = {.program = program}, renaming = removal, setting = removal;

	if (changes->removed != NULL)
		begin_removal(&removal, changes->removed);
	if (changes->renamed != NULL)
		begin_renaming(&renaming, changes->renamed, changes->to);
	if (changes->seats != 0)
		begin_setting(&setting, changes->seats);
	if (changes->created != NULL)
		program_create(program, changes->created, 1, 0, SIZE_MAX);
	else
		uv_run(&program->loop, UV_RUN_DEFAULT);
	if (program->changes != 0)
		program_break(program, "a change is never answered");
}
