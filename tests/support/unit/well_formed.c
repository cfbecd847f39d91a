/* A page is read as strictly as the program writes it: lower case, quotes around values, an end for
 * every element but the void ones. A browser would mend what is missing, and nobody would see it.
 */
#include "support/unit/well_formed.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "support/test.h"

#define DEEPEST    32
#define ATTRIBUTES 24
#define NAME_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:"

struct name {
	const char *text;
	size_t length;
};

struct page {
	const char *at;
	struct name open[DEEPEST];
	size_t depth;
};

static void must_be(const struct page *page, bool holds, const char *what)
{
	if (!holds)
		fail_msg("the page has %s before: %.60s", what, page->at);
}

static bool is_same_name(struct name a, struct name b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool is_one_of(struct name name, const char *const *names)
{
	while (*names != NULL && !is_same_name(name, (struct name){*names, strlen(*names)}))
		names++;
	return *names != NULL;
}

static struct name take_name(struct page *page)
{
	struct name name = {page->at, strspn(page->at, NAME_BYTES)};

	must_be(page, name.length > 0, "no name");
	page->at += name.length;
	return name;
}

static void take_byte(struct page *page, char byte)
{
	must_be(page, *page->at == byte, "a tag without its end");
	page->at++;
}

static void skip_past(struct page *page, const char *end)
{
	const char *found = strstr(page->at, end);

	must_be(page, found != NULL, "something without its end");
	page->at = found + strlen(end);
}

static void take_value(struct page *page)
{
	take_byte(page, '"');
	page->at += strcspn(page->at, "\"<>");
	take_byte(page, '"');
}

static void take_attributes(struct page *page)
{
	struct name names[ATTRIBUTES];
	size_t count = 0;

	while (*page->at == ' ') {
		page->at++;
		must_be(page, count < ATTRIBUTES, "too many attributes");
		names[count] = take_name(page);
		for (size_t i = 0; i < count; i++)
			must_be(page, !is_same_name(names[i], names[count]), "an attribute twice");
		count++;
		if (*page->at == '=') {
			page->at++;
			take_value(page);
		}
	}
}

static void take_start(struct page *page)
{
	static const char *const voids[] = {"area", "base", "br", "col", "embed", "hr", "img",
		"input", "link", "meta", "source", "track", "wbr", NULL};
	static const char *const raw[] = {"script", "style", NULL};
	struct name name = take_name(page);

	take_attributes(page);
	bool is_closed = *page->at == '/';
	page->at += is_closed;
	take_byte(page, '>');
	if (is_closed || is_one_of(name, voids))
		return;
	must_be(page, page->depth < DEEPEST, "too many elements");
	page->open[page->depth++] = name;
	if (is_one_of(name, raw)) {
		const char *end = strstr(page->at, "</");
		must_be(page, end != NULL, "a script without its end");
		page->at = end;
	}
}

static void take_end(struct page *page)
{
	struct name name = take_name(page);

	must_be(page, page->depth > 0 && is_same_name(page->open[page->depth - 1], name),
		"the end of another element");
	page->depth--;
	take_byte(page, '>');
}

static void expect_page(const char *html)
{
	struct page page = {.at = html};

	if (html[1] == '!') /* tests know a kept page by its first byte, which they have replaced */
		skip_past(&page, ">");
	for (;;) {
		page.at += strcspn(page.at, "<>");
		if (*page.at == '\0')
			break;
		take_byte(&page, '<');
		if (*page.at == '!') {
			skip_past(&page, ">");
		} else if (*page.at == '/') {
			page.at++;
			take_end(&page);
		} else {
			take_start(&page);
		}
	}
	must_be(&page, page.depth == 0, "an element without its end");
}

static void expect_json(const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

	if (json == NULL)
		fail_msg("%s: %s", error.text, text);
	json_decref(json);
}

void expect_well_formed(const char *media_type, const char *body)
{
	if (media_type == NULL || *body == '\0')
		return;
	if (strncmp(media_type, "text/html", strlen("text/html")) == 0)
		expect_page(body);
	else if (strcmp(media_type, "application/json") == 0 ||
		 strcmp(media_type, "application/problem+json") == 0)
		expect_json(body);
}
