/*
 * Warns in the log of settings without effect: an unknown ROLLCALL_ variable, or an option that
 * does not apply to this kind of socket. Silence would let an operator believe that a misspelt
 * limit holds.
 */
#include "options/ignored_settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"

/* options_unused */
static void on_unused_option(void *argument, const char *name, const char *reason)
{
	log_event(argument, LOG_WARN, "setting-ignored", LOG_TEXT("name", name),
		LOG_TEXT("reason", reason));
}

void ignored_settings(struct log *log, const struct options *options)
{
	options_unused(options, on_unused_option, log);
}

/* In whichever way they are written. */
static bool is_same_address(const char *one, const char *other)
{
	struct reason reason;
	struct endpoint first = {0}, second = {0};

	return endpoint_parse(&first, one, &reason) == RESULT_OK &&
	       endpoint_parse(&second, other, &reason) == RESULT_OK &&
	       first.length == second.length &&
	       memcmp(&first.address, &second.address, first.length) == 0;
}

void ignored_for_socket(struct log *log, const struct options *options,
	const struct listener *listener, bool is_inherited)
{
	const char *peers = getenv("FCGI_WEB_SERVER_ADDRS");

	if (is_inherited && options_given(options, "listen") &&
		!is_same_address(options->listen, listener->address))
		log_event(log, LOG_WARN, "setting-ignored", LOG_TEXT("name", "listen"),
			LOG_TEXT("value", options->listen), LOG_TEXT("used", listener->address),
			LOG_TEXT("reason", "started with a listening socket"));
	if (peers != NULL && !listener->is_tcp)
		log_event(log, LOG_WARN, "setting-ignored",
			LOG_TEXT("name", "FCGI_WEB_SERVER_ADDRS"), LOG_TEXT("value", peers),
			LOG_TEXT("reason", "counts for TCP alone"));
}

void ignored_streams(struct log *log, const struct options *options, size_t most)
{
	if (options_given(options, "max-streams") && (size_t)options->max_streams > most)
		log_event(log, LOG_WARN, "setting-ignored", LOG_TEXT("name", "max-streams"),
			LOG_NUMBER("value", options->max_streams), LOG_NUMBER("used", most),
			LOG_TEXT("reason", "half of the connections at most"));
}
