/*
 * Each field is a byte that chooses a word from a table; beyond the table, or at its NULL, it is a
 * text of the input, up to a NUL.
 */
#include "fuzz/routes/fuzz_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "routes/leave/leave_link.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Any text: the last of each table. */
static const char any[] = "";

static const char *const methods[] = {
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", any};

/* With a number where there is a '#'. Those before PAGES have a page and JSON. */
static const char *const paths[] = {"/", "/users", "/users/#", "/create-user", "/leave/#",
	"/nowhere", "/users/print", "/users.csv", "/users.jsonl", "/users/events", "/sheet",
	"/admin", "/admin/sheet", "/admin/close", "/admin/reopen", "/admin/add", "/admin/named",
	"/admin/users/#", "/admin/users/#/remove", "/admin/users/#/rename", "/admin/import",
	"/admin/import/#", "/admin/import/#/commit", "/healthz", "/readyz", "/metrics", "/loop",
	"/loop/events", "/admin/status", any};
#define PAGES  6
#define STEADY 25 /* those from here on show what the program has done */

static const char *const accepts[] = {NULL, "text/html", "application/json", "*/*",
	"application/problem+json", "text/html;q=0.1, application/json", any};
static const char *const fetch_sites[] = {
	NULL, "same-origin", "none", "cross-site", "same-site", "", any};
static const char *const origins[] = {NULL, "https://rollcall.test", "http://rollcall.test",
	"https://rollcall.test.evil", "null", "https://ROLLCALL.test:443", any};
static const char *const hosts[] = {"rollcall.test", NULL, "rollcall.test:443", any};
static const char *const types[] = {"application/x-www-form-urlencoded", "application/json", NULL,
	"application/jsonl", "application/json; charset=utf-8", "text/csv", any};
static const char *const users[] = {NULL, "organiser", "", any};

static const char *take_any(struct fuzz_request *request, struct fuzz_input *input)
{
	size_t length;
	const char *text = fuzz_take_text(input, &length);

	must(request->text_count < COUNT(request->texts));
	return request->texts[request->text_count++] = fuzz_string(text, length);
}

static const char *take_of(struct fuzz_request *request, struct fuzz_input *input,
	const char *const *table, size_t count)
{
	const char *chosen = table[fuzz_take_below(input, count)];

	return chosen == any ? take_any(request, input) : chosen;
}

#define TAKE(table) take_of(request, input, (table), COUNT(table))

/* The path of the table with a number in it, under the path of the site. */
static void write_path(
	struct fuzz_request *request, const char *path, uint64_t number, const struct site *site)
{
	const char *mark = strchr(path, '#');
	int before = mark != NULL ? (int)(mark - path) : (int)strlen(path);

	snprintf(request->path, sizeof(request->path), "%s%.*s", site->sheet.text.base_path, before,
		path);
	size_t length = strlen(request->path);
	if (mark != NULL)
		snprintf(request->path + length, sizeof(request->path) - length, "%llu%s",
			(unsigned long long)number, mark + 1);
	request->sent.path = request->path;
}

static uint64_t take_path(
	struct fuzz_request *request, struct fuzz_input *input, const struct site *site)
{
	size_t place = fuzz_take_below(input, COUNT(paths));
	uint64_t number = fuzz_take_below(input, FUZZ_SITE_USERS + 6);

	request->is_page = place < PAGES;
	request->is_stable = place < STEADY;
	if (paths[place] == any)
		request->sent.path = take_any(request, input);
	else
		write_path(request, paths[place], number, site);
	return number;
}

/* The code of that user, as it was shown: the users of the beginning were all made at once. */
static void write_code(struct fuzz_request *request, uint64_t number, const struct fuzz_site *site)
{
	const struct user *beside = fuzz_site_user(site, number);
	char code[LEAVE_CODE_SIZE];

	if (beside == NULL)
		return;
	leave_code_make(site->site.leave_key, LEAVE_FOREVER, beside, code);
	snprintf(request->body, sizeof(request->body), "key=%s", code);
	request->sent.body = request->body;
	request->sent.content_type = types[0];
	request->has_code = true;
}

static void take_body(struct fuzz_request *request, struct fuzz_input *input, unsigned how,
	uint64_t number, const struct fuzz_site *site)
{
	static const char *const before[] = {"", "username=", "{\"username\":\"", "q="};

	request->sent.content_type = TAKE(types);
	if (how == 0) {
		write_code(request, number, site);
		return;
	}
	const char *text = take_any(request, input);
	snprintf(request->body, sizeof(request->body), "%s%s%s", before[how % 4], text,
		how % 4 == 2 ? "\"}" : "");
	request->sent.body = request->body;
	request->sent.chunk = how / 4;
}

static void take_headers(struct fuzz_request *request, struct fuzz_input *input, unsigned which)
{
	struct memory_request *sent = &request->sent;

	if ((which & 1) != 0)
		sent->query = take_any(request, input);
	if ((which & 2) != 0)
		sent->last_event_id = take_any(request, input);
	if ((which & 4) != 0)
		sent->if_none_match = take_any(request, input);
	if ((which & 8) != 0)
		sent->if_match = take_any(request, input);
	if ((which & 16) != 0)
		sent->id = take_any(request, input);
	if ((which & 32) != 0)
		sent->remote_user = TAKE(users);
	if ((which & 64) != 0)
		sent->operator= TAKE(users);
	sent->is_peer_own = (which & 128) != 0;
}

/* By the rules of docs/api.md, and not by those of origin.c, which knows more spellings: false
 * where it is not plain. */
static bool is_plainly_elsewhere(const struct memory_request *sent)
{
	const char *origin = sent->origin;

	if (sent->fetch_site != NULL && *sent->fetch_site != '\0')
		return strcmp(sent->fetch_site, "same-origin") != 0 &&
		       strcmp(sent->fetch_site, "none") != 0;
	return origin != NULL && *origin != '\0' && strcasestr(origin, "rollcall.test") == NULL &&
	       sent->host != NULL && strncmp(sent->host, "rollcall.test", 13) == 0;
}

static bool is_told(const char *text)
{
	return text != NULL && *text != '\0';
}

static bool is_plainly_organiser(const struct memory_request *sent, const struct site *site)
{
	return (is_told(sent->operator) && sent->is_peer_own) ||
	       (site->has_admin && is_told(sent->remote_user));
}

void fuzz_request_take(
	struct fuzz_request *request, struct fuzz_input *input, const struct fuzz_site *site)
{
	*request = (struct fuzz_request){.is_stable = true};
	unsigned how = fuzz_take_byte(input), which = fuzz_take_byte(input);
	struct memory_request *sent = &request->sent;

	sent->method = TAKE(methods);
	uint64_t number = take_path(request, input, &site->site);
	sent->accept = TAKE(accepts);
	sent->fetch_site = TAKE(fetch_sites);
	sent->origin = TAKE(origins);
	sent->host = TAKE(hosts);
	take_headers(request, input, which);
	request->may_change = strcmp(sent->method, "GET") != 0 && strcmp(sent->method, "HEAD") != 0;
	if (request->may_change)
		take_body(request, input, how & 15, number, site);
	/* Programs alone send others, and get JSON. */
	request->is_page &= !request->may_change || strcmp(sent->method, "POST") == 0;
	request->is_left = (how & 0xc0) == 0x40;
	request->is_followed = (how & 0xc0) == 0x80;
	request->is_elsewhere = is_plainly_elsewhere(sent);
	request->is_organiser = is_plainly_organiser(sent, &site->site);
}

void fuzz_request_free(struct fuzz_request *request)
{
	for (size_t i = 0; i < request->text_count; i++)
		free(request->texts[i]);
}
