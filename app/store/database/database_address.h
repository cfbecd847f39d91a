#ifndef ROLLCALL_STORE_DATABASE_DATABASE_ADDRESS_H
#define ROLLCALL_STORE_DATABASE_DATABASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/reason.h"
#include "base/result.h"
#include "store/database/libpq.h"

/*
 * Where a database is: postgresql://USER@HOST:PORT,HOST:PORT/DATABASE?OPTION=VALUE, as libpq has
 * it, or its other form, host=… dbname=…. What is refused is what would be unsafe.
 */

struct database_host {
	char *name;    /* a host's name or address; or, from a slash on, the folder of a socket */
	char *address; /* its numeric address, if that was given beside the name; or NULL */
	char *port;    /* never empty */
	bool is_socket;
};

/* Of all hosts, as libpq has them: with commas between. */
struct database_lists {
	char *names;
	char *addresses;
	char *ports;
};

struct database_address {
	struct database_host *hosts; /* one at least, in the order in which they are tried */
	size_t host_count;
	struct database_lists lists;
	/* libpq's other words, the password not among them. */
	char **keywords;
	char **values;
	size_t word_count;
	/* Of $CREDENTIALS_DIRECTORY/database-password; NULL: there is none, and libpq looks for
	 * one in PGPASSFILE. A secret. */
	char *password;
	char *text; /* for logs: postgresql://USER@HOSTS/DATABASE; it never has a secret */
};

/*
 * Takes a URL apart. RESULT_MALFORMED, with the reason: it is none; it has a password, which others
 * could read on the command line; it has a host to be reached by TCP without sslmode=verify-full,
 * unless `is_insecure`; or a word that would change what was checked here. RESULT_SYSTEM: the file
 * with the password cannot be read. The address is empty then. No reason has a secret, either.
 */
enum result database_address_parse(const struct libpq *libpq, const char *url, bool is_insecure,
	struct database_address *address, struct reason *reason) MUST_CHECK;

/* Forgets the password, too. A zeroed one is fine. */
void database_address_free(struct database_address *address);

/* What PQconnectdbParams() and PQconnectStartParams() take, with expand_dbname 0. */
struct database_words {
	const char *keywords[64]; /* up to a NULL */
	const char *values[64];
};

#define DATABASE_ALL_HOSTS ((size_t)-1)

/*
 * The words for one host of the address, by its number; or for all of them, which libpq then tries
 * by itself in turn, blocking. `numeric`: the host's address, which saves libpq a look-up that
 * would block; or NULL. Among them are those that every connection has: keepalives, time-outs, no
 * GSS, application_name, and target_session_attrs=read-write. What they point to is the address's,
 * and lives as long.
 */
void database_address_words(const struct database_address *address, size_t host,
	const char *numeric, struct database_words *words);

#endif
