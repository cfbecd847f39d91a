#ifndef ROLLCALL_TESTS_STORE_MODEL_H
#define ROLLCALL_TESTS_STORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

#define MODEL_NAME  64  /* bytes of a name of these tests, or its key, and a 0 */
#define MODEL_USERS 640 /* of one store of these tests */

/* A user, without anything that is borrowed. */
struct model_user {
	uint64_t number;
	int64_t created;
	char name[MODEL_NAME];
	char key[MODEL_NAME];
	bool has_base; /* the key has another base form */
	/* The key and its base form, as orders of names have them. */
	char ordered_key[MODEL_NAME];
	char base[3 * MODEL_NAME];
};

/* False: the name is none of these tests; the user has no name then. */
bool model_user_copy(struct model_user *copy, const struct user *user);

bool model_user_is(const struct model_user *user, const struct model_user *other);

/* All users that a store ever had, by their numbers. Users are only added here: what a store has at
 * one moment is the first `count` of them. */
struct model {
	struct model_user users[MODEL_USERS];
	size_t count;
};

const struct model_user *model_by_number(const struct model *model, size_t count, uint64_t number);
const struct model_user *model_by_key(const struct model *model, size_t count, const char *key);

/* What a question is to be answered. */
struct model_page {
	const struct model_user *users[MODEL_USERS];
	size_t count;
	bool has_previous;
	bool has_next;
	size_t found; /* by a search */
};

void model_answer(const struct model *model, size_t count, const struct store_question *question,
	struct model_page *page);

#endif
