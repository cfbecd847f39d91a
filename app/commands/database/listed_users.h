#ifndef ROLLCALL_COMMANDS_DATABASE_LISTED_USERS_H
#define ROLLCALL_COMMANDS_DATABASE_LISTED_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "formats/format.h"
#include "store/index/lookalikes.h"
#include "store/index/user_index.h"
#include "store/user.h"

/*
 * The users of a list that is imported into a database, in memory until all of it was read: a list
 * may come through a pipe, as slowly as it likes, and the database waits for nobody meanwhile. They
 * are checked by the rules for names and against each other; what the database has against them is
 * for its caller to find out. What is refused is told of in the order of the lines.
 */

/* Tells of a row that cannot be imported. */
typedef void listed_refused_cb(void *argument, uint64_t line, const char *reason);

struct listed_user {
	uint64_t line;
	uint64_t number; /* as the list has it; 0: it has none */
	int64_t created; /* milliseconds, as in timestamp.h */
	uint64_t offset; /* of the name, in listed_users.names */
	uint32_t length;
	bool is_refused;
};

struct listed_refusal {
	uint64_t line;
	uint64_t order; /* of those with the same line */
	char *reason;
};

/* A zeroed struct has none. */
struct listed_users {
	struct buffer names; /* `failed`: memory was short */
	struct listed_user *users;
	size_t count, room;
	struct listed_refusal *refusals; /* not yet told of */
	size_t refusal_count, refusal_room;
	int64_t now; /* the time of users without one of their own */

	/* Those that listed_users_check() has let pass, numbered by their places from 1. */
	struct user_index *index;
	struct lookalikes *lookalikes;
	uint64_t last_number; /* of the last of them */
	size_t accepted;
};

void listed_users_open(struct listed_users *users);
void listed_users_close(struct listed_users *users);

/* A row of the list. */
void listed_users_add(struct listed_users *users, const struct entry *entry);

/* A row that is refused. */
void listed_users_refuse(struct listed_users *users, uint64_t line, const char *reason);

/* Checks the user at a place against those before it, unless it is refused already. */
void listed_users_check(struct listed_users *users, size_t place, bool keeps_numbers);

/* The user at a place, with the number that the list has. Valid until one is added. */
struct user listed_users_at(const struct listed_users *users, size_t place);

/* Tells of all refused rows. */
void listed_users_tell(struct listed_users *users, listed_refused_cb *refused, void *argument);

#endif
