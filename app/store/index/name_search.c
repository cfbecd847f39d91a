/*
 * Pages of a search: users whose names begin with a text, in alphabetical order. They are
 * neighbours in the name_index, so a page is one place to seek and a walk from there. The user
 * beside a page tells whether there is another page, and the number of a user where that begins: a
 * page stays right when users are added in between.
 */
#include "store/index/name_search.h"

#include <string.h>

/* Whether the user at a position is among those searched for (0), before them (less), or behind. */
static int compare_beginning(
	const struct user_index *users, const struct username_beginning *beginning, size_t position)
{
	char key[LIMIT_NAME_KEY];
	size_t length = user_index_key(users, position, key);
	size_t least = beginning->word_length < length ? beginning->word_length : length;
	int order = memcmp(key, beginning->key, least);

	if (order != 0)
		return order;
	if (length <= beginning->word_length)
		return length == beginning->word_length ? 0 : -1;
	return memcmp(key, beginning->key, beginning->key_length);
}

/* Moves over the next user, or back over the previous one, if that is among those searched for. */
static bool search_step(const struct user_index *users, const struct search *search,
	bool (*move)(struct name_place *place, size_t *position), struct name_place *place,
	size_t *position)
{
	struct name_place beside = *place;

	if (!move(&beside, position) ||
		compare_beginning(users, &search->beginning, *position) != 0)
		return false;
	*place = beside;
	return true;
}

static bool is_known(const struct user_index *users, uint64_t number)
{
	struct user user;

	return user_index_user(users, number, &user);
}

/* Where the page begins; or ends, if it is the page before a user. */
static struct name_place seek_page(const struct user_index *users, const struct search *search)
{
	const struct name_index *order = user_index_order(users);
	const struct username_beginning *beginning = &search->beginning;
	size_t position = user_index_position(users, search->number);

	if (search->from == SEARCH_FIRST || !is_known(users, search->number) ||
		compare_beginning(users, beginning, position) < 0)
		return name_index_seek(order, beginning->key, beginning->word_length);
	if (compare_beginning(users, beginning, position) > 0)
		return name_index_seek_past(order, beginning->key, beginning->key_length);
	struct name_place place = name_index_seek_position(order, position);
	if (search->from == SEARCH_AFTER)
		name_index_next(&place, &position);
	return place;
}

struct store_page name_search(const struct user_index *users, const struct search *search,
	struct user *found, size_t most)
{
	struct store_page page = {0};
	struct name_place place = seek_page(users, search);
	size_t position;

	if (search->from == SEARCH_BEFORE && is_known(users, search->number)) {
		size_t back = 0;
		while (back < most &&
			search_step(users, search, name_index_previous, &place, &position))
			back++;
		most = back;
	}
	struct name_place start = place;
	page.has_previous = search_step(users, search, name_index_previous, &start, &position);
	while (page.count < most && search_step(users, search, name_index_next, &place, &position))
		found[page.count++] = user_index_at(users, position);
	page.has_next = search_step(users, search, name_index_next, &place, &position);
	return page;
}
