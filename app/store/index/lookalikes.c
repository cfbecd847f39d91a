/*
 * A hash table from skeletons to numbers of users, for names that are not Latin and look like
 * another in every letter. An index of the skeletons of all users would find every lookalike at
 * once, and would take a third more memory; so a user with a Latin name is found the other way
 * round, by the keys of the names that could be meant (skeleton_latin_keys()).
 *
 * The table has numbers in place of positions, because those never change.
 */
#include "store/index/lookalikes.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "store/names/lookalike.h"
#include "store/names/skeleton.h"

#define FIRST_CAPACITY 64

/* Of users whose skeletons are the same, so many are enough to find one: more would be there only
 * to make the table slow. */
#define MOST_SAME 8

struct sight {
	uint64_t hash;   /* of the skeleton */
	uint64_t number; /* 0: empty */
};

struct lookalikes {
	struct sight *sights;
	size_t capacity; /* a power of two, or 0 */
	size_t used;
	uint64_t seed; /* that strangers who choose names do not know */
};

struct lookalikes *lookalikes_open(void)
{
	struct lookalikes *lookalikes = memory_zeroed(sizeof(*lookalikes));

	lookalikes->seed = random_number();
	return lookalikes;
}

void lookalikes_close(struct lookalikes *lookalikes)
{
	if (lookalikes != NULL)
		free(lookalikes->sights);
	free(lookalikes);
}

/* Where a hash belongs, or how many with the same hash are before that. */
static size_t seek_gap(const struct lookalikes *lookalikes, uint64_t hash, size_t *same)
{
	size_t at = hash & (lookalikes->capacity - 1);

	*same = 0;
	while (lookalikes->sights[at].number != 0) {
		*same += lookalikes->sights[at].hash == hash;
		at = (at + 1) & (lookalikes->capacity - 1);
	}
	return at;
}

static void enlarge_table(struct lookalikes *lookalikes)
{
	struct lookalikes larger = *lookalikes;
	size_t same;

	larger.capacity = lookalikes->capacity > 0 ? lookalikes->capacity * 2 : FIRST_CAPACITY;
	larger.sights = memory_zeroed(larger.capacity * sizeof(*larger.sights));
	for (size_t i = 0; i < lookalikes->capacity; i++) {
		const struct sight *sight = &lookalikes->sights[i];
		if (sight->number != 0)
			larger.sights[seek_gap(&larger, sight->hash, &same)] = *sight;
	}
	free(lookalikes->sights);
	*lookalikes = larger;
}

static void add_sight(struct lookalikes *lookalikes, const struct user *user)
{
	struct skeleton skeleton;
	size_t same;

	if (!skeleton_of(user->name, user->name_length, &skeleton))
		return;
	if (lookalikes->used >= lookalikes->capacity / 4 * 3)
		enlarge_table(lookalikes);
	uint64_t hash = skeleton_hash(&skeleton, lookalikes->seed);
	size_t at = seek_gap(lookalikes, hash, &same);
	if (same == MOST_SAME)
		return;
	lookalikes->sights[at] = (struct sight){.hash = hash, .number = user->number};
	lookalikes->used++;
}

void lookalikes_add(struct lookalikes *lookalikes, const struct user *user)
{
	if (lookalike_of(user->name, user->name_length) == LOOKALIKE_OTHER)
		add_sight(lookalikes, user);
}

/* What is looked for. */
struct quest {
	const struct user_index *users;
	const struct username *username;
	struct user *holder;
};

static bool is_holder(const struct quest *quest)
{
	return lookalike_is_pair(quest->username->text, quest->username->length,
		quest->holder->name, quest->holder->name_length);
}

static bool find_in_table(const struct lookalikes *lookalikes, const struct quest *quest)
{
	const struct username *username = quest->username;
	size_t mask = lookalikes->capacity - 1;
	struct skeleton skeleton;

	if (!skeleton_of(username->text, username->length, &skeleton))
		return false;
	uint64_t hash = skeleton_hash(&skeleton, lookalikes->seed);
	for (size_t at = hash & mask; lookalikes->sights[at].number != 0; at = (at + 1) & mask) {
		const struct sight *sight = &lookalikes->sights[at];
		if (sight->hash == hash &&
			user_index_user(quest->users, sight->number, quest->holder) &&
			is_holder(quest))
			return true;
	}
	return false;
}

/* skeleton_key_cb */
static bool is_key_of_holder(void *argument, const char *key, size_t key_length)
{
	const struct quest *quest = argument;

	return user_index_find(quest->users, key, key_length, quest->holder) && is_holder(quest);
}

static bool find_among_latin(struct quest *quest)
{
	const struct username *username = quest->username;
	struct skeleton skeleton;

	return skeleton_of(username->text, username->length, &skeleton) &&
	       skeleton_latin_keys(&skeleton, is_key_of_holder, quest);
}

bool lookalikes_find(const struct lookalikes *lookalikes, const struct user_index *users,
	const struct username *username, struct user *holder)
{
	struct quest quest = {.users = users, .username = username, .holder = holder};

	if (username->lookalike == LOOKALIKE_NONE)
		return false;
	if (lookalikes->used > 0 && find_in_table(lookalikes, &quest))
		return true;
	return username->lookalike == LOOKALIKE_OTHER && find_among_latin(&quest);
}
