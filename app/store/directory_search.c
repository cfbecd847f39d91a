#include "store/directory_search.h"

#include <string.h>

#include "store/name_key.h"

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
	if (name_key_fold(user->name, user->name_length, key, &length) != STATUS_OK)
		return -1;
	return compare(beginning, key, length);
}

/* Goes over the next user, or back over the previous one, if that is one of those searched for. */
static bool step(const struct directory *directory, const struct search *search,
	bool (*to)(struct name_place *place, size_t *position), struct name_place *place,
	struct user *user)
{
	struct name_place beside = *place;
	size_t position;

	if (!to(&beside, &position))
		return false;
	*user = directory_at(directory, position);
	if (compare_user(&search->beginning, user) != 0)
		return false;
	*place = beside;
	return true;
}

/* Where the page begins; or ends, if it is the one before somebody. */
static struct name_place seek(const struct directory *directory, const struct search *search)
{
	const struct name_order *order = directory_order(directory);
	const struct username_beginning *beginning = &search->beginning;
	struct user user;

	if (search->from == SEARCH_FIRST || !directory_user(directory, search->number, &user) ||
		compare_user(beginning, &user) < 0)
		return name_order_seek(order, beginning->key, beginning->word_length);
	if (compare_user(beginning, &user) > 0)
		return name_order_seek_past(order, beginning->key, beginning->key_length);
	size_t position = directory_position(directory, search->number);
	struct name_place place = name_order_seek_entry(order, position);
	if (search->from == SEARCH_AFTER)
		name_order_next(&place, &position);
	return place;
}

static bool is_known(const struct directory *directory, uint64_t number)
{
	struct user user;

	return directory_user(directory, number, &user);
}

struct search_page directory_search(const struct directory *directory, const struct search *search,
	struct user *users, size_t most)
{
	struct search_page page = {0};
	struct name_place place = seek(directory, search);
	struct user other;

	if (search->from == SEARCH_BEFORE && is_known(directory, search->number)) {
		size_t back = 0;
		while (back < most && step(directory, search, name_order_previous, &place, &other))
			back++;
		most = back;
	}
	struct name_place start = place, end;
	page.has_previous = step(directory, search, name_order_previous, &start, &other);
	while (page.count < most &&
		step(directory, search, name_order_next, &place, &users[page.count]))
		page.count++;
	end = place;
	page.has_next = step(directory, search, name_order_next, &end, &other);
	return page;
}
