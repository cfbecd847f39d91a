/* Each card is a list of figures under a heading, most of them with a picture of how full it is. */
#include "views/loop/cards.h"

#include "views/loop/figures.h"
#include "views/loop/verdict.h"

/* More threads than these are not drawn. */
#define MOST_DRAWN 32

static void begin_card(struct html *html, const char *id, const char *title, bool alarms)
{
	html_markup(html, "<section id=\"");
	html_string(html, id);
	html_markup(html, "\" class=\"card");
	html_string(html, alarms ? " alarm" : "");
	html_markup(html, "\" aria-labelledby=\"");
	html_string(html, id);
	html_markup(html, "-title\">\n<h3 id=\"");
	html_string(html, id);
	html_markup(html, "-title\">");
	html_string(html, title);
	html_markup(html, "</h3>\n");
}

static void open_row(struct html *html, const char *name)
{
	html_markup(html, "<div><dt>");
	html_string(html, name);
	html_markup(html, "</dt><dd>");
}

static void close_row(struct html *html)
{
	html_markup(html, "</dd></div>\n");
}

static void write_row(struct html *html, const char *name, uint64_t count)
{
	open_row(html, name);
	html_count(html, count);
	close_row(html);
}

static void write_time_row(struct html *html, const char *name, uint64_t sum, uint64_t count)
{
	open_row(html, name);
	if (count == 0)
		html_markup(html, "–");
	else
		html_duration(html, mean_of(sum, count));
	close_row(html);
}

