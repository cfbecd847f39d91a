#ifndef ROLLCALL_OPTIONS_OPTIONS_H
#define ROLLCALL_OPTIONS_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/limit.h"
#include "base/reason.h"
#include "base/result.h"

/* What can be set: on the command line; with less weight in the environment; with the least in a
 * file of settings (settings_file.h). */
struct options {
	char config[PATH_MAX]; /* that file; empty: none */
	char listen[160];
	char data[PATH_MAX];
	char store[4096];       /* "postgresql://..."; empty: the users are in `data` */
	int64_t store_insecure; /* 0 or 1 */
	char www[PATH_MAX];
	char origin[LIMIT_ORIGIN + 1];       /* "https://example.org"; empty: that of Host */
	char base_path[LIMIT_BASE_PATH + 1]; /* "/signup"; empty: the site is not under a path */
	bool has_custom_style; /* whether custom.css was there when the options were read: a site
				* without it has no request more for each page, and none that is a
				* 404 */
	char title[4 * LIMIT_TITLE + 1];
	char intro[4 * LIMIT_INTRO + 1];
	char contact[4 * LIMIT_CONTACT + 1];
	char privacy[4 * LIMIT_PRIVACY + 1];
	int64_t opens; /* as in timestamp.h; 0: not set */
	int64_t closes;
	int64_t seats; /* 0: not set */
	int64_t waiting_list;
	int64_t admin; /* 0 or 1 */
	int64_t public_export;
	int64_t max_params;
	int64_t max_body;
	int64_t max_connections;
	int64_t max_streams;
	int64_t max_users;
	int64_t page_size;
	int64_t workers;
	int64_t request_timeout; /* milliseconds */
	int64_t first_request_timeout;
	int64_t idle_timeout;
	int64_t stop_timeout;
	int64_t heartbeat;
	int64_t slow_request;  /* 0: none is too slow */
	int64_t server_timing; /* 0 or 1 */
	int64_t log_level;     /* enum log_level */
	bool makes_list;       /* --new: only the command line can say it */
	uint64_t given;        /* a bit for each of them that was set: options_given() */
	uint64_t hidden;       /* the file has another value, which does not count */
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_WRONG, /* the reason is in `reason` */
};

#define OPTIONS_DATA_DEFAULT "/var/lib/rollcall"
#define OPTIONS_WWW_DEFAULT  "/usr/share/rollcall/www"

/* Reads all three. May wait for the disk. */
enum options_outcome options_read(
	struct options *options, int count, char **arguments, struct reason *reason);

/* The same with what the file holds, which is written over. May wait for the disk, too. */
enum options_outcome options_read_with(struct options *options, int count, char **arguments,
	struct buffer *file, struct reason *reason);

/* Whether the option of that name was set, rather than left at its default. */
bool options_given(const struct options *options, const char *name);

/* Tells of each setting that has no effect, by its name in the environment, and why: a variable of
 * the environment that is no setting, a line of the file that something counts before. */
void options_unused(const struct options *options,
	void (*unused)(void *argument, const char *name, const char *reason), void *argument);

/* An option that has another value than before. */
struct option_change {
	const char *name;
	const char *from;
	const char *to;
	bool is_live; /* the program can go by the new value without a restart */
};

typedef void option_change_cb(void *argument, const struct option_change *change);

/* Tells of each that differs, and puts those back in `fresh` that need a restart. */
void options_compare(const struct options *now, struct options *fresh, option_change_cb *changed,
	void *argument);

/* The text of --help. */
void options_help(FILE *out);

#endif
