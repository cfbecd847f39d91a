#ifndef ROLLCALL_OPTIONS_IGNORED_SETTINGS_H
#define ROLLCALL_OPTIONS_IGNORED_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "event_loop/listener.h"
#include "options/options.h"

/* Says in the log, as `setting-ignored`, which settings have no effect. */

/* Those of any start: variables that are none, lines of the file that count for nothing. */
void ignored_settings(struct log *log, const struct options *options);

/* Those that another socket than theirs leaves without effect. */
void ignored_for_socket(struct log *log, const struct options *options,
	const struct listener *listener, bool is_inherited);

/* More live lists than `most` were asked for. */
void ignored_streams(struct log *log, const struct options *options, size_t most);

#endif
