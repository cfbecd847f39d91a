/* The rows of names against what the indexes in memory have of them, for names that are put
 * together by chance of pieces in which the two could differ. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/database/name_rows.h"
#include "store/index/lookalikes.h"
#include "store/index/name_search.h"
#include "store/names/name_key.h"

#define NAMES 1500
#define MOST  (NAMES * NAME_WORDS_MOST)

struct fixture {
	struct user_index *users;
	struct lookalikes *lookalikes;
	struct name_rows rows;
	char *names[NAMES + 1]; /* by their numbers, which are places, too */
	int32_t last;
	uint32_t random;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->users = user_index_open();
	user_index_keep_order(fixture->users);
	fixture->lookalikes = lookalikes_open(fixture->users);
	fixture->random = 2463534242;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	lookalikes_close(fixture->lookalikes);
	user_index_close(fixture->users);
	name_rows_free(&fixture->rows);
	for (int32_t i = 1; i <= fixture->last; i++)
		free(fixture->names[i]);
	free(fixture);
	return 0;
}

static uint32_t next_random(struct fixture *fixture, size_t below)
{
	fixture->random ^= fixture->random << 13;
	fixture->random ^= fixture->random >> 17;
	fixture->random ^= fixture->random << 5;
	return fixture->random % (uint32_t)below;
}

/* As a username, or false: it is not acceptable. */
static bool make_name(struct fixture *fixture, const char *const *pieces, size_t count, size_t most,
	struct username *username)
{
	char text[LIMIT_NAME] = "";

	for (size_t i = next_random(fixture, most) + 1; i > 0; i--) {
		const char *piece = pieces[next_random(fixture, count)];
		if (strlen(text) + strlen(piece) < sizeof(text))
			strcat(text, piece);
	}
	return username_parse(text, strlen(text), username) == USERNAME_FINE;
}

static void add(struct fixture *fixture, const struct username *username)
{
	int32_t place = ++fixture->last;
	const struct user user = {
		.number = (uint64_t)place, .name = username->text, .name_length = username->length};

	fixture->names[place] = strndup(username->text, username->length);
	user_index_add(fixture->users, &user, username->key, username->key_length);
	lookalikes_add(fixture->lookalikes, &user, username->key, username->key_length);
	name_rows_add_words(&fixture->rows, place, username->key, username->key_length);
	name_rows_add_looks(&fixture->rows, place, username->text, username->length, username->key,
		username->key_length, username->lookalike);
}

static void expect_word(const struct fixture *fixture, const struct name_row_word *row,
	const struct name_entry *entry, enum name_form form, const char *text, size_t length)
{
	const struct user_table *table = user_index_table(fixture->users);

	assert_int_equal(row->place, entry->position + 1);
	assert_int_equal(row->form, form);
	unsigned shared = entry->word & NAME_WORDS_SHARED_MOST;
	if (shared < NAME_WORDS_SHARED_MOST)
		assert_int_equal(row->shared, shared);
	else
		assert_true(row->shared >= NAME_WORDS_SHARED_MOST);
	assert_int_equal(row->rank, name_entry_rank(table, entry) >> 32);
	assert_int_equal(row->text.length, length - name_entry_offset(entry));
	assert_memory_equal(name_rows_text(&fixture->rows, &row->text),
		text + name_entry_offset(entry), row->text.length);
}

/* All rows of words are those that the orders in memory have. */
static void expect_words(const struct fixture *fixture)
{
	const struct user_table *table = user_index_table(fixture->users);
	struct name_entry entries[NAME_WORDS_MOST];
	char text[LIMIT_NAME_BASE];
	size_t row = 0, length;

	for (size_t i = 0; i < (size_t)fixture->last; i++) {
		for (enum name_form form = NAME_BASE; form <= NAME_KEY; form++) {
			size_t count = name_entries(table, i, form, text, &length, entries);
			for (size_t j = 0; j < count; j++) {
				assert_true(row < fixture->rows.word_count);
				expect_word(fixture, &fixture->rows.words[row++], &entries[j], form,
					text, length);
			}
		}
	}
	assert_int_equal(row, fixture->rows.word_count);
}