/* A bar that says how full something is. */
static void write_fill(struct html *html, uint64_t count, uint64_t most)
{
	uint64_t part = most > 0 ? count * 1000 / most : 0;

	if (part > 1000)
		part = 1000;
	if (part == 0 && count > 0)
		part = 1;
	html_markup(html, "<svg class=\"fill\" viewBox=\"0 0 1000 10\" "
			  "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"");
	html_number(html, part);
	html_markup(html, "\" height=\"10\"/></svg>\n<p class=\"sum\"><strong>");
	html_count(html, count);
	html_markup(html, "</strong> of ");
	html_count(html, most);
}

static void write_connections(struct html *html, const struct second *second)
{
	begin_card(html, "connections", "Connections", second->is_paused);
	write_fill(html, second->open, second->most);
	html_markup(html, " places taken");
	html_string(html, second->is_paused ? "; accepting is paused" : "");
	html_markup(html, "</p>\n<dl>\n");
	write_row(html, "At rest between requests", second->resting);
	write_row(html, "Requests under way", second->requests_under_way);
	write_row(html, "Requests in the last second", second->requests);
	write_time_row(html, "Each of them took", second->request_time, second->requests);
	open_row(html, "Accepted, closed");
	html_count(html, second->accepted);
	html_markup(html, ", ");
	html_count(html, second->closed);
	close_row(html);
	html_markup(html, "</dl>\n</section>\n");
}

static void write_thread(struct html *html, bool is_busy)
{
	if (is_busy)
		html_markup(html, "<i class=\"busy\"></i>");
	else
		html_markup(html, "<i></i>");
}

static void write_threads(struct html *html, const struct second *second)
{
	html_markup(html, "<p class=\"threads\" aria-hidden=\"true\">");
	for (uint64_t i = 0; i < second->threads && i < MOST_DRAWN; i++)
		write_thread(html, i < second->threads_busy);
	html_markup(html, "</p>\n<p class=\"sum\"><strong>");
	html_count(html, second->threads_busy);
	html_markup(html, "</strong> of ");
	html_things(html, second->threads, "thread", "threads");
	html_markup(html, " at work</p>\n");
}

/* Those that are there now, with their names, and for how long. */
static void write_jobs(struct html *html, const struct loop_view *view)
{
	for (size_t i = 0; i < METERS_JOBS; i++) {
		const struct job_meter *job = &view->pool->jobs[i];
		if (job->name == NULL)
			continue;
		html_markup(html, "<div class=\"job\"><dt>");
		html_string(html, job->name);
		html_markup(html, "</dt><dd>for ");
		html_duration(html, view->now > job->since ? view->now - job->since : 0);
		close_row(html);
	}
}

static void write_pool(struct html *html, const struct loop_view *view, const struct second *second)
{
	begin_card(html, "pool", "Worker pool", false);
	write_threads(html, second);
	html_markup(html, "<dl>\n");
	write_jobs(html, view);
	write_row(html, "Jobs that wait for a thread", second->jobs_waiting);
	write_row(html, "Jobs done in the last second", second->jobs);
	write_time_row(html, "Each of them took", second->jobs_time, second->jobs);
	html_markup(html,
		"</dl>\n<p class=\"note\">A job does what would block the loop, on a thread "
		"of its own. When it is done, its callback runs in the poll phase.");
	if (!second->is_database)
		html_markup(html, " The job “probe” looks once a second whether the disk can "
				  "still take users.");
	html_markup(html, "</p>\n</section>\n");
}

static void write_station(struct html *html, uint64_t count, const char *words, bool is_busy)
{
	html_markup(html, "<li");
	if (is_busy)
		html_markup(html, " class=\"busy\"");
	html_markup(html, "><strong>");
	html_count(html, count);
	html_markup(html, "</strong> ");
	html_string(html, words);
	html_markup(html, "</li>\n");
}

static void write_disk_state(struct html *html, const struct second *second)
{
	html_markup(html, "<p class=\"sum\">");
	if (second->is_failing) {
		html_markup(html, "<strong>No users are taken</strong>");
	} else if (second->stuck > 0) {
		html_markup(html, "<strong>");
		html_duration(html, second->stuck);
		html_markup(html, "</strong>, and one batch is still on its way");
	} else if (second->batches > 0) {
		html_markup(html, "<strong>");
		html_duration(html, second_disk_time(second));
		html_markup(html, "</strong> for a batch");
	} else {
		html_markup(html, "Nothing to write");
	}
	html_markup(html, "</p>\n");
}

static void write_disk(struct html *html, const struct second *second)
{
	bool alarms = second->is_failing || second_disk_time(second) >= VERDICT_SLOW_DISK;

	begin_card(html, "disk",
		second->is_database ? "The way to the database" : "The way to the disk", alarms);
	html_markup(html, "<ol class=\"way\">\n");
	write_station(html, second->pending, "wait", second->pending > 0);
	write_station(html, second->under_way, "in a batch", second->under_way > 0);
	write_station(
		html, second->users, second->users == 1 ? "user there" : "users there", false);
	html_markup(html, "</ol>\n");
	write_disk_state(html, second);
	html_markup(html, "<dl>\n");
	write_row(html, "Batches in the last second", second->batches);
	open_row(html, "Changes in each");
	html_count(html, mean_of(second->stored, second->batches));
	close_row(html);
	if (second->is_database) {
		write_time_row(html, "There and back", second->trip_time, second->batches);
	} else {
		write_time_row(html, "write()", second->write_time, second->batches);
		write_time_row(html, "fdatasync()", second->sync_time, second->batches);
	}
	html_markup(html, "</dl>\n</section>\n");
}

static void write_streams(struct html *html, const struct second *second)
{
	begin_card(html, "streams", "Live streams", false);
	write_fill(html, second->streams, second->streams_most);
	html_markup(html, " open</p>\n<dl>\n");
	write_row(html, "Wait for a slow client", second->streams_blocked);
	write_row(html, "Parts sent in the last second", second->parts);
	html_markup(html,
		"</dl>\n<p class=\"note\">Responses that never end: lists that follow along, "
		"and pages like this one. All get the same bytes.</p>\n</section>\n");
}

/* One line for each kind there is, with how many of them keep the process alive. */
static void write_kind(struct html *html, const char *name, size_t keeping, size_t watching)
{
	if (keeping == 0 && watching == 0)
		return;
	html_markup(html, "<tr><th scope=\"row\">");
	html_string(html, name);
	html_markup(html, "</th><td>");
	html_count(html, keeping);
	html_markup(html, "</td><td>");
	html_count(html, watching);
	html_markup(html, "</td></tr>\n");
}

static void write_alive_card(struct html *html, const struct loop_alive *alive)
{
	static const char *const names[ALIVE_KINDS] = {[ALIVE_LISTENERS] = "Listening sockets",
		[ALIVE_CONNECTIONS] = "Connections",
		[ALIVE_TIMERS] = "Timers",
		[ALIVE_IDLES] = "Idle handles (each turn)",
		[ALIVE_PREPARES] = "Prepare handles (before polls)",
		[ALIVE_CHECKS] = "Check handles (after polls)",
		[ALIVE_ASYNCS] = "Wake-ups (threads, signals)",
		[ALIVE_OTHERS] = "Others"};

	begin_card(html, "alive", "What keeps the process from ending", false);
	html_markup(html, "<table><thead><tr><td></td><th scope=\"col\">keep it alive</th>"
			  "<th scope=\"col\">only watch</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < ALIVE_KINDS; i++)
		write_kind(html, names[i], alive->handles[i].keeping, alive->handles[i].watching);
	write_kind(html, "Jobs of the worker pool", alive->jobs, 0);
	write_kind(html, "Writes that wait for a peer", alive->writes, 0);
	write_kind(html, "Handles that are being closed", alive->closing, 0);
	html_markup(html,
		"</tbody></table>\n<p class=\"note\">When the first column is empty, nothing "
		"is left to do, and the process ends, as a Node.js program does. A signal to "
		"stop closes the listening socket; the rest follows.</p>\n</section>\n");
}

void cards_view(struct html *html, const struct loop_view *view)
{
	const struct second *second = minute_at(view->minute, 0);

	write_connections(html, second);
	write_pool(html, view, second);
	write_disk(html, second);
	write_streams(html, second);
	write_alive_card(html, view->alive);
}
