/*
 * Every route, without a socket: requests that are made from the input, field by field
 * (fuzz_request.h), one after the other, of which one may be sent before another is answered, or be
 * given up. Whatever they ask for, there is one response of HTTP each, of the media type that was
 * wanted, out of which no text breaks; what is only asked for changes nothing; and nothing changes
 * at the word of another site, or of somebody who is not the organiser.
 *
 * The input: a byte that says how the site is set, one that is the seed of a store that answers
 * later, or 0, and the requests.
 */
#include "routes/routes.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "event_loop/streams.h"
#include "fuzz/event_loop/driven_loop.h"
#include "fuzz/fuzz.h"
#include "fuzz/routes/fuzz_request.h"
#include "fuzz/routes/fuzz_site.h"
#include "fuzz/routes/page_check.h"
#include "http/http.h"
#include "http/response.h"

#define MOST_REQUESTS 6

/* A request under way. */
struct asked {
	struct fuzz_request request;
	struct memory_gateway *gateway;
	struct response *response; /* NULL once it is sent, or gone */
};

/* What of the store may not change. */
struct kept {
	char revision[STORE_REVISION_SIZE];
	uint64_t users;
	uint64_t change;
	uint64_t sheet;
};

static struct fuzz_site site;

static struct kept keep(void)
{
	const struct store_view *view = store_view(site.store, 0);
	struct kept kept = {.users = view->users,
		.change = view->change,
		.sheet = store_sheet_settings(site.store)->revision};

	memcpy(kept.revision, view->revision, sizeof(kept.revision));
	return kept;
}

static void check_json(const char *body, size_t length, unsigned status, bool is_problem)
{
	json_t *json = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);

	must(json != NULL);
	json_t *told = json_object_get(json, "status");
	must(!is_problem || json_integer_value(told) == (json_int_t)status);
	json_decref(json);
}

static bool has_type(const char *type, const char *wanted)
{
	size_t length = strlen(wanted);

	return type != NULL && strncmp(type, wanted, length) == 0 &&
	       (type[length] == '\0' || type[length] == ';');
}

/* Where Accept is one of two plain words, and the path has both. */
static void check_wanted(const struct fuzz_request *request, const char *type)
{
	const char *accept = request->sent.accept;
	bool is_json =
		has_type(type, "application/json") || has_type(type, "application/problem+json");

	if (!request->is_page || accept == NULL || type == NULL)
		return;
	if (strcmp(accept, "text/html") == 0)
		must(!is_json);
	if (strcmp(accept, "application/json") == 0)
		must(is_json);
}

static void check_body(const struct fuzz_request *request, const char *type, unsigned status,
	const char *body, size_t length)
{
	check_wanted(request, type);
	must(length == 0 || type != NULL);
	if (length == 0)
		return;
	if (has_type(type, "text/html"))
		page_check(body, length);
	if (has_type(type, "application/json"))
		check_json(body, length, status, false);
	if (has_type(type, "application/problem+json"))
		check_json(body, length, status, true);
}

/* Nobody is led to another site. */
static void check_location(const struct memory_gateway *gateway)
{
	const char *location = memory_gateway_field(gateway, "Location");
	const char *base = site.options.base_path;

	must(location == NULL ||
		(strncmp(location, base, strlen(base)) == 0 && location[strlen(base)] == '/' &&
			location[strlen(base) + 1] != '/'));
}

static void check_response(const struct asked *asked)
{
	const struct memory_gateway *gateway = asked->gateway;
	const struct fuzz_request *request = &asked->request;
	unsigned status = memory_gateway_status(gateway);
	const char *body = memory_gateway_body(gateway);
	size_t length = memory_gateway_body_length(gateway);
	const char *said = memory_gateway_field(gateway, "Content-Length");
	bool is_head = strcmp(request->sent.method, "HEAD") == 0;

	must(strcmp(http_reason(status), "Unknown") != 0);
	must(status != 500);
	must(!is_head || length == 0);
	must((status != 304 && status != 204) || (length == 0 && said == NULL));
	must(said == NULL || is_head || strtoul(said, NULL, 10) == length);
	must(memory_gateway_field(gateway, "Set-Cookie") == NULL);
	check_location(gateway);
	/* Cross-site, and not a resource that is there for reading only. */
	if (request->is_elsewhere && request->may_change)
		must(status >= 400);
	check_body(request, memory_gateway_field(gateway, "Content-Type"), status, body, length);
}

