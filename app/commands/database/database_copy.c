/*
 * The binary form of COPY: a signature, two empty words, and for each row the number of its
 * columns, and each of them behind its length. Numbers are in network order.
 */
#include "commands/database/database_copy.h"

#include <sysexits.h>

#include "base/limit.h"

/* PQputCopyData() takes an int, and sends in pieces anyway. */
#define PIECE (1 << 20)

static const char copy_head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

static void append_big_endian(struct buffer *out, uint64_t number, size_t size)
{
	char bytes[sizeof(number)];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(number >> (8 * (size - 1 - i)));
	buffer_append(out, bytes, size);
}

void database_copy_row(struct database_copy *copy, int columns)
{
	if (copy->rows.length == 0)
		buffer_append(&copy->rows, copy_head, sizeof(copy_head));
	append_big_endian(&copy->rows, (uint64_t)columns, 2);
}

static void append_column(struct database_copy *copy, int64_t number, size_t size)
{
	append_big_endian(&copy->rows, size, 4);
	append_big_endian(&copy->rows, (uint64_t)number, size);
}

void database_copy_number(struct database_copy *copy, int64_t number)
{
	append_column(copy, number, 8);
}

void database_copy_integer(struct database_copy *copy, int32_t number)
{
	append_column(copy, number, 4);
}

void database_copy_small(struct database_copy *copy, int16_t number)
{
	append_column(copy, number, 2);
}

void database_copy_boolean(struct database_copy *copy, bool value)
{
	append_column(copy, value ? 1 : 0, 1);
}

void database_copy_bytes(struct database_copy *copy, const void *bytes, size_t length)
{
	append_big_endian(&copy->rows, length, 4);
	buffer_append(&copy->rows, bytes, length);
}

static bool put_rows(struct database_session *session, const struct buffer *rows)
{
	const struct libpq *libpq = &session->libpq;

	for (size_t done = 0; done < rows->length; done += PIECE) {
		size_t left = rows->length - done;
		if (libpq->PQputCopyData(session->connection, rows->bytes + done,
			    (int)(left < PIECE ? left : PIECE)) != 1)
			return false;
	}
	return libpq->PQputCopyEnd(session->connection, NULL) == 1;
}

int database_copy_send(
	struct database_copy *copy, struct database_session *session, const char *sql)
{
	struct buffer *rows = &copy->rows;

	if (rows->length == 0 && !rows->failed)
		return EX_OK;
	append_big_endian(rows, UINT16_MAX, 2);
	if (rows->failed)
		return database_session_is_short();
	int status = database_session_run(session, sql);
	if (status == EX_OK)
		status = put_rows(session, rows) ? database_session_end_copy(session)
						 : database_session_failed(session);
	buffer_clear(rows);
	return status;
}

void database_copy_free(struct database_copy *copy)
{
	buffer_free(&copy->rows);
}
