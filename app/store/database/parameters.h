#ifndef ROLLCALL_STORE_DATABASE_PARAMETERS_H
#define ROLLCALL_STORE_DATABASE_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/database/libpq.h"

/*
 * The parameters of a statement, in PostgreSQL's binary form, in one buffer that is used again:
 *
 *	parameters_clear(&p);
 *	parameters_number(&p, node);
 *	parameters_array_begin(&p, TYPE_TEXT);
 *	parameters_item_bytes(&p, name, length);
 *	parameters_array_end(&p);
 *
 * A zeroed struct has none. Each must be of the type that the statement's `types` have for its
 * place. If memory is short, the buffer has failed, and link_send() takes that for a lost
 * connection.
 */

/* As pg_type has them, which never changes. */
enum database_type {
	TYPE_BOOLEAN = 16,
	TYPE_BYTES = 17,  /* bytea */
	TYPE_NUMBER = 20, /* bigint */
	TYPE_SMALL = 21,  /* smallint */
	TYPE_INTEGER = 23,
	TYPE_TEXT = 25,
	TYPE_BOOLEANS = 1000, /* arrays of these */
	TYPE_ALL_BYTES = 1001,
	TYPE_SMALLS = 1005,
	TYPE_INTEGERS = 1007,
	TYPE_TEXTS = 1009,
	TYPE_NUMBERS = 1016,
};

#define PARAMETERS_MOST 40

struct parameters {
	struct buffer bytes;
	struct {
		size_t offset;
		int length; /* -1: NULL */
	} values[PARAMETERS_MOST];
	int count;
	/* Of the array that is being built. */
	Oid element;
	uint32_t items;
	bool has_null;
};

/* Forgets all, keeps the memory. */
void parameters_clear(struct parameters *parameters);
void parameters_free(struct parameters *parameters);

void parameters_number(struct parameters *parameters, int64_t number); /* TYPE_NUMBER */
/* The same; a number that TYPE_NUMBER has not becomes the greatest that it has. */
void parameters_unsigned(struct parameters *parameters, uint64_t number);
void parameters_boolean(struct parameters *parameters, bool value);
void parameters_text(struct parameters *parameters, const char *text, size_t length);
void parameters_bytes(struct parameters *parameters, const void *bytes, size_t length);
void parameters_null(struct parameters *parameters); /* of any type */

/* An array of elements of one type: TYPE_NUMBER, not TYPE_NUMBERS. There is one at a time. */
void parameters_array_begin(struct parameters *parameters, Oid element);
/* As wide as the element: TYPE_NUMBER, TYPE_INTEGER or TYPE_SMALL. */
void parameters_item_number(struct parameters *parameters, int64_t number);
void parameters_item_boolean(struct parameters *parameters, bool value);
void parameters_item_text(struct parameters *parameters, const char *text, size_t length);
void parameters_item_bytes(struct parameters *parameters, const void *bytes, size_t length);
void parameters_item_null(struct parameters *parameters);
void parameters_array_end(struct parameters *parameters);

/* As PQexecParams() and its like take them, valid until the parameters change. Not to be used if
 * `bytes` has failed. */
struct parameter_list {
	const char *values[PARAMETERS_MOST];
	int lengths[PARAMETERS_MOST];
	int formats[PARAMETERS_MOST];
};

void parameters_list(const struct parameters *parameters, struct parameter_list *list);

#endif
