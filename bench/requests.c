/*
 * requests ADDRESS KIND COUNT: asks a FastCGI application so many times, one after the other over
 * one kept connection. `unchanged` is a page that the client has already; `browser` is the home
 * page with all that a browser sends along, as nginx passes it on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/protocol/fcgi_client.h"
#include "support/test.h"

struct kind {
	const char *name;
	const char *path;
	unsigned status;
	const char *form; /* of a create: the number of the request follows */
};

static const struct kind kinds[] = {
	{"home", "/", 200, NULL},
	{"browser", "/", 200, NULL},
	{"users", "/users", 200, NULL},
	{"unchanged", "/users", 304, NULL},
	{"create", "/create-user", 303, "username=request-"},
	{"accented", "/create-user", 303, "username=Zo%C3%AB-"},
};

static const char *const browser_fields[][2] = {
	{"HTTP_CONNECTION", "keep-alive"},
	{"HTTP_SEC_CH_UA", "\"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\""},
	{"HTTP_SEC_CH_UA_MOBILE", "?0"},
	{"HTTP_SEC_CH_UA_PLATFORM", "\"Linux\""},
	{"HTTP_UPGRADE_INSECURE_REQUESTS", "1"},
	{"HTTP_USER_AGENT",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
		"Chrome/130.0.0.0 Safari/537.36"},
	{"HTTP_ACCEPT",
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
		"image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"},
	{"HTTP_SEC_FETCH_MODE", "navigate"},
	{"HTTP_SEC_FETCH_USER", "?1"},
	{"HTTP_SEC_FETCH_DEST", "document"},
	{"HTTP_ACCEPT_ENCODING", "gzip, deflate, br, zstd"},
	{"HTTP_ACCEPT_LANGUAGE", "en-US,en;q=0.9"},
};

static const struct kind *find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

/* What is sent along with each request. */
static void append_fields(const struct kind *kind, struct buffer *fields)
{
	if (kind->status == 304)
		records_pair(fields, "HTTP_IF_NONE_MATCH", "*");
	if (strcmp(kind->name, "browser") != 0)
		return;
	for (size_t i = 0; i < sizeof(browser_fields) / sizeof(*browser_fields); i++)
		records_pair(fields, browser_fields[i][0], browser_fields[i][1]);
}

static void ask(struct fcgi_client *client, const struct kind *kind, const struct buffer *fields,
	unsigned long number)
{
	char form[64];
	struct web_request request = {.path = kind->path, .after = fields};

	if (kind->form != NULL) {
		snprintf(form, sizeof(form), "%s%lu", kind->form, number);
		request = (struct web_request){RECORDS_CREATE_USER(form)};
	}
	assert_int_equal(client_ask(client, &request)->status, kind->status);
}

int main(int count, char **arguments)
{
	const struct kind *kind = count == 4 ? find(arguments[2]) : NULL;
	struct buffer fields = {0};

	if (kind == NULL) {
		fputs("usage: requests ADDRESS home|browser|users|unchanged|create|accented "
		      "COUNT\n",
			stderr);
		return 2;
	}
	append_fields(kind, &fields);
	struct fcgi_client *client = client_open(arguments[1]);
	unsigned long number = strtoul(arguments[3], NULL, 10);
	for (unsigned long i = 0; i < number; i++)
		ask(client, kind, &fields, i);
	client_close(client);
	buffer_free(&fields);
	return 0;
}
