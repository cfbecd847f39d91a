/*
 * GET /users/print: the whole list for paper, oldest first; so many users at most, with a link to
 * those after them. It is a page for people whatever Accept says: programs have GET /users.
 */
#include "views/users_print.h"

#include "routes/answer.h"
#include "routes/list_stream.h"
#include "routes/query_number.h"
#include "routes/routes.h"
#include "routes/site.h"

struct printed_list {
	struct list_stream stream;
	struct users_print_view view;
};

static void get_printed_list(struct site *site, struct request *request, struct response *response);

const struct route users_print_route = {.path = "/users/print", .get = get_printed_list};

/* list_stream_begin_cb */
static void on_print_begin(void *argument, const struct store_view *view, struct buffer *out)
{
	struct printed_list *list = argument;

	answer_page_begin(list->stream.response);
	list->view.total = view->users;
	list->view.last_seat = view->last_seat;
	users_print_begin(out, &list->view);
}

/* list_stream_user_cb */
static void on_print_user(void *argument, const struct user *user, struct buffer *out)
{
	struct printed_list *list = argument;

	users_print_user(out, &list->view, user);
}

/* list_stream_end_cb */
static void on_print_end(void *argument, uint64_t last, bool has_more, struct buffer *out)
{
	const struct printed_list *list = argument;

	users_print_end(out, &list->view, has_more ? last : 0);
}

static void begin_print(
	struct site *site, struct request *request, struct response *response, uint64_t after)
{
	struct printed_list *list = request_memory(request, sizeof(*list));

	list->view = (struct users_print_view){.sheet = &site->sheet.text,
		.after = after,
		.most = site->print_size,
		.now = site->clock()};
	list->stream = (struct list_stream){.site = site,
		.response = response,
		.in_json = answer_in_json(request),
		.position = after,
		.left = site->print_size,
		.on_begin = on_print_begin,
		.on_user = on_print_user,
		.on_end = on_print_end,
		.argument = list};
	list_stream_begin(&list->stream);
}

static void get_printed_list(struct site *site, struct request *request, struct response *response)
{
	uint64_t after = 0;
	bool is_given;
	enum result result = query_number(request_query(request), "after", &is_given, &after);

	if (result == RESULT_MALFORMED)
		answer_problem_because(request, response, 400, "after is the number of a user.");
	else if (result != RESULT_OK)
		answer_problem(request, response, 503);
	else
		begin_print(site, request, response, after);
}
