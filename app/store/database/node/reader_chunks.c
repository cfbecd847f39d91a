/*
 * Users of long ago for live lists that are far behind: some chunks, each of which serves all lists
 * that are within it, so that those that went away together read the same one. A list reads a part
 * at a time, at its client's pace. So a chunk stays until its place is needed, and the one that
 * nobody has read for longest goes first; one that nobody has read yet is given some time.
 */
#include <stdlib.h>

#include "store/database/node/database_statements.h"
#include "store/database/node/kept_users.h"
#include "store/database/node/reader_state.h"
#include "store/database/node/reading_page.h"

static link_answered_cb on_chunk_answered;

void reader_chunks_begin(struct reader *reader)
{
	for (size_t i = 0; i < READER_CHUNKS; i++) {
		struct reader_chunk *chunk = &reader->chunks[i];
		chunk->reader = reader;
		chunk->query.statement = &reading_statements[READING_PAGE];
		chunk->query.timeout_ms = READER_ANSWER_MS;
		chunk->query.answered = on_chunk_answered;
		chunk->query.argument = chunk;
	}
}

static void drop_chunk(struct reader_chunk *chunk)
{
	while (chunk->count > 0)
		free(chunk->users[--chunk->count]);
	chunk->is_there = chunk->is_read = false;
}

void reader_chunks_end(struct reader *reader)
{
	for (size_t i = 0; i < READER_CHUNKS; i++) {
		drop_chunk(&reader->chunks[i]);
		parameters_free(&reader->chunks[i].query.parameters);
	}
}

static uint64_t number_at(const struct reader_chunk *chunk, size_t place)
{
	return kept_user_of(chunk->users[place]).number;
}

/* Whether it knows what is next after the position. If nothing was, that is good for one answer. */
static bool has_next(const struct reader_chunk *chunk, uint64_t position)
{
	if (!chunk->is_there || chunk->count == 0)
		return chunk->is_there && position == chunk->position;
	return position >= chunk->position && position < number_at(chunk, chunk->count - 1);
}

/* Its users have every change that the head has: a live list is told of those before it reads. */
static bool is_current(const struct reader_chunk *chunk)
{
	uint64_t change = head_view(chunk->reader->settings.head)->change;

	return chunk->change >= change && chunk->change - change <= LIMIT_HISTORY;
}

static void read_chunk(struct reader_chunk *chunk, uint64_t position, struct user *users,
	size_t most, struct store_news *news)
{
	uint64_t newest = head_view(chunk->reader->settings.head)->newest;
	size_t first = 0;

	chunk->used = uv_now(chunk->reader->settings.loop);
	chunk->is_read = true;
	chunk->is_there = chunk->count > 0;
	while (first < chunk->count && number_at(chunk, first) <= position)
		first++;
	size_t left = chunk->count - first;
	news->count = left < most ? left : most;
	news->has_more = news->count > 0 && number_at(chunk, first + news->count - 1) < newest;
	for (size_t i = 0; i < news->count; i++)
		users[i] = kept_user_of(chunk->users[first + i]);
}

static bool can_go(const struct reader_chunk *chunk)
{
	return !chunk->is_there || chunk->is_read || !is_current(chunk) ||
	       uv_now(chunk->reader->settings.loop) - chunk->used >= READER_UNREAD_MS;
}

/* NULL: there is none. */
static struct reader_chunk *find_place_for_chunk(struct reader *reader)
{
	struct reader_chunk *place = NULL;

	for (size_t i = 0; i < READER_CHUNKS; i++) {
		struct reader_chunk *chunk = &reader->chunks[i];
		if (chunk->is_asked || !can_go(chunk))
			continue;
		if (!chunk->is_there)
			return chunk;
		if (place == NULL || chunk->used < place->used)
			place = chunk;
	}
	return place;
}

static void ask_chunk(struct reader_chunk *chunk, uint64_t position)
{
	const struct reader *reader = chunk->reader;
	const struct store_question question = {
		.from = STORE_NEWER_THAN, .number = position, .most = LIMIT_PAGE_MOST};

	drop_chunk(chunk);
	chunk->is_asked = true;
	chunk->position = position;
	parameters_clear(&chunk->query.parameters);
	head_limits_parameters(reader->settings.head, true, &chunk->query.parameters);
	reading_page_write(&question, &chunk->query.parameters);
	link_send(reader->link, &chunk->query);
}

static void keep_chunk(struct reader_chunk *chunk, const struct rows *rows)
{
	const struct reading_users found = reading_users_find(rows);

	chunk->change = head_change_of(chunk->reader->settings.head, rows);
	while (chunk->count < found.behind && chunk->count < LIMIT_PAGE_MOST) {
		const struct user user = reading_user(rows, found.first + chunk->count);
		chunk->users[chunk->count++] = kept_user_copy(&user);
	}
	chunk->is_there = true;
	chunk->used = uv_now(chunk->reader->settings.loop);
}

static void on_chunk_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct reader_chunk *chunk = argument;
	struct reader *reader = chunk->reader;

	(void)sqlstate;
	chunk->is_asked = false;
	if (outcome == LINK_DONE)
		keep_chunk(chunk, rows);
	reader->settings.fetched(reader->settings.argument);
}

bool reader_chunks_read(struct reader *reader, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	for (size_t i = 0; i < READER_CHUNKS; i++) {
		struct reader_chunk *chunk = &reader->chunks[i];
		if (chunk->is_asked && chunk->position == position)
			return false;
		if (has_next(chunk, position) && is_current(chunk)) {
			read_chunk(chunk, position, users, most, news);
			return true;
		}
	}
	if (!link_is_ready(reader->link))
		return false;
	struct reader_chunk *place = find_place_for_chunk(reader);
	if (place != NULL)
		ask_chunk(place, position);
	else
		reader->lacks_chunk = true;
	return false;
}

void reader_chunks_retry(struct reader *reader)
{
	bool lacks_chunk = reader->lacks_chunk;

	reader->lacks_chunk = false;
	if (lacks_chunk)
		reader->settings.fetched(reader->settings.argument);
}
