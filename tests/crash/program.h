#ifndef ROLLCALL_TESTS_CRASH_PROGRAM_H
#define ROLLCALL_TESTS_CRASH_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "base/log.h"
#include "crash/roster.h"
#include "store/store.h"
#include "support/disk/simulated_disk.h"

/*
 * The real program at work on a simulated disk, as the server and as the commands of an operator,
 * and the roster of what it was asked for and promised. What it says after its death on that disk
 * counts for nothing: nobody hears it.
 */
struct program {
	struct simulated_disk *disk; /* may be replaced while it is not running */
	const char *directory;       /* for the lock */
	struct roster roster;
	char failure[ROSTER_WHY_SIZE]; /* the first promise it broke; empty if none */

	bool has_list; /* it has the file open, so nobody else may */

	/* A file was put there and not synced: it is promised only when something is stored in
	 * it. */
	bool is_restored;

	uv_loop_t loop;
	struct log *log;
	struct store *store; /* NULL while the server is not running */
	struct asker *askers;
	unsigned changes; /* of program_change() that are not answered */
	size_t asked;
	size_t again; /* askers whose names are asked for only when one is answered */
	unsigned groups;
};

void program_open(struct program *program, const char *directory);
void program_close(struct program *program);

/* The server starts, checking what it shows. False if it could not, and said why. */
bool program_start(struct program *program);

/* It ends as it does when told to. */
void program_stop(struct program *program);

/* Asks for the names, all at once but for the last `later`, which are asked for when the first is
 * answered, and waits for the answers. The caller at position `cancelled` gives up before. */
void program_create(struct program *program, const struct username *names, size_t count,
	size_t later, size_t cancelled);

/* What a server is asked to change at once; a NULL name or 0 seats: not that. */
struct program_changes {
	const struct username *created;
	const struct username *removed; /* users that were promised, */
	const struct username *renamed;
	const struct username *to; /* a name that nobody had */
	uint64_t seats;
};

/* Asks for all of it at once, and waits for the answers: program_changes.c. */
void program_change(struct program *program, const struct program_changes *changes);

/* Commands, while the server is not running: program_commands.c. */
void program_remove(struct program *program, const struct username *name);
void program_compact(struct program *program);
void program_import(struct program *program, const struct username *names, size_t count);
bool program_repair(struct program *program);

/* For program_commands.c: keeps the first broken promise; whether anybody hears what is said; and
 * holds users that are shown against the roster, where they stay from then on if `is_promise`. */
void program_break(struct program *program, const char *why);
bool program_is_heard(const struct program *program);
void program_show(struct program *program, const struct roster_view *view, bool is_promise);

#endif
