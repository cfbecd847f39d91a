#ifndef ROLLCALL_OPTIONS_RELOAD_H
#define ROLLCALL_OPTIONS_RELOAD_H

#include <uv.h>

#include "base/log.h"
#include "event_loop/systemd.h"
#include "options/options.h"

/*
 * Reads the file of settings again while the server runs, all of it or nothing: a file with a fault
 * is told in the log and changes nothing. The log says what has changed, and what of it needs a
 * restart; systemd is told meanwhile. A worker reads the file. Loop thread only.
 */
struct reload;

struct reload_settings {
	uv_loop_t *loop;
	struct log *log;
	struct options *options; /* those that the program goes by, which change */
	int count;               /* the command line, as for options_read() */
	char **arguments;
	struct systemd *systemd;
	void (*apply)(
		void *argument, bool is_other); /* the options are read; whether any is another */
	void *argument;
};

struct reload *reload_open(const struct reload_settings *settings);

/* Does it, or does it once more after the reading that is under way. That keeps the loop alive. */
void reload_begin(struct reload *reload);

/* After the loop has ended; NULL is fine. */
void reload_close(struct reload *reload);

#endif
