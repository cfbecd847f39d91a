/*
 * A store over a flat file of any bytes: it opens, or says a reason and leaves the file as it is.
 * One that opens has the users that its records add up to, whichever way they are read: counted, in
 * pages from both ends, by number, by name and by search; and it opens again with the same.
 */
#include "store/flat_file/flat_file_store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/store/memory_lock.h"
#include "fuzz/store/sealed_lines.h"
#include "store/flat_file/claim.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"
#include "store/names/name_key.h"
#include "support/disk/simulated_disk.h"

#define LISTED_MOST 512

/* The users, as a plain reader of the file has them, oldest first. */
struct listing {
	struct user users[LISTED_MOST];
	size_t count;
	uint64_t last; /* the greatest number that was ever given */
};

static uv_loop_t loop;
static struct log *quiet;

static void begin_once(void)
{
	if (quiet != NULL)
		return;
	must(uv_loop_init(&loop) == 0);
	quiet = log_open(open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_ERROR);
	must(quiet != NULL);
}

/* The plain reader */

static struct user *find_listed(struct listing *listing, uint64_t number)
{
	for (size_t i = 0; i < listing->count; i++)
		if (listing->users[i].number == number)
			return &listing->users[i];
	return NULL;
}

/* The store has opened, so every record up to the first that cannot be read is one that fits. */
static void list_record(struct listing *listing, const struct record *record)
{
	struct user *user = find_listed(listing, record->number);

	switch (record->operation) {
	case OPERATION_CREATED:
		must(listing->count < LISTED_MOST && record->number > listing->last);
		listing->users[listing->count++] = (struct user){.number = record->number,
			.created = record->time,
			.name = record->name,
			.name_length = record->name_length};
		listing->last = record->number;
		return;
	case OPERATION_REMOVED:
		must(user != NULL && user_is_called(user, record->name, record->name_length));
		listing->count--;
		memmove(user, user + 1,
			(size_t)(listing->users + listing->count - user) * sizeof(*user));
		return;
	case OPERATION_RENAMED:
		must(user != NULL);
		user->name = record->name;
		user->name_length = record->name_length;
		return;
	case OPERATION_SET:
		return;
	}
}

static void list_file(struct listing *listing, const struct buffer *file)
{
	const char *at = file->bytes, *last = at + file->length;
	const char *end = memchr(at, '\n', file->length);
	struct header header;

	must(end != NULL);
	must(header_parse(at, (size_t)(end - at), &header) == RESULT_OK);
	listing->count = 0;
	listing->last = 0;
	for (at = end + 1; at < last; at = end + 1) {
		struct record record;
		end = memchr(at, '\n', (size_t)(last - at));
		end = end != NULL ? end : last;
		if (record_parse(at, (size_t)(end - at), &record) != RESULT_OK)
			break;
		list_record(listing, &record);
	}
	if (header.numbered > listing->last)
		listing->last = header.numbered;
}

/* What the store answers */

struct asked {
	struct user users[LIMIT_PAGE_MOST];
	struct store_answer answer;
	struct user beside;
};

static void on_answer(void *argument, const struct store_answer *answer)
{
	struct asked *asked = argument;

	must(answer->result == RESULT_OK && answer->count <= LIMIT_PAGE_MOST);
	asked->answer = *answer;
	if (answer->count > 0)
		memcpy(asked->users, answer->users, answer->count * sizeof(*answer->users));
	if (answer->beside != NULL)
		asked->beside = *answer->beside;
}

static void ask_store(
	struct store *store, const struct store_question *question, struct asked *asked)
{
	asked->answer = (struct store_answer){.result = RESULT_MISSING};
	must(store_ask(store, question, on_answer, asked) == NULL);
	must(asked->answer.result == RESULT_OK);
}

static void must_be_user(const struct user *user, const struct user *listed)
{
	must(user->number == listed->number && user->created == listed->created);
	must(user_is_called(user, listed->name, listed->name_length));
}

/* The users on a page, newest first, of which `newer` are not on it and before it. */
static void must_be_list_page(
	const struct asked *asked, const struct listing *listing, size_t newer, size_t most)
{
	size_t left = listing->count - newer, count = left < most ? left : most;

	must(asked->answer.count == count);
	must(asked->answer.has_previous == (newer > 0) && asked->answer.has_next == (left > most));
	for (size_t i = 0; i < count; i++)
		must_be_user(&asked->users[i], &listing->users[listing->count - 1 - newer - i]);
}

static void check_list_pages(struct store *store, const struct listing *listing, size_t most)
{
	static struct asked asked;
	struct store_question question = {.from = STORE_NEWEST, .most = most};
	size_t newer = 0;

	do {
		ask_store(store, &question, &asked);
		must_be_list_page(&asked, listing, newer, most);
		newer += asked.answer.count;
		question.from = STORE_OLDER_THAN;
		question.number = newer > 0 ? asked.users[asked.answer.count - 1].number : 0;
	} while (newer < listing->count);
	question.from = STORE_NEWER_THAN;
	question.number = 0;
	for (size_t older = 0; older < listing->count; older += asked.answer.count) {
		size_t left = listing->count - older;
		ask_store(store, &question, &asked);
		must(asked.answer.count == (left < most ? left : most));
		must(asked.answer.has_next == (older > 0));
		must(asked.answer.has_previous == (left > most));
		question.number = asked.users[0].number;
		must_be_user(&asked.users[0], &listing->users[older + asked.answer.count - 1]);
	}
}