static const struct name_rows *sorted;

static int compare_words(const void *first, const void *second)
{
	const struct name_row_word *a = first, *b = second;
	size_t length = a->text.length < b->text.length ? a->text.length : b->text.length;
	int order =
		memcmp(name_rows_text(sorted, &a->text), name_rows_text(sorted, &b->text), length);

	if (order == 0)
		order = (a->text.length > b->text.length) - (a->text.length < b->text.length);
	if (order == 0)
		order = (a->rank > b->rank) - (a->rank < b->rank);
	return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

/* As a database finds users. */
static size_t search_rows(const struct name_rows *rows, const struct username_beginning *beginning,
	int32_t places[static NAMES])
{
	enum name_row_form form = beginning->is_accented ? NAME_ROW_KEY : NAME_ROW_BASE;
	size_t count = 0;

	for (size_t i = 0; i < rows->word_count; i++) {
		const struct name_row_word *word = &rows->words[i];
		if ((enum name_row_form)word->form != form ||
			word->text.length < beginning->key_length ||
			(size_t)word->shared >= beginning->key_length ||
			memcmp(name_rows_text(rows, &word->text), beginning->key,
				beginning->key_length) != 0)
			continue;
		assert_true(count < NAMES);
		places[count++] = word->place;
	}
	return count;
}

static void compare_search(const struct fixture *fixture, const char *typed)
{
	static struct user found[NAMES];
	static int32_t places[NAMES];
	struct search search = {.from = SEARCH_FIRST};

	if (username_parse_beginning(typed, strlen(typed), &search.beginning) != USERNAME_FINE)
		return;
	size_t count = name_search(fixture->users, &search, found, NAMES).count;
	assert_int_equal(search_rows(&fixture->rows, &search.beginning, places), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(places[i], found[i].number);
}

static const char *const word_pieces[] = {"a", "an", "ann", "e", "\u00e9", "\u00f8", "ss", "\u00df",
	" ", "-", "'", ". ", " ", "b", "B", "AN", "\u0130", "\u304c", "\u304b", "\ud55c", "\ud558",
	"\u0438", "\u0439", "\u044d", "1", "\u0661", "\u5c71", "\uff21", "e\u0301", "\u1ea5", "."};

FIXTURE_TEST(words)
{
	struct username username;
	struct user holder;

	while (fixture->last < NAMES) {
		if (make_name(fixture, word_pieces, sizeof(word_pieces) / sizeof(*word_pieces), 12,
			    &username) &&
			!user_index_find(
				fixture->users, username.key, username.key_length, &holder))
			add(fixture, &username);
	}
	expect_words(fixture);
	sorted = &fixture->rows;
	qsort(fixture->rows.words, fixture->rows.word_count, sizeof(*fixture->rows.words),
		compare_words);
	for (size_t i = 0; i < sizeof(word_pieces) / sizeof(*word_pieces); i++) {
		compare_search(fixture, word_pieces[i]);
		for (size_t j = 0; j < sizeof(word_pieces) / sizeof(*word_pieces); j++) {
			char typed[64];
			snprintf(typed, sizeof(typed), "%s%s", word_pieces[i], word_pieces[j]);
			/* Of several words the accents are compared, too. */
			if (strpbrk(typed, " -'.") == NULL)
				compare_search(fixture, typed);
		}
	}
}

/* What the page of letters is made of. */
FIXTURE_TEST(letters)
{
	static const char *const names[] = {"ann \u00e9va", "Eva", "bo", "\u0416\u0430 1", "Ann"};
	struct username username;
	char letters[64] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(
			username_parse(names[i], strlen(names[i]), &username), USERNAME_FINE);
		add(fixture, &username);
	}
	for (size_t i = 0; i < fixture->rows.letter_count; i++)
		strncat(letters, name_rows_text(&fixture->rows, &fixture->rows.letters[i]),
			fixture->rows.letters[i].length);
	assert_string_equal(letters, "aeb\u04361");
	name_rows_clear(&fixture->rows);
	name_rows_add_words(&fixture->rows, 1, "ann", 3);
	assert_int_equal(fixture->rows.letter_count, 1);
	assert_int_equal(fixture->rows.word_count, 1);
	size_t length = fixture->rows.bytes.length;
	name_rows_clear(&fixture->rows);
	name_rows_add_words(&fixture->rows, 1, "ann", 3);
	assert_int_equal(fixture->rows.bytes.length, length);
}

/* As the database has it. */
static bool is_pair(const struct name_row_look *a, const struct name_row_look *b)
{
	return a->hash == b->hash && (a->scripts & b->scripts) == 0 &&
	       (a->scripts != 0 || b->scripts != 0) && !(a->is_latin && b->is_latin);
}

static bool is_alike(const struct fixture *fixture, const struct name_row_alike *alike)
{
	const struct name_rows *rows = &fixture->rows;
	struct user holder;

	return user_index_find(fixture->users, name_rows_text(rows, &alike->key), alike->key.length,
		       &holder) &&
	       (alike->name.length == 0 ||
		       user_is_called(
			       &holder, name_rows_text(rows, &alike->name), alike->name.length));
}

/* Whether the database would find a name that was added that looks like the one with these rows. */
static bool find_alike(struct fixture *fixture, const struct username *username)
{
	struct name_rows *rows = &fixture->rows;
	size_t looks = rows->look_count, alikes = rows->alike_count;
	bool has_alike = false;

	name_rows_add_looks(rows, fixture->last + 1, username->text, username->length,
		username->key, username->key_length, username->lookalike);
	for (size_t i = looks; i < rows->look_count; i++)
		for (size_t j = 0; j < looks; j++)
			has_alike |=
				rows->looks[j].is_kept && is_pair(&rows->looks[i], &rows->looks[j]);
	for (size_t i = alikes; i < rows->alike_count; i++)
		has_alike |= is_alike(fixture, &rows->alikes[i]);
	rows->look_count = looks;
	rows->alike_count = alikes;
	return has_alike;
}

/* Letters that look like those of other scripts, among them some that look so in capitals alone,
 * and some of several scripts. */
static const char *const look_pieces[] = {"c", "o", "p", "C", "O", "P", "l", "I", "i", "1", "0",
	"\u0441", "\u043e", "\u0440", "\u0421", "\u041e", "\u0420", "\u04c0", "\u03bf", "\u03c1",
	"\u0399", "\u03c7", "x", "X", "\u0425", "\u0445", "m", "M", "\u041c", "\u043c", "rn",
	"\u4e8c", "\u30cb", "\u53e3", "\u30ed", "\u4e00", "\u30fc", " ", "\u00f6", "\u04e7", "T",
	"t", "\u0422", "\u0442", "\u13a2", "\u2c9f", "\u2c9e", "\u0585", "\u13de"};

FIXTURE_TEST(looks)
{
	struct username username;
	struct user holder;
	size_t pairs = 0;

	for (size_t i = 0; i < 60000; i++) {
		if (!make_name(fixture, look_pieces, sizeof(look_pieces) / sizeof(*look_pieces), 3,
			    &username) ||
			user_index_find(fixture->users, username.key, username.key_length, &holder))
			continue;
		bool is_like = lookalikes_find(fixture->lookalikes, &username, 0, &holder);
		if (find_alike(fixture, &username) != is_like)
			fail_msg("%.*s: %s", (int)username.length, username.text,
				is_like ? "is missed" : "looks like nothing");
		pairs += is_like;
		if (fixture->last < NAMES && !is_like)
			add(fixture, &username);
	}
	assert_true(pairs > 1000);
}
