#include "crash/program.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/repair.h"
#include "store/flat_file/replay.h"
#include "store/flat_file/rewrite.h"

/* What a command has open. */
struct work {
	struct program *program;
	struct replay replay;
	struct journal *journal;
};

static void show(struct work *work)
{
	const struct user_index *directory = work->replay.users;
	size_t count = user_index_count(directory);
	struct user *users = memory_resized(NULL, count + 1, sizeof(*users));

	for (size_t i = 0; i < count; i++)
		users[i] = user_index_at(directory, i);
	program_show(work->program,
		&(struct roster_view){.users = users,
			.count = count,
			.next_number = work->replay.next_number,
			.seats = work->replay.sheet->settings.seats},
		!mending_is_due(journal_mending(work->journal)));
	free(users);
}

static void end(struct work *work)
{
	work->program->has_list = false;
	journal_close(work->journal);
	replay_close(&work->replay);
}

static bool begin(struct work *work, struct program *program)
{
	struct journal_report report;

	*work = (struct work){.program = program};
	replay_open(&work->replay, NULL, NULL);
	enum result result = journal_open(simulated_disk_table(program->disk), program->directory,
		0, false, replay_record, &work->replay, &work->journal, &report);
	if (result != RESULT_OK) {
		replay_close(&work->replay);
		if (report.reason.text[0] == '\0')
			program_break(program, "does not open, and does not say why");
		return false;
	}
	program->has_list = true;
	replay_settle(&work->replay, &report.header);
	if (!program_is_heard(program)) {
		end(work);
		return false;
	}
	show(work);
	return true;
}

/* What a command says that failed. */
static void expect_reason(struct program *program, enum result result, const char *reason)
{
	if (result != RESULT_OK && reason == NULL)
		program_break(program, "fails, and does not say why");
}

static bool find(const struct work *work, const struct username *name, struct user *user,
	struct buffer *line)
{
	if (!user_index_find(work->replay.users, name->key, name->key_length, user))
		return false;
	record_append(line, &(struct record){.operation = OPERATION_REMOVED,
				    .number = user->number,
				    .time = timestamp_now(),
				    .name = user->name,
				    .name_length = user->name_length});
	return true;
}

static void remove_user(struct work *work, const struct username *name)
{
	struct program *program = work->program;
	struct roster *roster = &program->roster;
	struct buffer line = {0};
	struct user user;
	const char *reason = NULL;

	if (!find(work, name, &user, &line))
		return;
	struct roster_entry *entry = roster_name(roster, name);
	/* Else it is refused, whatever the roster knows of a user that the disk may lack. */
	bool is_asked = !mending_is_due(journal_mending(work->journal));
	if (is_asked)
		roster_leave(roster, entry);
	enum result result = journal_append(work->journal, line.bytes, line.length, &reason);
	buffer_free(&line);
	expect_reason(program, result, reason);
	if (!is_asked && result == RESULT_OK)
		program_break(program, "appends before the file is mended");
	if (!program_is_heard(program) || !is_asked)
		return;
	if (result == RESULT_OK)
		roster_gone(roster, entry);
	else if (result == RESULT_FULL)
		roster_stay(roster, entry);
}

void program_remove(struct program *program, const struct username *name)
{
	struct work work;

	if (!begin(&work, program))
		return;
	remove_user(&work, name);
	end(&work);
}

void program_compact(struct program *program)
{
	struct work work;
	const char *reason = NULL;

	if (!begin(&work, program))
		return;
	enum result result = rewrite_compact(work.journal, &work.replay, &reason);
	expect_reason(program, result, reason);
	end(&work);
}

static struct user imported(const struct work *work, const struct username *names, size_t i)
{
	return (struct user){.number = work->replay.next_number + i,
		.created = (int64_t)i * 1000,
		.name = names[i].text,
		.name_length = names[i].length};
}

static void ask_for(
	struct work *work, const struct username *names, size_t count, struct buffer *lines)
{
	struct program *program = work->program;

	program->groups++;
	for (size_t i = 0; i < count; i++) {
		struct user user = imported(work, names, i);
		record_append(lines, &(struct record){.operation = OPERATION_CREATED,
					     .number = user.number,
					     .time = user.created,
					     .name = user.name,
					     .name_length = user.name_length});
		roster_ask(&program->roster, roster_name(&program->roster, &names[i]),
			program->groups);
	}
}

static void settle_import(
	struct work *work, const struct username *names, size_t count, enum result result)
{
	struct roster *roster = &work->program->roster;

	for (size_t i = 0; i < count; i++) {
		struct user user = imported(work, names, i);
		struct roster_entry *entry = roster_name(roster, &names[i]);
		if (result == RESULT_OK)
			roster_promise(roster, entry, &user);
		else if (result == RESULT_FULL)
			roster_refuse(roster, entry);
	}
}

void program_import(struct program *program, const struct username *names, size_t count)
{
	struct work work;
	struct buffer lines = {0};
	const char *reason = NULL;

	if (!begin(&work, program))
		return;
	ask_for(&work, names, count, &lines);
	enum result result = rewrite_extend(work.journal, &lines, &reason);
	buffer_free(&lines);
	expect_reason(program, result, reason);
	if (program_is_heard(program))
		settle_import(&work, names, count, result);
	end(&work);
}

bool program_repair(struct program *program)
{
	struct repair_report report;
	enum result result =
		repair(simulated_disk_table(program->disk), program->directory, &report);

	if (result != RESULT_OK && report.reason.text[0] == '\0')
		program_break(program, "cannot be repaired, and does not say why");
	return result == RESULT_OK;
}
