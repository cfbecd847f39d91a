/*
 * The user that an operator means, in a file that was read, and the name that it is to get.
 */
#include "commands/wanted_user.h"

#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/remote/wanted_words.h"
#include "store/index/name_holder.h"
#include "store/names/name_key.h"

struct wanted {
	const char *name; /* as it was given, or NULL */
	size_t length;
	char key[LIMIT_NAME_KEY];
	size_t key_length;
	uint64_t number; /* or 0 */
};

static bool is_named(const struct wanted *wanted, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	return name_key_fold(user->name, user->name_length, key, &length) == RESULT_OK &&
	       length == wanted->key_length && memcmp(key, wanted->key, length) == 0;
}

static bool is_exact(const struct wanted *wanted, const struct user *user)
{
	return user->name_length == wanted->length &&
	       memcmp(user->name, wanted->name, wanted->length) == 0;
}

/* Finds the next user with that name from `position` on, and moves `position` past it. */
static bool find_next(const struct user_index *users, const struct wanted *wanted, size_t *position,
	struct user *user)
{
	while (*position < user_index_count(users)) {
		*user = user_index_at(users, (*position)++);
		if (is_named(wanted, user))
			return true;
	}
	return false;
}

static int refuse_ambiguous(const struct user_index *users, const struct wanted *wanted)
{
	size_t position = 0;
	struct user user;

	for (bool is_first = true; find_next(users, wanted, &position, &user); is_first = false)
		wanted_words_ambiguous(
			is_first, user.number, PRINTABLE_BYTES(user.name, user.name_length));
	return EX_DATAERR;
}

/* Newer tables can have made one name of two. Then the spelling tells them apart, if it is that of
 * one of them. */
static int choose(const struct user_index *users, const struct wanted *wanted, struct user *user)
{
	size_t all = 0, exact = 0, position = 0;
	struct user one, only = {0};

	while (find_next(users, wanted, &position, &one)) {
		all++;
		if (!is_exact(wanted, &one))
			continue;
		exact++;
		only = one;
	}
	if (all == 1)
		return EX_OK;
	*user = only;
	return exact == 1 ? EX_OK : refuse_ambiguous(users, wanted);
}

static int find_by_number(
	const struct user_index *users, const struct wanted *wanted, struct user *user)
{
	bool is_there = user_index_user(users, wanted->number, user) &&
			(wanted->name == NULL || is_named(wanted, user));

	return is_there ? EX_OK : wanted_words_nobody(wanted->name, wanted->number);
}

int wanted_user_given(const char *name, uint64_t number)
{
	if (name != NULL || number != 0)
		return EX_OK;
	standard_error_say("rollcall: a name or --number is missing");
	return EX_USAGE;
}

int wanted_user_find(
	const struct replay *replay, const char *name, uint64_t number, struct user *user)
{
	struct wanted wanted = {
		.name = name, .length = name != NULL ? strlen(name) : 0, .number = number};

	if (name != NULL &&
		name_key_fold(name, wanted.length, wanted.key, &wanted.key_length) != RESULT_OK) {
		standard_error_say("rollcall: that is no name that a user can have");
		return EX_DATAERR;
	}
	if (number != 0 || name == NULL)
		return find_by_number(replay->users, &wanted, user);
	if (!user_index_find(replay->users, wanted.key, wanted.key_length, user))
		return wanted_words_nobody(wanted.name, wanted.number);
	return replay->clashes > 0 ? choose(replay->users, &wanted, user) : EX_OK;
}

int wanted_name_check(
	const struct replay *replay, const char *name, uint64_t own, struct username *username)
{
	enum username_problem problem = username_parse(name, strlen(name), username);
	struct user holder;

	if (problem != USERNAME_FINE)
		return wanted_words_fault(problem, username);
	enum result result =
		name_holder_find(replay->users, replay->lookalikes, username, own, &holder);
	return result == RESULT_OK ? EX_OK : wanted_words_held(result, &holder);
}
