/*
 * The one place that knows which kinds of store there are: a directory with a flat file, or a
 * database. Everything above asks the store that it opens, and does not see the difference.
 */
#include "store_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/limit.h"
#include "base/memory.h"
#include "commands/exit_status.h"
#include "event_loop/systemd.h"
#include "sandbox.h"
#include "sheet_options.h"
#include "start_failure.h"
#include "store/database/node/database_store.h"
#include "store/files/unsafe_file_system.h"
#include "store/flat_file/claim.h"
#include "store/flat_file/flat_file_store.h"

/* Seconds that a CGI process waits for another to be done with the users. */
#define CGI_LOCK_WAIT 10

/* How far reading is, and writing anew, for systemd, which waits for the start. */
static void watch_opening(struct watched_vfs *disk, const char *directory)
{
	char *path = memory_printf("%s/" JOURNAL_NAME, directory);
	struct stat file;

	watched_vfs_open(disk);
	if (stat(path, &file) == 0 && file.st_size > 0)
		watched_vfs_begin_telling(disk, systemd_opening, (uint64_t)file.st_size);
	free(path);
}

static int explain_directory(
	const char *directory, enum result result, int cause, const char *reason)
{
	char *hint = sandbox_hint(directory, result == RESULT_SYSTEM ? cause : 0);
	char *words = memory_printf("%s%s", reason, hint);
	int exits = explain_start(exit_status(result, cause), cause, words);

	free(words);
	free(hint);
	return exits;
}

static int open_directory(struct store_place *place, const struct store_place_settings *settings,
	struct store **store)
{
	const struct options *options = settings->options;
	struct reason reason;

	watch_opening(&place->disk, options->data);
	enum result result =
		flat_file_store_open(&(struct flat_file_store_settings){.loop = settings->loop,
					     .log = settings->log,
					     .vfs = &place->disk.vfs,
					     .directory = options->data,
					     .lock_wait = settings->is_cgi ? CGI_LOCK_WAIT : 0,
					     .makes_list = options->makes_list,
					     .serves_one = settings->is_cgi,
					     .limits = store_limits_of(options)},
			store, &reason);
	int cause = error_of_result(result);
	watched_vfs_end(&place->disk);
	if (result != RESULT_OK)
		return explain_directory(options->data, result, cause, reason.text);
	if (!settings->is_cgi)
		unsafe_file_system_warn(settings->log, options->data, JOURNAL_NAME);
	return 0;
}

/* The address is a setting. What else can be wrong may be put right at the server, so that another
 * start may go well. */
static int explain_database(enum result result, const char *reason)
{
	char *words = memory_printf("--store: %s", reason);
	int exits = explain_start(result == RESULT_MALFORMED ? EXIT_SETTING : EX_UNAVAILABLE,
		result == RESULT_MALFORMED ? EINVAL : 0, words);

	free(words);
	return exits;
}

static int open_in_database(const struct store_place_settings *settings, struct store **store)
{
	const struct options *options = settings->options;
	struct reason reason;

	enum result result =
		database_store_open(&(struct database_store_settings){.loop = settings->loop,
					    .log = settings->log,
					    .url = options->store,
					    .is_insecure = options->store_insecure != 0,
					    .pages = site_pages_of(options),
					    .lets_loop_end = true,
					    .limits = store_limits_of(options)},
			store, &reason);
	return result == RESULT_OK ? 0 : explain_database(result, reason.text);
}

int store_place_open(struct store_place *place, const struct store_place_settings *settings,
	struct store **store)
{
	if (store_place_is_database(settings->options))
		return open_in_database(settings, store);
	return open_directory(place, settings, store);
}

bool store_place_is_database(const struct options *options)
{
	return *options->store != '\0';
}

void store_place_name(const struct options *options, struct store *store, struct site *site)
{
	if (!store_place_is_database(options)) {
		site_set_list(site, options->data);
		return;
	}
	const unsigned char *key = database_store_leave_key(store);
	site->has_leave_key = key != NULL;
	if (key != NULL)
		memcpy(site->leave_key, key, sizeof(site->leave_key));
}
