/*
 * What constraints of the schema cannot say: that keys are those of the names, that counts and rows
 * for searches and lookalikes agree with the users, and that the server keeps what it acknowledges.
 * Each row that a name has must be there, and no more rows than those. Everything is read in one
 * snapshot, so a check beside servers that store users finds nothing half done.
 */
#include "commands/database/database_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/progress.h"
#include "base/timestamp.h"
#include "commands/database/database_session.h"
#include "commands/database/user_pages.h"
#include "store/database/name_rows.h"
#include "store/names/lookalike.h"
#include "store/names/name_key.h"
#include "store/names/username.h"

/* Users told of, of each kind of fault. */
#define MOST_TOLD 20

#define CLOCK_MOST 5000 /* milliseconds that two clocks may differ by */

struct database_checking {
	struct database_session session;
	struct database_state state;
	struct progress progress;
	struct name_rows rows; /* of the users of a page, by their places in it */
	struct buffer page;    /* their numbers */
	struct parameters parameters;
	uint64_t faults;
	/* Counted over all users. */
	int64_t users, newest, last_seat, words, looks;
	uint64_t wrong_keys, wrong_words, wrong_looks;
	struct buffer letters; /* of the state */
	struct buffer seen;    /* those that words begin with */
	bool misses_letters;
};

