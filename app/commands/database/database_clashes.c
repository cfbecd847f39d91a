/*
 * Names of a list against those of the database: keys by the index of keys, looks by that of looks,
 * and names in ASCII that look the same by their keys. What looks alike in the end is decided here,
 * by the function that decides it everywhere; the indexes only say who is to be looked at.
 */
#include "commands/database/database_clashes.h"

#include <sysexits.h>

#include "base/reason.h"
#include "store/database/name_rows.h"
#include "store/names/lookalike.h"
#include "store/names/username.h"
#include "store/refused_row.h"

#define MOST_AT_ONCE 5000

struct clash_query {
	struct database_session *session;
	struct listed_users *users;
	struct parameters keys; /* places, keys */
	struct parameters looks;
	struct parameters alikes;
	struct name_rows rows; /* looks only */
};

static void refuse_clash(struct clash_query *query, size_t place, enum result result,
	const struct rows *rows, size_t row)
{
	struct listed_user *listed = &query->users->users[place];
	struct user holder = {.number = (uint64_t)rows_number(rows, row, 1)};
	struct reason reason;

	holder.name = rows_bytes(rows, row, 2, &holder.name_length);
	const struct user user = listed_users_at(query->users, place);
	if (listed->is_refused ||
		(result == RESULT_ALIKE && !lookalike_is_pair(user.name, user.name_length,
						   holder.name, holder.name_length)))
		return;
	refused_row_held(&reason, result, &holder, 0);
	listed->is_refused = true;
	listed_users_refuse(query->users, listed->line, reason.text);
}

static int ask_for_clashes(struct clash_query *query, const char *sql,
	const struct parameters *parameters, enum result result)
{
	struct rows rows;
	int status = database_session_ask(query->session, sql, parameters, &rows);

	for (size_t i = 0; status == EX_OK && i < rows_count(&rows); i++) {
		int64_t place = rows_number(&rows, i, 0);
		if (place >= 0 && (size_t)place < query->users->count)
			refuse_clash(query, (size_t)place, result, &rows, i);
	}
	return status;
}

static void put_places_and_keys(struct clash_query *query, size_t first, size_t end)
{
	struct parameters *keys = &query->keys;
	struct username username;

	parameters_array_begin(keys, TYPE_INTEGER);
	for (size_t i = first; i < end; i++) {
		if (!query->users->users[i].is_refused)
			parameters_item_number(keys, (int64_t)i);
	}
	parameters_array_end(keys);
	parameters_array_begin(keys, TYPE_BYTES);
	for (size_t i = first; i < end; i++) {
		const struct user user = listed_users_at(query->users, i);
		if (query->users->users[i].is_refused ||
			username_parse(user.name, user.name_length, &username) != USERNAME_FINE)
			continue;
		parameters_item_bytes(keys, username.key, username.key_length);
		name_rows_add_looks(&query->rows, (int32_t)i, username.text, username.length,
			username.key, username.key_length, username.lookalike);
	}
	parameters_array_end(keys);
}

static void put_looks(struct clash_query *query)
{
	const struct name_rows *rows = &query->rows;
	struct parameters *looks = &query->looks;

	parameters_array_begin(looks, TYPE_INTEGER);
	for (size_t i = 0; i < rows->look_count; i++)
		parameters_item_number(looks, rows->looks[i].place);
	parameters_array_end(looks);
	parameters_array_begin(looks, TYPE_NUMBER);
	for (size_t i = 0; i < rows->look_count; i++)
		parameters_item_number(looks, rows->looks[i].hash);
	parameters_array_end(looks);
}

static void put_alikes(struct clash_query *query)
{
	const struct name_rows *rows = &query->rows;
	struct parameters *alikes = &query->alikes;

	parameters_array_begin(alikes, TYPE_INTEGER);
	for (size_t i = 0; i < rows->alike_count; i++)
		parameters_item_number(alikes, rows->alikes[i].place);
	parameters_array_end(alikes);
	parameters_array_begin(alikes, TYPE_BYTES);
	for (size_t i = 0; i < rows->alike_count; i++)
		parameters_item_bytes(alikes, name_rows_text(rows, &rows->alikes[i].key),
			rows->alikes[i].key.length);
	parameters_array_end(alikes);
}

static int find_clashes(struct clash_query *query)
{
	int status = ask_for_clashes(query,
		"SELECT g.place, u.number, u.name "
		"FROM unnest($1::integer[], $2::bytea[]) AS g(place, key) "
		"JOIN rollcall.users u ON u.key = g.key ORDER BY g.place, u.number",
		&query->keys, RESULT_TAKEN);

	if (status == EX_OK && query->rows.look_count > 0)
		status = ask_for_clashes(query,
			"SELECT g.place, u.number, u.name "
			"FROM unnest($1::integer[], $2::bigint[]) AS g(place, hash) "
			"JOIN rollcall.looks l ON l.hash = g.hash "
			"JOIN rollcall.users u ON u.number = l.number ORDER BY g.place, u.number",
			&query->looks, RESULT_ALIKE);
	if (status == EX_OK && query->rows.alike_count > 0)
		status = ask_for_clashes(query,
			"SELECT g.place, u.number, u.name "
			"FROM unnest($1::integer[], $2::bytea[]) AS g(place, key) "
			"JOIN rollcall.users u ON u.key = g.key ORDER BY g.place, u.number",
			&query->alikes, RESULT_ALIKE);
	return status;
}

int database_clashes_find(
	struct database_session *session, struct listed_users *users, size_t *place)
{
	struct clash_query query = {.session = session, .users = users};
	size_t left = users->count - *place;
	size_t end = *place + (left < MOST_AT_ONCE ? left : MOST_AT_ONCE);

	put_places_and_keys(&query, *place, end);
	*place = end;
	put_looks(&query);
	put_alikes(&query);
	int status = find_clashes(&query);
	parameters_free(&query.keys);
	parameters_free(&query.looks);
	parameters_free(&query.alikes);
	name_rows_free(&query.rows);
	return status;
}
