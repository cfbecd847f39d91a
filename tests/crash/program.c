#include "crash/program.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/memory.h"
#include "store/flat_file/flat_file_store.h"

/* A caller that asks for a name. */
struct asker {
	struct program *program;
	struct username username;
	struct store_job *create;
	uint64_t since; /* which of the times that the name was asked for */
	bool is_answered;
};

static void ask(struct asker *asker);

void program_open(struct program *program, const char *directory)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	*program = (struct program){.directory = directory};
	program->log = log_open(nowhere, LOG_ERROR);
	if (nowhere < 0 || uv_loop_init(&program->loop) != 0) {
		perror("/dev/null or the loop");
		abort();
	}
}

void program_close(struct program *program)
{
	program_stop(program);
	if (uv_loop_close(&program->loop) != 0)
		program_break(program, "handles are left on the loop");
	log_close(program->log);
	roster_free(&program->roster);
}

void program_break(struct program *program, const char *why)
{
	if (program->failure[0] == '\0')
		snprintf(program->failure, sizeof(program->failure), "%s", why);
}

bool program_is_heard(const struct program *program)
{
	return !simulated_disk_is_dead(program->disk);
}

void program_show(struct program *program, const struct roster_view *view, bool is_promise)
{
	char why[ROSTER_WHY_SIZE];

	if (!roster_check(&program->roster, view, why))
		program_break(program, why);
	if (is_promise && !program->is_restored)
		roster_settle(&program->roster, view);
}

/* All that the server shows. */
static size_t list(struct store *store, struct user **users)
{
	size_t most = (size_t)store_view(store, 0)->users + 1;
	struct store_news news = {0};

	*users = memory_resized(NULL, most, sizeof(**users));
	if (!store_newer(store, 0, *users, most, &news) || news.has_more)
		abort();
	return news.count;
}

static void show_list(struct program *program)
{
	struct user *users;
	size_t count = list(program->store, &users);
	const char *reason;

	/* One that cannot take anybody yet may show what the disk lacks. */
	bool is_promise = store_ready(program->store, &reason) != RESULT_UNAVAILABLE;
	program_show(program,
		&(struct roster_view){.users = users,
			.count = count,
			.seats = store_sheet_settings(program->store)->seats},
		is_promise);
	free(users);
}

bool program_start(struct program *program)
{
	struct reason reason = {0};
	struct flat_file_store_settings settings = {.loop = &program->loop,
		.log = program->log,
		.vfs = simulated_disk_table(program->disk),
		.directory = program->directory,
		.limits = {.max_users = LIMIT_USERS}};
	enum result result = flat_file_store_open(&settings, &program->store, &reason);

	/* The operator wants a new list where one is missing that nobody was promised to be on. */
	settings.makes_list =
		result == RESULT_MISSING &&
		roster_check(&program->roster, &(struct roster_view){0}, program->failure);
	if (settings.makes_list)
		result = flat_file_store_open(&settings, &program->store, &reason);

	program->has_list = result == RESULT_OK;
	if (result != RESULT_OK) {
		program->store = NULL;
		if (reason.text[0] == '\0')
			program_break(program, "does not start, and does not say why");
		return false;
	}
	if (program_is_heard(program))
		show_list(program);
	return true;
}

void program_stop(struct program *program)
{
	if (program->store == NULL)
		return;
	store_stop(program->store);
	uv_run(&program->loop, UV_RUN_DEFAULT);
	program->has_list = false;
	store_close(program->store);
	program->store = NULL;
}

/* What was restored is part of a promise now. */
static void keep_promise(
	struct program *program, struct roster_entry *entry, const struct user *user)
{
	roster_promise(&program->roster, entry, user);
	if (!program->is_restored)
		return;
	program->is_restored = false;
	show_list(program);
}

/* A refusal that names a holder is a promise too, to a caller that did not wait for its answer. */
static void take_holder(
	struct program *program, struct roster_entry *entry, const struct user *holder)
{
	if (entry->state == ROSTER_ASKED)
		keep_promise(program, entry, holder);
	else if ((entry->state != ROSTER_THERE && entry->state != ROSTER_LEAVING) ||
		 entry->number != holder->number)
		program_break(program, "taken by a user who was never promised");
}

static void take_answer(struct asker *asker, enum result result, const struct user *user)
{
	struct program *program = asker->program;
	struct roster *roster = &program->roster;
	struct roster_entry *entry = roster_name(roster, &asker->username);
	const char *reason = NULL;

	if (result == RESULT_OK)
		keep_promise(program, entry, user);
	else if (result == RESULT_TAKEN)
		take_holder(program, entry, user);
	else if (result == RESULT_FULL && entry->state == ROSTER_ASKED &&
		 entry->since == asker->since)
		roster_refuse(roster, entry);
	if (result != RESULT_OK && result != RESULT_TAKEN &&
		(store_ready(program->store, &reason) == RESULT_OK || reason == NULL))
		program_break(program, "refused, and does not say why");
}

/* The rest asks from within the first answer. */
static void ask_again(struct program *program)
{
	size_t again = program->again;

	program->again = 0;
	for (size_t i = program->asked - again; i < program->asked; i++)
		ask(&program->askers[i]);
}

/* store_outcome_cb */
static void on_created(void *argument, enum result result, const struct user *user)
{
	struct asker *asker = argument;
	struct program *program = asker->program;

	if (asker->is_answered)
		program_break(program, "answered twice");
	asker->is_answered = true;
	if (program_is_heard(program))
		take_answer(asker, result, user);
	ask_again(program);
}

/* The roster does not count callers that are refused at once. */
static void ask(struct asker *asker)
{
	struct program *program = asker->program;
	struct roster *roster = &program->roster;
	struct user holder;
	enum result result = store_create(
		program->store, &asker->username, on_created, asker, &asker->create, &holder);

	asker->is_answered = result != RESULT_OK;
	if (result != RESULT_OK)
		asker->create = NULL;
	struct roster_entry *entry = roster_name(roster, &asker->username);
	if (result == RESULT_OK && entry->state == ROSTER_NOBODY)
		roster_ask(roster, entry, 0);
	asker->since = entry->since;
	if (result == RESULT_TAKEN && program_is_heard(program) && !program->is_restored)
		take_holder(program, entry, &holder);
}

static void wait_for_answers(struct program *program, size_t cancelled)
{
	uv_run(&program->loop, UV_RUN_DEFAULT);
	for (size_t i = 0; i < program->asked; i++)
		if (!program->askers[i].is_answered && i != cancelled)
			program_break(program, "never answered");
}

void program_create(struct program *program, const struct username *names, size_t count,
	size_t later, size_t cancelled)
{
	program->askers = memory_resized(NULL, count, sizeof(*program->askers));
	program->asked = count;
	program->again = later;
	for (size_t i = 0; i < count; i++)
		program->askers[i] = (struct asker){.program = program,
			.username = names[i],
			.is_answered = i >= count - later};
	for (size_t i = 0; i < count - later; i++)
		ask(&program->askers[i]);
	if (cancelled < count - later && program->askers[cancelled].create != NULL)
		store_cancel(program->store, program->askers[cancelled].create);
	wait_for_answers(program, cancelled);
	free(program->askers);
	program->askers = NULL;
}
