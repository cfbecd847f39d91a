#include "store/index/name_search.h"

#include <string.h>

#include "store/names/name_key.h"

/* Whether a key stands among those that are searched for, before them (less than 0), or behind. */
static int compare(const struct username_beginning *beginning, const char *key, size_t length)
{
	size_t least = beginning->word_length < length ? beginning->word_length : length;
	int order = memcmp(key, beginning->key, least);

	if (order != 0)
		return order;
	if (length <= beginning->word_length)
		return length == beginning->word_length ? 0 : -1;
	return memcmp(key, beginning->key, beginning->key_length);
}

static int compare_user(const struct username_beginning *beginning, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	/* Whoever is in the directory has a key. */
	if (name_key_fold(user->name, user->name_length, key, &length) != RESULT_OK)
		return -1;
	return compare(beginning, key, length);
}

/* Goes over the next user, or back over the previous one, if that is one of those searched for. */
static bool step(const struct user_index *index, const struct search *search,
	bool (*to)(struct name_place *place, size_t *position), struct name_place *place,
	struct user *user)
{
	struct name_place beside = *place;
	size_t position;

	if (!to(&beside, &position))
		return false;
	*user = user_index_at(index, position);
	if (compare_user(&search->beginning, user) != 0)
		return false;
	*place = beside;
	return true;
}

/* Where the page begins; or ends, if it is the one before somebody. */
static struct name_place seek(const struct user_index *index, const struct search *search)
{
	const struct name_index *order = user_index_order(index);
	const struct username_beginning *beginning = &search->beginning;
	struct user user;

	if (search->from == SEARCH_FIRST || !user_index_user(index, search->number, &user) ||
		compare_user(beginning, &user) < 0)
		return name_index_seek(order, beginning->key, beginning->word_length);
	if (compare_user(beginning, &user) > 0)
		return name_index_seek_past(order, beginning->key, beginning->key_length);
	size_t position = user_index_position(index, search->number);
	struct name_place place = name_index_seek_entry(order, position);
	if (search->from == SEARCH_AFTER)
		name_index_next(&place, &position);
	return place;
}

static bool is_known(const struct user_index *index, uint64_t number)
{
	struct user user;

	return user_index_user(index, number, &user);
}

struct search_page name_search(const struct user_index *index, const struct search *search,
	struct user *users, size_t most)
{
	struct search_page page = {0};
	struct name_place place = seek(index, search);
	struct user other;

	if (search->from == SEARCH_BEFORE && is_known(index, search->number)) {
		size_t back = 0;
		while (back < most && step(index, search, name_index_previous, &place, &other))
			back++;
		most = back;
	}
	struct name_place start = place, end;
	page.has_previous = step(index, search, name_index_previous, &start, &other);
	while (page.count < most &&
		step(index, search, name_index_next, &place, &users[page.count]))
		page.count++;
	end = place;
	page.has_next = step(index, search, name_index_next, &end, &other);
	return page;
}
