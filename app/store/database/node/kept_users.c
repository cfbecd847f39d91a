/*
 * The newest users in a node's memory, as pointers in an array that is moved when the oldest go: 16
 * KB at most, once for each batch, which is less than a batch takes for one user.
 */
#include "store/database/node/kept_users.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* So that not every user moves all others. */
#define DROPPED_AT_ONCE 64

struct kept_user {
	uint64_t number;
	int64_t created;
	size_t length;
	char name[];
};

struct kept_user *kept_user_copy(const struct user *user)
{
	struct kept_user *copy = memory_resized(NULL, 1, sizeof(*copy) + user->name_length);

	*copy = (struct kept_user){
		.number = user->number, .created = user->created, .length = user->name_length};
	memcpy(copy->name, user->name, user->name_length);
	return copy;
}

struct user kept_user_of(const struct kept_user *user)
{
	return (struct user){.number = user->number,
		.created = user->created,
		.name = user->name,
		.name_length = user->length};
}

/* Frees the first ones. */
static void drop_oldest(struct kept_users *kept, size_t dropped)
{
	for (size_t i = 0; i < dropped; i++)
		free(kept->users[i]);
	kept->count -= dropped;
	memmove(kept->users, kept->users + dropped, kept->count * sizeof(struct kept_user *));
}

void kept_users_clear(struct kept_users *kept, uint64_t floor)
{
	drop_oldest(kept, kept->count);
	kept->floor = floor;
}

void kept_users_add(struct kept_users *kept, const struct user *user)
{
	if (kept->count == KEPT_USERS) {
		kept->floor = kept->users[DROPPED_AT_ONCE - 1]->number;
		drop_oldest(kept, DROPPED_AT_ONCE);
	}
	kept->users[kept->count++] = kept_user_copy(user);
}

size_t kept_users_seek(const struct kept_users *kept, uint64_t number)
{
	size_t low = 0, high = kept->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (kept->users[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool find_place(const struct kept_users *kept, uint64_t number, size_t *place)
{
	*place = kept_users_seek(kept, number);
	return *place < kept->count && kept->users[*place]->number == number;
}

void kept_users_remove(struct kept_users *kept, uint64_t number)
{
	size_t place;

	if (!find_place(kept, number, &place))
		return;
	free(kept->users[place]);
	kept->count--;
	memmove(kept->users + place, kept->users + place + 1,
		(kept->count - place) * sizeof(struct kept_user *));
}

void kept_users_rename(struct kept_users *kept, const struct user *user)
{
	size_t place;

	if (!find_place(kept, user->number, &place))
		return;
	free(kept->users[place]);
	kept->users[place] = kept_user_copy(user);
}

struct user kept_users_at(const struct kept_users *kept, size_t place)
{
	return kept_user_of(kept->users[place]);
}

bool kept_users_find(const struct kept_users *kept, uint64_t number, struct user *user)
{
	size_t place;

	if (!find_place(kept, number, &place))
		return false;
	*user = kept_users_at(kept, place);
	return true;
}
