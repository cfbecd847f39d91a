/*
 * Reads the settings again on SIGHUP. A worker does, so that a slow disk does not stop the loop;
 * the loop thread then takes all of the new settings, or none if there is a mistake.
 */
#include "options/reload.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "event_loop/worker_pool.h"
#include "options/settings_file.h"

struct reload {
	struct reload_settings settings;
	struct worker_job job;
	bool is_reading;
	bool is_wanted; /* once more */
	unsigned changes;

	/* The worker's while is_reading. */
	struct buffer file;
	struct options fresh;
	struct reason reason;
	bool is_read; /* into `fresh` */
};

static void read_settings_again(void *argument);
static void on_settings_read(void *argument);

struct reload *reload_open(const struct reload_settings *settings)
{
	struct reload *reload = memory_zeroed(sizeof(*reload));

	reload->settings = *settings;
	reload->job = (struct worker_job){.work = read_settings_again,
		.done = on_settings_read,
		.argument = reload,
		.name = "settings"};
	return reload;
}

void reload_close(struct reload *reload)
{
	if (reload == NULL)
		return;
	buffer_free(&reload->file);
	free(reload);
}

/* option_change_cb */
static void on_option_changed(void *argument, const struct option_change *change)
{
	struct reload *reload = argument;

	if (change->is_live)
		log_event(reload->settings.log, LOG_INFO, "setting-changed",
			LOG_TEXT("name", change->name), LOG_TEXT("from", change->from),
			LOG_TEXT("to", change->to));
	else
		log_event(reload->settings.log, LOG_WARN, "setting-needs-restart",
			LOG_TEXT("name", change->name), LOG_TEXT("from", change->from),
			LOG_TEXT("to", change->to));
	reload->changes += change->is_live;
}

/* What is said of it counts by the level that lets more through. */
static void take_fresh(struct reload *reload)
{
	struct options *options = reload->settings.options;
	struct log *log = reload->settings.log;

	log_set_level(log, (enum log_level)(reload->fresh.log_level > options->log_level
						    ? reload->fresh.log_level
						    : options->log_level));
	reload->changes = 0;
	options_compare(options, &reload->fresh, on_option_changed, reload);
	log_event(log, LOG_INFO, "reloaded", LOG_TEXT("file", options->config),
		LOG_NUMBER("changes", reload->changes));
	bool is_other =
		reload->changes > 0 || options->has_custom_style != reload->fresh.has_custom_style;
	*options = reload->fresh;
	reload->settings.apply(reload->settings.argument, is_other);
}

/* worker_job_cb */
static void on_settings_read(void *argument)
{
	struct reload *reload = argument;

	reload->is_reading = false;
	if (reload->is_read)
		take_fresh(reload);
	else
		log_event(reload->settings.log, LOG_ERROR, "reload-failed",
			LOG_TEXT("reason", reload->reason.text));
	systemd_reloaded(reload->settings.systemd, reload->is_read ? NULL : reload->reason.text);
	if (reload->is_wanted)
		reload_begin(reload);
}

/* worker_job_cb, on a thread of the pool. The loop changes no option while it reads. */
static void read_settings_again(void *argument)
{
	struct reload *reload = argument;
	const struct reload_settings *settings = &reload->settings;

	buffer_clear(&reload->file);
	reload->fresh = *settings->options;
	reload->is_read = settings_file_load(settings->options->config, &reload->file,
				  &reload->reason) == RESULT_OK &&
			  options_read_with(&reload->fresh, settings->count, settings->arguments,
				  &reload->file, &reload->reason) == OPTIONS_RUN;
}

void reload_begin(struct reload *reload)
{
	reload->is_wanted = reload->is_reading;
	if (reload->is_reading)
		return;
	systemd_reloading();
	if (*reload->settings.options->config == '\0') {
		log_event(reload->settings.log, LOG_INFO, "nothing-to-reload",
			LOG_TEXT("reason", "started without --config"));
		systemd_reloaded(reload->settings.systemd, NULL);
		return;
	}
	reload->is_reading = true;
	worker_pool_run(reload->settings.loop, &reload->job);
}
