#ifndef ROLLCALL_COMMANDS_REMOTE_REMOTE_IMPORT_H
#define ROLLCALL_COMMANDS_REMOTE_REMOTE_IMPORT_H

#include <stdint.h>

#include "base/buffer.h"
#include "commands/remote/remote.h"
#include "formats/format.h"

/* Tells of a user that cannot be added, by its line in the list. */
typedef void remote_import_refused_cb(void *argument, uint64_t line, const char *reason);

/* Rows of the list that go in one request. */
#define REMOTE_IMPORT_ROWS 100

/*
 * An import through the server that has the list: users go there some at a time, and are stored all
 * at once at the end. Functions return an exit status of sysexits(3); what is wrong was said. All
 * fields but these two are for remote_import.c.
 */
struct remote_import {
	remote_import_refused_cb *on_refused;
	void *argument;

	struct remote *remote;
	int opened; /* a descriptor; while it is open, the server keeps the import */
	char path[64];
	int64_t now;
	struct buffer rows;
	uint64_t lines[REMOTE_IMPORT_ROWS]; /* of the list, that the rows came from */
	size_t count;
	int status; /* of the first request that failed; the rest is not sent then */
};

/* Begins. It must be closed, also after a failure. */
int remote_import_open(struct remote_import *import, struct remote *remote) MUST_CHECK;

/* Checks the name by the rules, and adds the user; what others there are is known after the last
 * one. */
void remote_import_add(struct remote_import *import, const struct entry *entry);

/* Sends what is left. After that all refused users have been told of. */
int remote_import_finish(struct remote_import *import) MUST_CHECK;

/* Has all of them stored, and waits for that. `imported` gets how many. */
int remote_import_commit(struct remote_import *import, uint64_t *imported) MUST_CHECK;

void remote_import_close(struct remote_import *import);

#endif
