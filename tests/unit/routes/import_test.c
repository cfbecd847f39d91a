/* Importing a list into the running server: several requests, and all of it or none. */
#include "routes/admin/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/flat_file/flat_file_store.h"
#include "support/test.h"
#include "support/unit/test_site.h"

static struct memory_request post(const char *path, const char *body)
{
	return (struct memory_request){.method = "POST",
		.path = path,
		.operator= "root",
		.is_peer_own = true,
		.accept = "application/json",
		.content_type = "application/jsonl",
		.body = body};
}

/* The response that stays open; `path` gets the address of the import. */
static struct memory_gateway *begin_import(
	struct test_site *site, char path[static 64], struct response **open)
{
	static const char before[] = "{\"import\":";
	const struct memory_request request = post("/admin/import", "");
	struct memory_gateway *memory = test_site_begin(site, &request, open);

	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, before);
	snprintf(path, 64, "/admin/import/%" PRIu64,
		(uint64_t)strtoull(memory_gateway_body(memory) + sizeof(before) - 1, NULL, 10));
	return memory;
}

static void expect_part(struct test_site *site, const char *path, const char *body, unsigned status,
	const char *text)
{
	const struct memory_request request = post(path, body);

	memory_gateway_end(test_site_ask(site, &request), status, text);
}

static void expect_commit(
	struct test_site *site, const char *path, unsigned status, const char *text)
{
	char commit[80];

	snprintf(commit, sizeof(commit), "%s/commit", path);
	expect_part(site, commit, "", status, text);
}

/* As plain CGI, where no response goes on. */
SITE_TEST(an_import_needs_a_gateway_that_goes_on)
{
	const struct memory_request request = post("/admin/import", "");
	struct memory_gateway *memory = memory_gateway_open(&request);
	struct gateway *gateway = memory_gateway_of(memory);
	struct gateway_operations plain = *gateway->operations;

	plain.stream = NULL;
	plain.end = NULL;
	gateway->operations = &plain;
	assert_null(router_dispatch(&site->router, gateway));
	assert_null(site->site.import);
	memory_gateway_end(memory, 409, "runs under CGI");
}

SITE_TEST(a_list_is_imported)
{
	struct response *open;
	char path[64];

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path, "{\"username\":\"Bob\"}\n{\"username\":\"Eve\"}\n", 200,
		"{\"refused\":[],\"added\":2}");
	assert_int_equal(test_site_users(site), 1); /* not before all of it is stored */
	expect_commit(site, path, 200, "{\"imported\":2}");
	assert_int_equal(test_site_users(site), 3);
	captured_log_expect(&site->log, "event=users-imported organiser=root users=2 ");
	memory_gateway_close(memory);
	expect_commit(site, path, 404, "That import is over.");
}

SITE_TEST(rows_that_are_refused)
{
	struct response *open;
	char path[64];

	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path,
		"{\"username\":\"ADA\"}\n{\"username\":\"Bob\"}\n{\"username\":\"bob\"}\n"
		"{\"username\":\"a@b\"}\n{\n",
		200, "{\"row\":1,\"reason\":\"username: taken by user 1, Ada\"}");
	expect_part(site, path, "{\"username\":\"bob\"}\n", 200,
		"{\"refused\":[{\"row\":1,\"reason\":\"username: taken by Bob, earlier in this "
		"list\"}],\"added\":0}");
	expect_part(site, path, "{\"username\":\"a@b\"}\n", 200, "\"reason\":\"username: it has");
	expect_commit(site, path, 200, "{\"imported\":1}");
	memory_gateway_close(memory);
}

/* The client goes away before the end. */
SITE_TEST(an_import_that_is_given_up_leaves_nothing)
{
	struct response *open;
	char path[64];

	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path, "{\"username\":\"Bob\"}\n", 200, "\"added\":1");
	response_abandon(open);
	memory_gateway_close(memory);
	expect_commit(site, path, 404, "That import is over. Nothing was imported.");
	assert_int_equal(test_site_users(site), 0);
	/* Another one can begin. */
	memory = begin_import(site, path, &open);
	import_give_up(&site->site);
	memory_gateway_close(memory);
	expect_commit(site, path, 404, "That import is over.");
}

SITE_TEST(one_import_at_a_time)
{
	struct response *open;
	char path[64];

	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, "/admin/import", "", 409,
		"Another list is being imported. Nothing was imported.");
	expect_part(
		site, "/admin/import/1", "{\"username\":\"Bob\"}\n", 404, "That import is over.");
	expect_commit(site, path, 200, "{\"imported\":0}");
	memory_gateway_close(memory);
}