static bool is_among(const struct asked *asked, const struct user *user)
{
	for (size_t i = 0; i < asked->answer.count; i++)
		if (asked->users[i].number == user->number)
			return true;
	return false;
}

static void check_listed_user(struct store *store, const struct user *user)
{
	static struct asked asked;
	struct username name = {.length = user->name_length}, accepted;
	struct search search = {.from = SEARCH_FIRST};

	must(name_key_fold(user->name, user->name_length, name.key, &name.key_length) == RESULT_OK);
	memcpy(name.text, user->name, user->name_length);
	ask_store(store,
		&(struct store_question){
			.named = &name, .most = LIMIT_PAGE_MOST, .beside = user->number},
		&asked);
	must(asked.answer.beside != NULL);
	must_be_user(&asked.beside, user);
	must(asked.answer.found >= 1 && is_among(&asked, user));
	must(user_is_called(&asked.users[0], user->name, user->name_length));
	if (username_parse(user->name, user->name_length, &accepted) != USERNAME_FINE ||
		!user_is_called(user, accepted.text, accepted.length))
		return;
	must(username_parse_beginning(accepted.text, accepted.length, &search.beginning) ==
		USERNAME_FINE);
	ask_store(store, &(struct store_question){.search = &search, .most = LIMIT_PAGE_MOST},
		&asked);
	must(is_among(&asked, user));
}

/* Each letter that the list has a link for finds users. */
static void check_letters(struct store *store, const char *letters)
{
	static struct asked asked;
	struct search search = {.from = SEARCH_FIRST};

	for (size_t step; *letters != '\0'; letters += step) {
		int32_t point;
		step = utf8_decode(letters, strlen(letters), &point);
		must(step > 0);
		if (*letters == ' ')
			continue;
		must(username_parse_beginning(letters, step, &search.beginning) == USERNAME_FINE);
		ask_store(store, &(struct store_question){.search = &search, .most = 1}, &asked);
		must(asked.answer.count == 1);
	}
}

static void check_news(struct store *store, const struct listing *listing)
{
	static struct user users[LISTED_MOST];
	struct store_news news;

	must(store_newer(store, 0, users, LISTED_MOST, &news));
	must(news.count == listing->count && !news.has_more);
	for (size_t i = 0; i < news.count; i++)
		must_be_user(&users[i], &listing->users[i]);
}

static void check_store(struct store *store, const struct listing *listing, size_t most)
{
	const struct store_view *view = store_view(store, 0);
	size_t count = listing->count;

	must(view != NULL && view->users == count);
	must(view->newest == (count > 0 ? listing->users[count - 1].number : 0));
	must(view->last == listing->last);
	check_list_pages(store, listing, most);
	check_news(store, listing);
	for (size_t i = 0; i < count; i++)
		check_listed_user(store, &listing->users[i]);
	check_letters(store, view->letters);
}

/* Files */

static enum result open_file_store(
	struct simulated_disk *disk, struct store **store, struct reason *reason)
{
	const struct flat_file_store_settings settings = {.loop = &loop,
		.log = quiet,
		.vfs = simulated_disk_table(disk),
		.directory = "data",
		.limits = {.max_users = LIMIT_USERS}};

	*reason = (struct reason){0};
	return flat_file_store_open(&settings, store, reason);
}

static void close_file_store(struct store *store)
{
	store_stop(store);
	uv_run(&loop, UV_RUN_DEFAULT);
	store_close(store);
}

static void must_be_file(const struct simulated_disk *disk, const struct buffer *file)
{
	const struct buffer *there = simulated_disk_visible(disk, JOURNAL_NAME);

	must(there != NULL && there->length == file->length);
	must(file->length == 0 || memcmp(there->bytes, file->bytes, file->length) == 0);
}

/* After a clean end nothing is to be done. */
static void check_again(struct simulated_disk *disk, const struct listing *listing, size_t most)
{
	struct buffer before = {0};
	struct store *store;
	struct reason reason;
	const struct buffer *there = simulated_disk_visible(disk, JOURNAL_NAME);

	must(memory_lock_is_clean() && simulated_disk_is_settled(disk, JOURNAL_NAME));
	buffer_append(&before, there->bytes, there->length);
	must(before.length > 0 && before.bytes[before.length - 1] == '\n');
	must(open_file_store(disk, &store, &reason) == RESULT_OK);
	check_store(store, listing, most);
	close_file_store(store);
	must_be_file(disk, &before);
	buffer_free(&before);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct listing listing;
	struct fuzz_input input = {bytes, length < 2048 ? length : 2048};
	struct buffer file = {0};
	struct store *store;
	struct reason reason;

	begin_once();
	memory_lock_set(fuzz_take_below(&input, 2) == 1);
	size_t most = fuzz_take_below(&input, 8) + 1;
	sealed_lines_make(&file, input.bytes, input.length);
	struct simulated_disk *disk = simulated_disk_open(1);
	simulated_disk_put(disk, JOURNAL_NAME, &file, true);
	if (open_file_store(disk, &store, &reason) == RESULT_OK) {
		list_file(&listing, &file);
		check_store(store, &listing, most);
		close_file_store(store);
		check_again(disk, &listing, most);
	} else {
		must(reason.text[0] != '\0');
		must_be_file(disk, &file);
	}
	must(!memory_lock_is_held());
	simulated_disk_close(disk);
	buffer_free(&file);
	return 0;
}
