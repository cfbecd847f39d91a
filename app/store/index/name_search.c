/*
 * Pages of a search: users with a word that begins with a text, in the order of these words. They
 * are neighbours in a name_index, so all of them lie between two places. The entry beside a page
 * tells whether there is another page, and the number of a user where that begins: a page stays
 * right when users are added in between.
 *
 * Entries at which a user is not shown are passed over. Most say so themselves; a look at the name
 * is needed only where words share more than an entry can say.
 */
#include "store/index/name_search.h"

#include <string.h>

#include "base/limit.h"
#include "base/scratch.h"
#include "store/names/name_key.h"
#include "store/names/word_match.h"

/* A name has 32 words at most: with so many entries LIMIT_FOUND users are counted, whatever they
 * are called. For a page it is a bound on what names can cost that were made to be passed over;
 * nobody behind so many is shown. */
#define PASSED_MOST ((size_t)32 * LIMIT_FOUND)

/* A look at a name for its accents counts as so many entries for each byte of its key: a name of 30
 * words takes 7 us. So a search among names that were made for that takes 5 ms. */
#define MATCH_COST 2

/* A search, and where in the order it finds users. */
struct finding {
	const struct user_index *users;
	const struct username_beginning *beginning;
	enum name_form form;
	struct name_place start;
	struct name_place end;
	size_t left; /* entries that it may still pass over */
};

typedef bool move_cb(struct name_place *place, struct name_entry *entry);

static struct finding begin_finding(
	const struct user_index *users, const struct username_beginning *beginning)
{
	enum name_form form = beginning->is_accented ? NAME_KEY : NAME_BASE;
	const struct name_index *order = user_index_order(users, form);

	return (struct finding){.users = users,
		.beginning = beginning,
		.form = form,
		.start = name_index_seek(order, beginning->key, beginning->word_length),
		.end = name_index_seek_past(order, beginning->key, beginning->key_length),
		.left = PASSED_MOST};
}

/* Whether the name has the accents that were typed. */
static bool has_accents(struct finding *finding, size_t position)
{
	const struct username_beginning *beginning = finding->beginning;
	SCRATCH char key[LIMIT_NAME_KEY];

	if (beginning->accents.count == 0)
		return true;
	size_t length = user_table_key(user_index_table(finding->users), position, key);
	size_t cost = MATCH_COST * length;
	finding->left -= finding->left < cost ? finding->left : cost;
	return word_match_key(
		&beginning->accents, beginning->key_length > beginning->word_length, key, length);
}

static bool is_shown(struct finding *finding, const struct name_entry *entry)
{
	return name_entry_is_shown(user_index_table(finding->users), finding->form, entry,
		       finding->beginning->word_length) &&
	       has_accents(finding, entry->position);
}

/* Moves over the next user that is found, or back over the previous one, and tells its position. */
static bool search_step(
	struct finding *finding, move_cb *move, struct name_place *place, size_t *position)
{
	const struct name_place *border = move == name_place_next ? &finding->end : &finding->start;
	struct name_entry entry;

	while (finding->left > 0 && !name_place_is(place, border) && move(place, &entry)) {
		if (is_shown(finding, &entry)) {
			*position = entry.position;
			return true;
		}
		/* A look at its accents may have used up the rest. */
		finding->left -= finding->left > 0;
	}
	return false;
}

/* Whether the text of an entry is before those that are found (less than 0), one of them (0), or
 * behind them. */
static int compare_beginning(const struct finding *finding, const char *text, size_t length)
{
	const struct username_beginning *beginning = finding->beginning;
	bool is_beginning;
	int order = name_key_compare(
		beginning->key, beginning->word_length, text, length, &is_beginning);

	if (order == 0)
		return 0;
	if (!is_beginning)
		return -order;
	order = name_key_compare(
		beginning->key, beginning->key_length, text, length, &is_beginning);
	return is_beginning ? 0 : -order;
}

/* Before the entry at which a user is shown. False: the user is not found. */
static bool seek_shown(struct finding *finding, size_t position, struct name_place *place)
{
	const struct user_table *table = user_index_table(finding->users);
	SCRATCH struct name_entry entries[NAME_WORDS_MOST];
	SCRATCH char text[LIMIT_NAME_BASE];
	size_t length;
	size_t count = name_entries(table, position, finding->form, text, &length, entries);

	for (size_t i = 0; i < count; i++) {
		size_t offset = name_entry_offset(&entries[i]);
		if (compare_beginning(finding, text + offset, length - offset) == 0 &&
			is_shown(finding, &entries[i])) {
			*place = name_index_seek_entry(
				user_index_order(finding->users, finding->form), &entries[i]);
			return true;
		}
	}
	return false;
}

/* Where a user would be whose words are not found: the place of the whole name. */
static struct name_place seek_beside(const struct finding *finding, size_t position)
{
	size_t length;
	const char *text = user_table_kept_form(
		user_index_table(finding->users), position, finding->form, &length);

	return compare_beginning(finding, text, length) < 0 ? finding->start : finding->end;
}

/* Where the page begins; or ends, if it is the page before a user. */
static struct name_place seek_page(struct finding *finding, const struct search *search)
{
	size_t position = user_index_position(finding->users, search->number);
	struct name_place place;
	struct name_entry entry;

	if (!seek_shown(finding, position, &place))
		return seek_beside(finding, position);
	if (search->from == SEARCH_AFTER)
		name_place_next(&place, &entry);
	return place;
}

static size_t count_found(struct finding *finding)
{
	struct name_place place = finding->start;
	size_t found = 0, position;

	while (found <= LIMIT_FOUND && search_step(finding, name_place_next, &place, &position))
		found++;
	return finding->left > 0 ? found : LIMIT_FOUND + 1;
}

static bool is_beside_user(const struct user_index *users, const struct search *search)
{
	struct user user;

	return search->from != SEARCH_FIRST && user_index_user(users, search->number, &user);
}

struct store_page name_search(const struct user_index *users, const struct search *search,
	struct user *found, size_t most)
{
	struct finding finding = begin_finding(users, &search->beginning);
	bool is_beside = is_beside_user(users, search);
	struct name_place place = is_beside ? seek_page(&finding, search) : finding.start;
	struct store_page page = {.found = count_found(&finding)};
	size_t position;

	finding.left = PASSED_MOST;
	if (search->from == SEARCH_BEFORE && is_beside) {
		size_t back = 0;
		while (back < most && search_step(&finding, name_place_previous, &place, &position))
			back++;
		most = back;
	}
	struct name_place start = place;
	page.has_previous = search_step(&finding, name_place_previous, &start, &position);
	while (page.count < most && search_step(&finding, name_place_next, &place, &position))
		found[page.count++] = user_index_at(users, position);
	page.has_next = search_step(&finding, name_place_next, &place, &position);
	return page;
}
