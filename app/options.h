#ifndef ROLLCALL_OPTIONS_H
#define ROLLCALL_OPTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "status.h"

/* What can be set, on the command line or, with less weight, in the environment. */
struct options {
	const char *listen;
	const char *data;
	int64_t max_params;
	int64_t max_body;
	int64_t max_connections;
	int64_t max_streams;
	int64_t max_users;
	int64_t page_size;
	int64_t workers;
	int64_t request_timeout; /* milliseconds */
	int64_t idle_timeout;
	int64_t stop_timeout;
	int64_t heartbeat;
	int64_t log_level; /* enum log_level */
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG, /* the reason is in `reason` */
};

#define OPTIONS_REASON_SIZE  512
#define OPTIONS_DATA_DEFAULT "/var/lib/rollcall"

/* Strings are borrowed from the arguments and the environment. */
enum options_outcome options_read(struct options *options, int count, char **arguments,
	char reason[static OPTIONS_REASON_SIZE]);

/* The text of --help. */
void options_help(FILE *out);

#endif