static void tell_fault(struct database_checking *checking, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell_fault(struct database_checking *checking, const char *format, ...)
{
	va_list arguments;

	progress_end(&checking->progress);
	checking->faults++;
	fputs("wrong: ", stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	fputc('\n', stdout);
}

/* paged_user_cb */
static int check_paged(void *argument, const struct paged_user *paged)
{
	struct database_checking *checking = argument;
	const struct user *user = &paged->user;
	char key[LIMIT_NAME_KEY];
	size_t length;

	checking->newest = (int64_t)user->number;
	checking->users++;
	if (checking->users == checking->state.seats)
		checking->last_seat = checking->newest;
	bool is_right = name_key_fold(user->name, user->name_length, key, &length) == RESULT_OK &&
			length == paged->key_length && memcmp(key, paged->key, length) == 0;
	if (!is_right && ++checking->wrong_keys <= MOST_TOLD)
		tell_fault(checking, "user %" PRIu64 ", %s, has the key of another name",
			user->number, PRINTABLE_BYTES(user->name, user->name_length));
	if (!is_right)
		return EX_OK;
	int32_t place = (int32_t)(checking->page.length / sizeof(user->number));
	buffer_append(&checking->page, &user->number, sizeof(user->number));
	name_rows_add_words(&checking->rows, place, key, length);
	name_rows_add_looks(&checking->rows, place, user->name, user->name_length, key, length,
		lookalike_of(user->name, user->name_length, key, length));
	return EX_OK;
}

static bool holds_text(const struct buffer *in, const char *text, size_t length)
{
	return in->length > 0 && memmem(in->bytes, in->length, text, length) != NULL;
}

static void check_letters(struct database_checking *checking)
{
	const struct name_rows *rows = &checking->rows;

	for (size_t i = 0; i < rows->letter_count; i++) {
		const char *letter = name_rows_text(rows, &rows->letters[i]);
		size_t length = rows->letters[i].length;
		if (!holds_text(&checking->letters, letter, length))
			checking->misses_letters = true;
		if (!holds_text(&checking->seen, letter, length))
			buffer_append(&checking->seen, letter, length);
	}
}

static int64_t paged_number(const struct database_checking *checking, int32_t place)
{
	uint64_t number;

	memcpy(&number, checking->page.bytes + (size_t)place * sizeof(number), sizeof(number));
	return (int64_t)number;
}

/* Adds an array of what `value` is of each row `i`. */
#define PUT_ARRAY(type, item, count, is_wanted, value)                                             \
	do {                                                                                       \
		parameters_array_begin(parameters, type);                                          \
		for (size_t i = 0; i < (count); i++)                                               \
			if (is_wanted)                                                             \
				parameters_item_##item(parameters, value);                         \
		parameters_array_end(parameters);                                                  \
	} while (0)

static void put_page_words(struct database_checking *checking)
{
	struct parameters *parameters = &checking->parameters;
	const struct name_rows *rows = &checking->rows;
	const struct name_row_word *words = rows->words;
	size_t count = rows->word_count;

	parameters_clear(parameters);
	PUT_ARRAY(TYPE_NUMBER, number, count, true, paged_number(checking, words[i].place));
	PUT_ARRAY(TYPE_SMALL, number, count, true, words[i].form);
	parameters_array_begin(parameters, TYPE_BYTES);
	for (size_t i = 0; i < count; i++)
		parameters_item_bytes(
			parameters, name_rows_text(rows, &words[i].text), words[i].text.length);
	parameters_array_end(parameters);
	PUT_ARRAY(TYPE_INTEGER, number, count, true, words[i].rank);
	PUT_ARRAY(TYPE_SMALL, number, count, true, words[i].shared);
}

static void put_page_looks(struct database_checking *checking)
{
	struct parameters *parameters = &checking->parameters;
	const struct name_row_look *looks = checking->rows.looks;
	size_t count = checking->rows.look_count;

	parameters_clear(parameters);
	PUT_ARRAY(TYPE_NUMBER, number, count, looks[i].is_kept,
		paged_number(checking, looks[i].place));
	PUT_ARRAY(TYPE_NUMBER, number, count, looks[i].is_kept, looks[i].hash);
	PUT_ARRAY(TYPE_BOOLEAN, boolean, count, looks[i].is_kept, looks[i].is_latin);
	PUT_ARRAY(TYPE_NUMBER, number, count, looks[i].is_kept, looks[i].scripts);
}

/* Tells of the users of the page whose rows lack any of those in the parameters, which `sql` finds.
 * `wrong` counts them. */
static int tell_lacking(
	struct database_checking *checking, const char *sql, const char *what, uint64_t *wrong)
{
	struct rows rows;
	int status = database_session_ask(&checking->session, sql, &checking->parameters, &rows);

	for (size_t i = 0; status == EX_OK && i < rows_count(&rows); i++) {
		if (++*wrong <= MOST_TOLD)
			tell_fault(checking, "user %" PRId64 " lacks the %s of the name",
				rows_number(&rows, i, 0), what);
	}
	return status;
}

static int check_page_words(struct database_checking *checking)
{
	put_page_words(checking);
	return tell_lacking(checking,
		"SELECT DISTINCT g.number FROM unnest($1::bigint[], $2::smallint[], $3::bytea[], "
		"$4::integer[], $5::smallint[]) AS g(number, form, text, rank, shared) "
		"WHERE NOT EXISTS (SELECT FROM rollcall.words w WHERE w.form = g.form "
		"AND w.text = g.text AND w.rank = g.rank AND w.number = g.number "
		"AND w.shared = g.shared) ORDER BY g.number",
		"words for searches", &checking->wrong_words);
}

static int check_page_looks(struct database_checking *checking)
{
	put_page_looks(checking);
	return tell_lacking(checking,
		"SELECT DISTINCT g.number FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], "
		"$4::bigint[]) AS g(number, hash, is_latin, scripts) "
		"WHERE NOT EXISTS (SELECT FROM rollcall.looks l WHERE l.hash = g.hash "
		"AND l.number = g.number AND l.is_latin = g.is_latin AND l.scripts = g.scripts) "
		"ORDER BY g.number",
		"looks", &checking->wrong_looks);
}

/* page_end_cb */
static int check_page(void *argument)
{
	struct database_checking *checking = argument;
	const struct name_rows *rows = &checking->rows;

	checking->words += (int64_t)rows->word_count;
	for (size_t i = 0; i < rows->look_count; i++)
		checking->looks += rows->looks[i].is_kept ? 1 : 0;
	check_letters(checking);
	if (checking->page.failed || checking->letters.failed || checking->seen.failed)
		return database_session_is_short();
	int status = check_page_words(checking);
	if (status == EX_OK)
		status = check_page_looks(checking);
	name_rows_clear(&checking->rows);
	buffer_clear(&checking->page);
	progress_step(&checking->progress, (uint64_t)checking->users);
	return status;
}

static int read_letters(struct database_checking *checking)
{
	struct rows rows;
	size_t length;
	int status = database_session_ask(
		&checking->session, "SELECT letters FROM rollcall.state WHERE id = 1", NULL, &rows);

	if (status != EX_OK)
		return status;
	const char *letters = rows_bytes(&rows, 0, 0, &length);
	buffer_append(&checking->letters, letters, length);
	return EX_OK;
}

static int check_users(struct database_checking *checking)
{
	progress_begin(&checking->progress, "checking", (uint64_t)checking->state.users);
	int status = user_pages_read(&checking->session, check_paged, check_page, checking);
	progress_end(&checking->progress);
	return status;
}

static void tell_rest(struct database_checking *checking, const char *what, uint64_t wrong)
{
	if (wrong > MOST_TOLD)
		tell_fault(checking, "%" PRIu64 " more users lack the %s of their names",
			wrong - MOST_TOLD, what);
}

static void compare_counts(
	struct database_checking *checking, const char *what, int64_t stored, int64_t right)
{
	if (stored != right)
		tell_fault(checking, "%s: %" PRId64 ", but it is %" PRId64 " by the users", what,
			stored, right);
}

static int check_counts(struct database_checking *checking)
{
	struct rows rows;
	int status = database_session_ask(&checking->session,
		"SELECT (SELECT count(*) FROM rollcall.words), "
		"(SELECT count(*) FROM rollcall.looks), newest, last_seat "
		"FROM rollcall.state WHERE id = 1",
		NULL, &rows);

	if (status != EX_OK)
		return status;
	tell_rest(checking, "keys", checking->wrong_keys);
	tell_rest(checking, "words for searches", checking->wrong_words);
	tell_rest(checking, "looks", checking->wrong_looks);
	compare_counts(checking, "the number of users", checking->state.users, checking->users);
	compare_counts(checking, "the newest user", rows_number(&rows, 0, 2), checking->newest);
	compare_counts(checking, "the user with the last seat", rows_number(&rows, 0, 3),
		checking->users > checking->state.seats ? checking->last_seat : 0);
	if (checking->state.next_number <= checking->newest)
		tell_fault(checking, "the next number, %" PRId64 ", has been given to a user",
			checking->state.next_number);
	if (checking->wrong_keys > 0)
		return EX_OK;
	compare_counts(checking, "words for searches", rows_number(&rows, 0, 0), checking->words);
	if (checking->misses_letters)
		tell_fault(checking, "letters that names begin with are missing");
	else if (checking->seen.length != checking->letters.length)
		tell_fault(checking, "there are letters that no name begins with");
	compare_counts(checking, "looks of names", rows_number(&rows, 0, 1), checking->looks);
	return EX_OK;
}

static int check_tables(struct database_checking *checking)
{
	struct rows rows;
	size_t length;
	int status = database_session_ask(&checking->session,
		"SELECT relname FROM pg_class WHERE relnamespace = 'rollcall'::regnamespace "
		"AND relkind = 'r' AND relpersistence <> 'p' ORDER BY relname",
		NULL, &rows);

	for (size_t i = 0; status == EX_OK && i < rows_count(&rows); i++)
		tell_fault(checking, "the table %s is unlogged: it is empty after a crash",
			PRINTABLE(rows_bytes(&rows, i, 0, &length)));
	return status;
}

/* Settings of the server, and what is not promised then. NULL: whatever it is set to, but empty. */
static const struct server_setting {
	const char *name;
	const char *weak[3];
	const char *words;
} server_settings[] = {
	{"fsync", {"off"}, "a crash of the machine can lose or damage the list"},
	{"full_page_writes", {"off"}, "a crash of the machine can damage the list"},
	{"synchronous_commit", {"off", "local"},
		"the roles of the servers set it to on, or what was acknowledged can be lost"},
	{"synchronous_standby_names", {""},
		"no standby confirms users: those acknowledged last are lost with this server"},
};

static void warn_of_setting(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(server_settings) / sizeof(server_settings[0]); i++) {
		const struct server_setting *setting = &server_settings[i];
		if (strcmp(setting->name, name) != 0)
			continue;
		for (size_t j = 0; j < 3 && setting->weak[j] != NULL; j++) {
			if (strcmp(setting->weak[j], value) == 0)
				printf("warning: %s is %s: %s\n", name,
					*value != '\0' ? value : "empty", setting->words);
		}
	}
}

static int check_settings(struct database_checking *checking)
{
	struct rows rows;
	size_t length;
	int status = database_session_ask(&checking->session,
		"SELECT name, reset_val FROM pg_settings WHERE name IN ('fsync', "
		"'full_page_writes', 'synchronous_commit', 'synchronous_standby_names') "
		"ORDER BY name",
		NULL, &rows);

	for (size_t i = 0; status == EX_OK && i < rows_count(&rows); i++)
		warn_of_setting(rows_bytes(&rows, i, 0, &length), rows_bytes(&rows, i, 1, &length));
	return status;
}

/* A node compares times of its own with those of users: what counts for a minute after a sign-up
 * (the link to leave, "just now") would never count, or for longer. */
static int check_clock(struct database_checking *checking)
{
	struct rows rows;
	int64_t asked = timestamp_now();
	int status = database_session_ask(&checking->session,
		"SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", NULL, &rows);

	if (status != EX_OK)
		return status;
	int64_t ahead = rows_number(&rows, 0, 0) - asked;
	int64_t took = timestamp_now() - asked;
	if (ahead < -CLOCK_MOST || ahead - took > CLOCK_MOST)
		printf("warning: the server's clock is %" PRId64 " s %s this machine's\n",
			(ahead < 0 ? -ahead : ahead) / 1000, ahead < 0 ? "behind" : "ahead of");
	return status;
}

static void check_unicode(struct database_checking *checking)
{
	const char *unicode = checking->state.unicode;

	printf("unicode: %s (this program: %s)\n", *unicode != '\0' ? PRINTABLE(unicode) : "any",
		username_unicode_version());
	if (*unicode != '\0' && strcmp(unicode, username_unicode_version()) != 0)
		puts("warning: servers of this program do not use it before 'rollcall migrate'");
}

static int check_all(struct database_checking *checking)
{
	int status = database_session_state(&checking->session, false, &checking->state);

	if (status != EX_OK)
		return status;
	printf("users: %" PRId64 "\nnext number: %" PRId64 "\nschema: %" PRId64 "\n",
		checking->state.users, checking->state.next_number, checking->state.schema);
	check_unicode(checking);
	status = read_letters(checking);
	if (status == EX_OK)
		status = check_users(checking);
	if (status == EX_OK)
		status = check_counts(checking);
	if (status == EX_OK)
		status = check_tables(checking);
	if (status == EX_OK)
		status = check_settings(checking);
	return status == EX_OK ? check_clock(checking) : status;
}

int database_check(const struct database_place *place)
{
	struct database_checking checking = {.faults = 0};
	int status = database_session_open(&checking.session, place);

	/* Rows of a page are looked for by index, however many the server thinks they are. */
	if (status == EX_OK)
		status = database_session_run(&checking.session,
			"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
			"SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off");
	if (status == EX_OK)
		status = check_all(&checking);
	if (status == EX_OK && checking.faults == 0)
		printf("%s is good\n", PRINTABLE(checking.session.address.text));
	name_rows_free(&checking.rows);
	parameters_free(&checking.parameters);
	buffer_free(&checking.page);
	buffer_free(&checking.letters);
	buffer_free(&checking.seen);
	database_session_close(&checking.session);
	return status == EX_OK && checking.faults > 0 ? EX_DATAERR : status;
}
