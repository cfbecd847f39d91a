/*
 * GET /users.csv and GET /users.jsonl: the whole list as a file, oldest first, in the formats that
 * `rollcall import` reads. It is sent in parts (list_stream.h), so its length costs no memory.
 *
 * CSV begins with a byte order mark: without it, spreadsheets take the file for one in the encoding
 * of the country.
 */
#include <stdint.h>
#include <stdio.h>

#include "base/timestamp.h"
#include "formats/format.h"
#include "routes/answer.h"
#include "routes/list_stream.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "routes/site.h"

/* What a route sends. */
struct export_kind {
	const struct format *format;
	const char *content_type;
	const char *mark; /* before everything else */
};

struct exported_list {
	struct list_stream stream;
	const struct export_kind *kind;
};

static void get_csv(struct site *site, struct request *request, struct response *response);
static void get_jsonl(struct site *site, struct request *request, struct response *response);

const struct route users_csv_route = {.path = "/users.csv", .get = get_csv};
const struct route users_jsonl_route = {.path = "/users.jsonl", .get = get_jsonl};

/* Named for the day, in UTC: people keep more than one. */
static void add_file_name(struct response *response, const char *extension, int64_t now)
{
	char created[TIMESTAMP_SIZE];
	char value[96];

	timestamp_format(now, created);
	snprintf(value, sizeof(value), "attachment; filename=\"users-%.10s.%s\"", created,
		extension);
	response_header(response, "Content-Disposition", value);
}

/* list_stream_begin_cb */
static void on_export_begin(void *argument, const struct store_view *view, struct buffer *out)
{
	const struct exported_list *list = argument;
	struct response *response = list->stream.response;

	(void)view;
	response_header(response, "Content-Type", list->kind->content_type);
	response_header(response, "Cache-Control", "no-store");
	/* nginx would keep what a slow client has not taken in a file. */
	response_header(response, "X-Accel-Buffering", "no");
	add_file_name(response, list->kind->format->name, list->stream.site->clock());
	buffer_string(out, list->kind->mark);
	if (list->kind->format->write_head != NULL)
		list->kind->format->write_head(out);
}

/* list_stream_user_cb */
static void on_export_user(void *argument, const struct user *user, struct buffer *out)
{
	const struct exported_list *list = argument;

	list->kind->format->write_user(out, user);
}

/* list_stream_end_cb */
static void on_export_end(void *argument, uint64_t last, bool has_more, struct buffer *out)
{
	(void)argument;
	(void)last;
	(void)has_more;
	(void)out;
}

static void begin_export(struct site *site, struct request *request, struct response *response,
	const struct export_kind *kind)
{
	if (!site->is_export_public && organiser_admit(request, response) == NULL)
		return;
	struct exported_list *list = request_memory(request, sizeof(*list));
	*list = (struct exported_list){.kind = kind,
		.stream = {.site = site,
			.response = response,
			.in_json = answer_in_json(request),
			.left = SIZE_MAX,
			.on_begin = on_export_begin,
			.on_user = on_export_user,
			.on_end = on_export_end,
			.argument = list}};
	list_stream_begin(&list->stream);
}

static void get_csv(struct site *site, struct request *request, struct response *response)
{
	static const struct export_kind csv = {.format = &csv_format,
		.content_type = "text/csv; charset=utf-8; header=present",
		.mark = "\xef\xbb\xbf"};

	begin_export(site, request, response, &csv);
}

static void get_jsonl(struct site *site, struct request *request, struct response *response)
{
	static const struct export_kind jsonl = {
		.format = &jsonl_format, .content_type = "application/jsonl", .mark = ""};

	begin_export(site, request, response, &jsonl);
}
