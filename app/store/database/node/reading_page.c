/*
 * Pages of the list next to a number, as parameters of a statement and as rows of its answer. It
 * asks for one user more than wanted, and for one on the other side: these say whether the page has
 * neighbours, which saves a second question.
 */
#include "store/database/node/reading_page.h"

void reading_page_write(const struct store_question *question, struct parameters *parameters)
{
	bool is_newer = question->from == STORE_NEWER_THAN;
	uint64_t position = question->from == STORE_NEWEST ? UINT64_MAX : question->number;
	size_t most = question->most;

	if (is_newer && position < UINT64_MAX)
		position++;
	parameters_unsigned(parameters, position);
	parameters_unsigned(parameters, most == 0 ? 0 : is_newer ? 1 : most + 1);
	parameters_unsigned(parameters, most == 0 ? 0 : is_newer ? most + 1 : 1);
	parameters_unsigned(parameters, question->beside);
}

bool reading_row_find(const struct rows *rows, enum reading_row kind, size_t *row)
{
	size_t count = rows_count(rows);

	for (*row = 0; *row < count; ++*row) {
		if (rows_number(rows, *row, READING_KIND) == (int)kind)
			return true;
	}
	return false;
}

struct reading_users reading_users_find(const struct rows *rows)
{
	struct reading_users users = {0};
	size_t count = rows_count(rows), row;

	if (!reading_row_find(rows, READING_USER, &row))
		return users;
	for (; row < count && rows_number(rows, row, READING_KIND) == READING_USER; row++) {
		if (rows_number(rows, row, READING_PLACE) < 0)
			users.before++;
		else
			users.behind++;
	}
	users.first = row - users.behind;
	return users;
}

struct user reading_user(const struct rows *rows, size_t row)
{
	struct user user = {.number = (uint64_t)rows_number(rows, row, READING_NUMBER),
		.created = rows_number(rows, row, READING_CREATED)};

	user.name = rows_bytes(rows, row, READING_NAME, &user.name_length);
	return user;
}

/* Rows go from the oldest user to the newest, a page the other way. */
void reading_page_read(const struct rows *rows, const struct store_question *question,
	struct user *users, struct store_answer *answer)
{
	const struct reading_users found = reading_users_find(rows);
	bool is_newer = question->from == STORE_NEWER_THAN;
	size_t there = is_newer ? found.behind : found.before;

	answer->count = there < question->most ? there : question->most;
	size_t end = is_newer ? found.first + answer->count : found.first;
	for (size_t i = 0; i < answer->count; i++)
		users[i] = reading_user(rows, end - 1 - i);
	answer->has_previous = is_newer ? there > question->most : found.behind > 0;
	answer->has_next = is_newer ? found.before > 0 : there > question->most;
}

void reading_named_write(const struct store_question *question, struct parameters *parameters)
{
	parameters_bytes(parameters, question->named->key, question->named->key_length);
	parameters_unsigned(parameters, question->beside);
}

/* In the database no two users have the same key. */
void reading_named_read(const struct rows *rows, const struct store_question *question,
	struct user *users, struct store_answer *answer)
{
	const struct reading_users found = reading_users_find(rows);

	answer->found = found.behind;
	answer->count = found.behind < question->most ? found.behind : question->most;
	answer->has_next = answer->found > answer->count;
	for (size_t i = 0; i < answer->count; i++)
		users[i] = reading_user(rows, found.first + i);
}
