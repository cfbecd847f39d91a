/*
 * A reader of the HTML that the program writes, which is less than what browsers take: what does
 * not fit into this is not the program's.
 */
#include "fuzz/routes/page_check.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "fuzz/fuzz.h"

#define MOST_DEPTH 64
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:"

struct page {
	const char *at;
	const char *end;
	struct {
		const char *name;
		size_t length;
	} open[MOST_DEPTH];
	size_t depth;
};

static bool is_one_of(const char *text, size_t length, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == length && memcmp(*names, text, length) == 0)
			return true;
	return false;
}

/* What is between two tags, or in an attribute: escaped. */
static void check_text(const char *text, const char *end)
{
	static const char *const references[] = {"amp", "lt", "gt", "quot", "#39", NULL};

	for (; text < end; text++) {
		must(*text != '<' && *text != '>');
		if (*text != '&')
			continue;
		const char *semicolon = memchr(text, ';', (size_t)(end - text));
		must(semicolon != NULL);
		must(is_one_of(text + 1, (size_t)(semicolon - text - 1), references));
		text = semicolon;
	}
}

static size_t span_name(const struct page *page)
{
	const char *at = page->at;

	while (at < page->end && *at != '\0' && strchr(NAME_CHARS, *at) != NULL)
		at++;
	return (size_t)(at - page->at);
}

static bool take(struct page *page, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(page->end - page->at) < length || memcmp(page->at, text, length) != 0)
		return false;
	page->at += length;
	return true;
}

/* A space, a name, and mostly a value in quotes. */
static void take_attribute(struct page *page)
{
	static const char *const addresses[] = {"href", "src", "action", "formaction", NULL};
	size_t length = span_name(page);

	must(length > 0);
	must(length < 2 || memcmp(page->at, "on", 2) != 0); /* nothing that a page would run */
	bool is_address = is_one_of(page->at, length, addresses);
	must(!is_one_of(page->at, length, (const char *const[]){"style", NULL}));
	page->at += length;
	if (!take(page, "=\""))
		return;
	const char *quote = memchr(page->at, '"', (size_t)(page->end - page->at));
	must(quote != NULL);
	check_text(page->at, quote);
	must(!is_address || quote - page->at < 11 || strncasecmp(page->at, "javascript:", 11) != 0);
	page->at = quote + 1;
}

static void close_element(struct page *page)
{
	size_t length = span_name(page);

	must(page->depth > 0);
	page->depth--;
	must(length == page->open[page->depth].length);
	must(memcmp(page->at, page->open[page->depth].name, length) == 0);
	page->at += length;
	must(take(page, ">"));
}

static void open_element(struct page *page)
{
	static const char *const empty[] = {
		"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "line", NULL};
	const char *name = page->at;
	size_t length = span_name(page);

	must(length > 0);
	page->at += length;
	while (take(page, " ") || take(page, "\n"))
		take_attribute(page);
	bool is_closed = take(page, "/");
	must(take(page, ">"));
	if (is_closed || is_one_of(name, length, empty))
		return;
	must(page->depth < MOST_DEPTH);
	page->open[page->depth].name = name;
	page->open[page->depth++].length = length;
	/* Scripts are files. */
	if (length == 6 && memcmp(name, "script", 6) == 0)
		must(page->at < page->end && *page->at == '<');
}

void page_check(const char *text, size_t length)
{
	struct page page = {.at = text, .end = text + length};

	must(take(&page, "<!doctype html>") || take(&page, "<!DOCTYPE html>"));
	while (page.at < page.end) {
		const char *tag = memchr(page.at, '<', (size_t)(page.end - page.at));
		check_text(page.at, tag != NULL ? tag : page.end);
		if (tag == NULL)
			break;
		page.at = tag + 1;
		if (take(&page, "/"))
			close_element(&page);
		else
			open_element(&page);
	}
	must(page.depth == 0);
}
