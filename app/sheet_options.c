/*
 * Routes and views know the sheet and not the options, so that tests have one without a
 * command line. It borrows its texts, so it is made anew whenever the options are replaced; and
 * whenever the organiser sets something while it runs, which is kept in the store.
 */
#include "sheet_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "build_id.h"
#include "store/files/key_file.h"
#include "store/flat_file/holder.h"

_Static_assert(KEY_FILE_BYTES == LEAVE_KEY_BYTES, "the key in the file is that of the links");

static struct sheet sheet_of_options(const struct options *options)
{
	return (struct sheet){.text = {.title = options->title,
				      .intro = options->intro,
				      .contact = options->contact,
				      .privacy = options->privacy,
				      .style = options->has_custom_style ? "/custom.css" : "",
				      .base_path = options->base_path},
		.opens = options->opens,
		.closes = options->closes,
		.seats = (uint64_t)options->seats,
		.has_waiting_list = options->waiting_list != 0,
		.most_users = (uint64_t)options->max_users};
}

/* Their texts have no control characters but line feeds. */
uint64_t site_pages_of(const struct options *options)
{
	char *text = memory_printf("%s\t%d\t%s\t%s\t%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64
				   "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64,
		options->base_path, options->has_custom_style, options->title, options->intro,
		options->contact, options->privacy, options->opens, options->closes, options->seats,
		options->waiting_list, options->admin, options->public_export, options->max_users,
		options->page_size);
	uint64_t hash = XXH3_64bits_withSeed(text, strlen(text), build_id_hash());

	free(text);
	return hash;
}

struct store_limits store_limits_of(const struct options *options)
{
	return (struct store_limits){.max_users = (uint64_t)options->max_users,
		.seats = (uint64_t)options->seats,
		.has_waiting_list = options->waiting_list != 0};
}

/* One of the times was set by an organiser, and the other is an option that was changed since:
 * options alone are refused. */
static void warn_of_times(const struct site *site)
{
	char opens[TIMESTAMP_SIZE], closes[TIMESTAMP_SIZE];

	timestamp_format(site->sheet.opens, opens);
	timestamp_format(site->sheet.closes, closes);
	log_event(site->log, LOG_WARN, "sheet-never-opens", LOG_TEXT("opens", opens),
		LOG_TEXT("closes", closes),
		LOG_TEXT("reason", "sign-up closes before it opens: one of the times was set by an "
				   "organiser, and the other is an option"));
}

void site_set_options(
	struct site *site, const struct options *options, const struct sheet_settings *settings)
{
	site->option_sheet = sheet_of_options(options);
	site->sheet = site->option_sheet;
	sheet_set(&site->sheet, settings);
	if (!sheet_can_open(&site->sheet))
		warn_of_times(site);
	site->page_size = (size_t)options->page_size;
	site->print_size = LIMIT_PRINT;
	site->has_admin = options->admin != 0;
	site->is_export_public = options->public_export != 0;
}

static void load_leave_key(struct site *site, const char *directory)
{
	struct reason reason;

	site->has_leave_key = key_file_load(directory, site->leave_key, &reason) == RESULT_OK;
	if (!site->has_leave_key)
		log_event(site->log, LOG_ERROR, "no-leave-key", LOG_TEXT("reason", reason.text));
}

void site_set_list(struct site *site, const char *directory)
{
	struct holder holder;

	holder_find(directory, &holder);
	snprintf(site->list, sizeof(site->list), "%s", holder.list);
	load_leave_key(site, directory);
}
