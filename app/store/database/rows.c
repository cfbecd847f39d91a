/*
 * Reads the binary form of a few types. libpq checks only that a row and a column are there; each
 * read here also checks that the value is not NULL, is binary, and is as wide as its type. So a
 * server with another schema, or a damaged answer, gives zeros and no reads past the end.
 */
#include "store/database/rows.h"

#include <endian.h>
#include <limits.h>
#include <string.h>

static const char *row_value(const struct rows *rows, size_t row, size_t column, size_t *length);

size_t rows_count(const struct rows *rows)
{
	int count = rows->libpq->PQntuples(rows->result);

	return count > 0 ? (size_t)count : 0;
}

bool rows_is_null(const struct rows *rows, size_t row, size_t column)
{
	size_t length;

	return row_value(rows, row, column, &length) == NULL;
}

int64_t rows_number(const struct rows *rows, size_t row, size_t column)
{
	union {
		uint64_t wide;
		uint32_t middle;
		uint16_t narrow;
	} sent;
	size_t length;
	const char *value = row_value(rows, row, column, &length);

	if (value == NULL || length > sizeof(sent))
		return 0;
	memcpy(&sent, value, length);
	return length == sizeof(sent.wide)     ? (int64_t)be64toh(sent.wide)
	       : length == sizeof(sent.middle) ? (int32_t)be32toh(sent.middle)
	       : length == sizeof(sent.narrow) ? (int16_t)be16toh(sent.narrow)
					       : 0;
}

bool rows_boolean(const struct rows *rows, size_t row, size_t column)
{
	size_t length;
	const char *value = row_value(rows, row, column, &length);

	return value != NULL && length == 1 && *value != 0;
}

const char *rows_bytes(const struct rows *rows, size_t row, size_t column, size_t *length)
{
	const char *value = row_value(rows, row, column, length);

	return value != NULL ? value : "";
}

/* NULL, and no length: there is none, or it is NULL. */
static const char *row_value(const struct rows *rows, size_t row, size_t column, size_t *length)
{
	const struct libpq *libpq = rows->libpq;
	int fields = libpq->PQnfields(rows->result);

	*length = 0;
	if (row >= rows_count(rows) || fields < 0 || column >= (size_t)fields ||
		!libpq->PQbinaryTuples(rows->result) ||
		libpq->PQgetisnull(rows->result, (int)row, (int)column))
		return NULL;
	*length = (size_t)libpq->PQgetlength(rows->result, (int)row, (int)column);
	return libpq->PQgetvalue(rows->result, (int)row, (int)column);
}
