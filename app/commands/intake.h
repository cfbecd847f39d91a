#ifndef ROLLCALL_COMMANDS_INTAKE_H
#define ROLLCALL_COMMANDS_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/reason.h"
#include "formats/format.h"
#include "store/flat_file/replay.h"

/*
 * Users that are to be added to a flat file all at once. Each is checked against the rules for
 * names, the users of the file and those taken in before, and gets the next number; or the one that
 * the list has, if the file has had no user yet: so a list can move with its numbers.
 */
struct intake {
	struct replay *replay; /* of the file; each user taken in is added to it */
	struct buffer records; /* for rewrite_extend() */
	size_t count;          /* of them */
	size_t before;         /* users that the file had */
	bool keeps_numbers;
	uint64_t *origins; /* the line of the input that each came from */
	size_t capacity;
	int64_t now; /* for users without a time of their own */
};

/* The replay is settled, and borrowed. It no longer matches the file once a user was taken
 * in. */
void intake_open(struct intake *intake, struct replay *replay);
void intake_close(struct intake *intake);

/* RESULT_MALFORMED, RESULT_TAKEN or RESULT_ALIKE, with the reason: the user was not taken in.
 * Memory that was short for the records shows in the buffer. */
enum result intake_add(
	struct intake *intake, const struct entry *entry, struct reason *reason) MUST_CHECK;

#endif