static void begin(struct asked *asked)
{
	asked->gateway = memory_gateway_open(&asked->request.sent);
	asked->response = router_dispatch(&site.router, memory_gateway_of(asked->gateway));
	memory_gateway_forget(asked->gateway);
}

/* The client goes away, if it still waits. */
static void leave(struct asked *asked)
{
	bool is_there = memory_gateway_releases(asked->gateway) == 0;

	if (asked->response != NULL && is_there)
		response_abandon(asked->response);
	fuzz_site_settle(&site);
}

/* What has come so far of a response that has no end is looked at no closer. */
static void end(struct asked *asked)
{
	if (memory_gateway_releases(asked->gateway) == 0)
		leave(asked);
	else if (memory_gateway_responds(asked->gateway) == 1)
		check_response(asked);
	must(memory_gateway_responds(asked->gateway) <= 1);
	memory_gateway_close(asked->gateway);
}

/* Of a request that nothing else came between. */
static void check_kept(const struct fuzz_request *request, const struct kept *before)
{
	const struct kept after = keep();
	bool may_change = request->may_change && !request->is_elsewhere;

	if (!may_change)
		must(memcmp(&after, before, sizeof(after)) == 0);
	if (request->is_organiser)
		return;
	must(after.sheet == before->sheet);
	must(request->has_code || after.change == before->change);
	must(request->has_code || after.users >= before->users);
}

/* Asks, waits for the answer, and returns it; NULL: it has no end. */
static struct memory_gateway *ask(const struct memory_request *sent)
{
	struct asked asked = {.request = {.sent = *sent}};

	begin(&asked);
	fuzz_site_settle(&site);
	if (memory_gateway_responds(asked.gateway) == 1)
		return asked.gateway;
	leave(&asked);
	memory_gateway_close(asked.gateway);
	return NULL;
}

static void expect_same(const char *one, const char *other)
{
	must((one == NULL) == (other == NULL));
	must(one == NULL || strcmp(one, other) == 0);
}

/* HEAD has the header fields of GET; the same ETag stands for the same body, and is answered by
 * 304. */
static void check_get(const struct fuzz_request *request)
{
	struct memory_request sent = request->sent;

	sent.method = "GET";
	sent.if_none_match = NULL;
	struct memory_gateway *first = ask(&sent);
	if (first == NULL)
		return;
	sent.method = "HEAD";
	struct memory_gateway *head = ask(&sent);
	must(head != NULL);
	must(strcmp(memory_gateway_head(first), memory_gateway_head(head)) == 0);
	const char *etag = memory_gateway_field(first, "ETag");
	expect_same(etag, memory_gateway_field(head, "ETag"));
	memory_gateway_close(head);
	if (etag != NULL) {
		sent.method = "GET";
		struct memory_gateway *second = ask(&sent);
		must(second != NULL);
		expect_same(etag, memory_gateway_field(second, "ETag"));
		must(memory_gateway_body_length(first) == memory_gateway_body_length(second));
		must(strcmp(memory_gateway_body(first), memory_gateway_body(second)) == 0);
		memory_gateway_close(second);
		sent.if_none_match = etag;
		struct memory_gateway *third = ask(&sent);
		must(third != NULL);
		must(memory_gateway_status(third) == 304);
		memory_gateway_close(third);
	}
	memory_gateway_close(first);
}

/* Those that were followed by others are answered by now, or go on. */
static void end_all(struct asked *asked, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		end(&asked[i]);
		fuzz_request_free(&asked[i].request);
	}
}

static void play_requests(struct fuzz_input *input)
{
	static struct asked asked[MOST_REQUESTS];
	size_t open = 0;

	for (int i = 0; i < MOST_REQUESTS && input->length > 0; i++) {
		struct asked *now = &asked[open++];
		const struct kept before = keep();
		fuzz_request_take(&now->request, input, &site);
		begin(now);
		if (now->request.is_followed)
			continue;
		if (now->request.is_left)
			leave(now);
		fuzz_site_settle(&site);
		driven_loop_pass(&site.loop, 120);
		fuzz_site_settle(&site);
		if (open == 1)
			check_kept(&now->request, &before);
		if (!now->request.may_change && now->request.is_stable)
			check_get(&now->request);
		end_all(asked, open);
		open = 0;
	}
	fuzz_site_settle(&site);
	end_all(asked, open);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {.bytes = bytes, .length = length};

	unsigned options = fuzz_take_byte(&input);
	fuzz_site_open(&site, options, fuzz_take_byte(&input));
	play_requests(&input);
	fuzz_site_stop(&site);
	fuzz_site_close(&site);
	return 0;
}
