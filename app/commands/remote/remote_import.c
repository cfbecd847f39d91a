/*
 * The client of routes/admin/import.c. The first answer stays open: should this process end in
 * whatever way, the server sees that, and forgets the import.
 */
#include "commands/remote/remote_import.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/json_text.h"
#include "base/limit.h"
#include "base/standard_error.h"
#include "base/timestamp.h"
#include "store/refused_row.h"

/* Ten million users take about one. */
#define COMMIT_MS (10 * 60 * 1000)

/* Of rows in one request: few enough that the server does not keep other clients waiting, and that
 * one row more still fits into a small --max-body. */
#define MOST_BYTES 8192

static int bad_answer(void)
{
	standard_error_say("rollcall: the server has sent an answer that is none");
	return EX_PROTOCOL;
}

int remote_import_open(struct remote_import *import, struct remote *remote)
{
	import->remote = remote;
	import->opened = -1;
	import->now = timestamp_now();
	int status = remote_open(remote,
		&(struct client_request){.method = "POST", .path = "/admin/import"},
		&import->opened);
	if (status != EX_OK)
		return status;
	if (remote->status != 200)
		return remote_refused(remote);
	json_t *answer = remote_json(remote);
	json_int_t number = json_integer_value(json_object_get(answer, "import"));
	json_decref(answer);
	if (number <= 0)
		return bad_answer();
	snprintf(import->path, sizeof(import->path), "/admin/import/%" JSON_INTEGER_FORMAT, number);
	return EX_OK;
}

static int tell_refused(const struct remote_import *import)
{
	json_t *answer = remote_json(import->remote), *refused;
	int status = json_is_array(json_object_get(answer, "refused")) ? EX_OK : bad_answer();
	size_t i;

	json_array_foreach(json_object_get(answer, "refused"), i, refused)
	{
		json_int_t row = json_integer_value(json_object_get(refused, "row"));
		const char *reason = json_string_value(json_object_get(refused, "reason"));
		if (row >= 1 && (size_t)row <= import->count && reason != NULL)
			import->on_refused(import->argument, import->lines[row - 1], reason);
		else
			status = bad_answer();
	}
	json_decref(answer);
	return status;
}

static int send_rows(struct remote_import *import)
{
	struct remote *remote = import->remote;

	if (import->rows.failed)
		return EX_OSERR;
	int status = remote_ask(remote, &(struct client_request){.method = "POST",
						.path = import->path,
						.content_type = "application/jsonl",
						.body = import->rows.bytes,
						.body_length = import->rows.length});
	if (status == EX_OK)
		status = remote->status == 200 ? tell_refused(import) : remote_refused(remote);
	buffer_clear(&import->rows);
	import->count = 0;
	return status;
}

static void flush_rows(struct remote_import *import)
{
	if (import->status == EX_OK && import->count > 0)
		import->status = send_rows(import);
}

void remote_import_add(struct remote_import *import, const struct entry *entry)
{
	struct username username;
	enum username_problem problem = username_parse(entry->name, entry->name_length, &username);

	if (import->status != EX_OK)
		return;
	if (problem != USERNAME_FINE) {
		struct reason reason;
		refused_row_name(&reason, problem, &username);
		import->on_refused(import->argument, entry->line, reason.text);
		return;
	}
	const struct user user = {.number = import->count + 1,
		.created = entry->has_created ? entry->created : import->now,
		.name = username.text,
		.name_length = username.length};
	import->lines[import->count++] = entry->line;
	jsonl_format.write_user(&import->rows, &user);
	if (import->count == REMOTE_IMPORT_ROWS || import->rows.length > MOST_BYTES)
		flush_rows(import);
}

int remote_import_finish(struct remote_import *import)
{
	flush_rows(import);
	return import->status;
}

int remote_import_commit(struct remote_import *import, uint64_t *imported)
{
	struct remote *remote = import->remote;
	char path[sizeof(import->path) + sizeof("/commit")];

	snprintf(path, sizeof(path), "%s/commit", import->path);
	remote->milliseconds = COMMIT_MS;
	int status = remote_change(remote, &(struct client_request){.method = "POST", .path = path},
		"the list was imported");
	if (status != EX_OK)
		return status;
	if (remote->status != 200)
		return remote_refused(remote);
	json_t *answer = remote_json(remote);
	const json_t *count = json_object_get(answer, "imported");
	status = json_is_integer(count) ? EX_OK : bad_answer();
	*imported = (uint64_t)json_integer_value(count);
	json_decref(answer);
	return status;
}

void remote_import_close(struct remote_import *import)
{
	if (import->opened >= 0)
		close(import->opened);
	buffer_free(&import->rows);
}
