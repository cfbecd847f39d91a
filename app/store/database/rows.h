#ifndef ROLLCALL_STORE_DATABASE_ROWS_H
#define ROLLCALL_STORE_DATABASE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/database/libpq.h"

/*
 * What a query gave, in PostgreSQL's binary form. Rows and columns count from 0. What is not there,
 * or is not of the type that was asked for, is 0, false, or no bytes: a server that gives something
 * else than it was asked for may make answers wrong, but not the program's memory.
 */
struct rows {
	const struct libpq *libpq;
	const PGresult *result;
};

size_t rows_count(const struct rows *rows);

/* Also what is not there. */
bool rows_is_null(const struct rows *rows, size_t row, size_t column);

/* Of bigint, integer or smallint. */
int64_t rows_number(const struct rows *rows, size_t row, size_t column);

bool rows_boolean(const struct rows *rows, size_t row, size_t column);

/* Of text or bytea; terminated besides. Never NULL. Valid as long as the rows. */
const char *rows_bytes(const struct rows *rows, size_t row, size_t column, size_t *length);

#endif