SITE_TEST(a_name_that_is_taken_meanwhile)
{
	struct response *open;
	char path[64];

	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path, "{\"username\":\"Bob\"}\n", 200, "\"added\":1");
	assert_int_equal(test_site_create(site, "username=bob"), 303);
	expect_commit(
		site, path, 409, "Meanwhile somebody has signed up as bob. Nothing was imported.");
	assert_int_equal(test_site_users(site), 1);
	memory_gateway_close(memory);
}

SITE_TEST(more_than_there_may_be)
{
	struct response *open;
	char path[64];

	store_set_limits(site->store, &(struct store_limits){.max_users = 1});
	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path, "{\"username\":\"Bob\"}\n", 200, "\"added\":1");
	expect_part(site, path, "{\"username\":\"Eve\"}\n{\"username\":\"Al\"}\n", 409,
		"There would be more users than there may be (--max-users). Nothing was imported.");
	assert_int_equal(test_site_create(site, "username=Joe"), 303);
	expect_commit(site, path, 409, "There would be more users than there may be");
	response_abandon(open);
	memory_gateway_close(memory);
	assert_int_equal(test_site_users(site), 1);
}

SITE_TEST(a_disk_that_is_full)
{
	struct response *open;
	char path[64];

	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path, "{\"username\":\"Bob\"}\n", 200, "\"added\":1");
	fake_disk_fail(site->disk, VFS_WRITE, 0, 1, ENOSPC);
	expect_commit(site, path, 503, "The list could not be stored. Nothing was imported.");
	memory_gateway_close(memory);
	assert_int_equal(test_site_users(site), 0);
}

SITE_TEST(a_disk_in_doubt)
{
	struct response *open;
	char path[64];

	struct memory_gateway *memory = begin_import(site, path, &open);
	expect_part(site, path, "{\"username\":\"Bob\"}\n", 200, "\"added\":1");
	fake_disk_fail(site->disk, VFS_SYNC_DIRECTORY, 0, ALWAYS, EIO);
	const struct memory_request commit = post(strcat(path, "/commit"), "");
	struct memory_gateway *answer = test_site_ask(site, &commit);
	memory_gateway_expect_field(answer, "Retry-After", "5");
	memory_gateway_end(answer, 503,
		"\"The list cannot be stored. Look at it when the server has been started anew: "
		"the "
		"disk may have it all the same.\"");
	memory_gateway_close(memory);
	const struct memory_request again = post("/admin/import", "");
	memory_gateway_end(test_site_ask(site, &again), 503, "The list cannot be stored.");
}

/* Nothing of them is taken, and the import goes on. */
SITE_TEST(bodies_that_are_refused)
{
	static const struct {
		struct memory_request request;
		unsigned status;
		const char *field, *value, *text;
	} rows[] = {
		{{.content_length = "100"}, 400, NULL, NULL, "\"The body was cut off.\""},
		{{.content_encoding = "gzip"}, 415, "Accept-Encoding", "identity", "must not have"},
		{{.refused = 413}, 413, NULL, NULL, "larger than the server accepts"},
	};
	struct response *open;
	char path[64];

	struct memory_gateway *memory = begin_import(site, path, &open);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct memory_request request = post(path, "{\"username\":\"Bob\"}\n");
		request.content_length = rows[i].request.content_length;
		request.content_encoding = rows[i].request.content_encoding;
		request.refused = rows[i].request.refused;
		struct memory_gateway *answer = test_site_ask(site, &request);
		if (rows[i].field != NULL)
			memory_gateway_expect_field(answer, rows[i].field, rows[i].value);
		memory_gateway_expect_field(answer, "Retry-After", NULL);
		memory_gateway_end(answer, rows[i].status, rows[i].text);
	}
	expect_part(site, path, "", 200, "{\"refused\":[],\"added\":0}");
	expect_commit(site, path, 200, "{\"imported\":0}");
	memory_gateway_close(memory);
}

SITE_TEST(an_import_of_nobody_who_may)
{
	struct memory_request request = post("/admin/import", "");

	request.is_peer_own = false;
	struct memory_gateway *memory = test_site_ask(site, &request);
	assert_int_equal(memory_gateway_status(memory), 403);
	memory_gateway_close(memory);
}
