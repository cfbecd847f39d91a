/*
 * requests ADDRESS home|users|unchanged|create COUNT: asks a FastCGI application so many times, one
 * after the other over one kept connection. `unchanged` is a page that the client has already.
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
};

static const struct kind kinds[] = {
	{"home", "/", 200},
	{"users", "/users", 200},
	{"unchanged", "/users", 304},
	{"create", "/create-user", 303},
};

static const struct kind *find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	}
	return NULL;
}

static void ask(struct fcgi_client *client, const struct kind *kind, const struct buffer *before,
	unsigned long number)
{
	char form[64];
	struct web_request request = {.path = kind->path, .before = before};

	if (kind->status == 303) {
		snprintf(form, sizeof(form), "username=request-%lu", number);
		request = (struct web_request){RECORDS_CREATE_USER(form)};
	}
	assert_int_equal(client_ask(client, &request)->status, kind->status);
}

int main(int count, char **arguments)
{
	const struct kind *kind = count == 4 ? find(arguments[2]) : NULL;
	struct buffer before = {0};

	if (kind == NULL) {
		fputs("usage: requests ADDRESS home|users|unchanged|create COUNT\n", stderr);
		return 2;
	}
	if (kind->status == 304)
		records_pair(&before, "HTTP_IF_NONE_MATCH", "*");
	struct fcgi_client *client = client_open(arguments[1]);
	unsigned long number = strtoul(arguments[3], NULL, 10);
	for (unsigned long i = 0; i < number; i++)
		ask(client, kind, &before, i);
	client_close(client);
	buffer_free(&before);
	return 0;
}
