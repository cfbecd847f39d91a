/* GET /users?q=: users by the beginning of their names. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/test_site.h"

static void fill_few(struct test_site *site)
{
	static const char *const forms[] = {"username=Zo%C3%AB", "username=Ann+Lee",
		"username=anna", "username=ANN", "username=ann.b"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		assert_int_equal(test_site_create(site, forms[i]), 303);
}

static void fill(struct test_site *site)
{
	fill_few(site);
	test_site_fill(site, 121);
}

static struct memory_gateway *ask(struct test_site *site, const char *query, const char *accept)
{
	return test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/users", .query = query, .accept = accept});
}

/* How a program sees it: the names, one after the other, and the links. */
static void expect_json(struct test_site *site, const char *query, const char *names,
	const char *links, const char *header)
{
	struct memory_gateway *memory = ask(site, query, "application/json");
	json_t *body = json_loads(memory_gateway_body(memory), 0, NULL), *user;
	char *found_links = json_dumps(json_object_get(body, "links"), JSON_COMPACT);
	char found[4096] = "";
	size_t i;

	assert_int_equal(memory_gateway_status(memory), 200);
	json_array_foreach(json_object_get(body, "users"), i, user)
	{
		if (i > 0)
			strcat(found, ", ");
		strcat(found, json_string_value(json_object_get(user, "username")));
	}
	assert_string_equal(found, names);
	assert_string_equal(found_links, links);
	assert_int_equal(json_integer_value(json_object_get(body, "total")), 126);
	memory_gateway_expect_field(memory, "Link", header);
	free(found_links);
	json_decref(body);
	memory_gateway_close(memory);
}

SITE_TEST(json)
{
	fill(site);
	site->site.page_size = 3;
	expect_json(site, "q=ANN", "ANN, ann.b, Ann Lee",
		"{\"self\":\"/users?q=ANN\",\"next\":\"/users?q=ANN&after=2\"}",
		"</users?q=ANN&after=2>; rel=\"next\"");
	expect_json(site, "q=ANN&after=2", "anna",
		"{\"self\":\"/users?q=ANN&after=2\",\"previous\":\"/users?q=ANN&before=3\"}",
		"</users?q=ANN&before=3>; rel=\"prev\"");
	expect_json(site, "q=ann&before=3&created=1", "ANN, ann.b, Ann Lee",
		"{\"self\":\"/users?q=ann&before=3\",\"next\":\"/users?q=ann&after=2\"}",
		"</users?q=ann&after=2>; rel=\"next\"");
	expect_json(site, "q=user00&after=9", "user005, user006, user007",
		"{\"self\":\"/users?q=user00&after=9\",\"previous\":\"/users?q=user00&before=10\","
		"\"next\":\"/users?q=user00&after=12\"}",
		"</users?q=user00&before=10>; rel=\"prev\", </users?q=user00&after=12>; "
		"rel=\"next\"");
	/* Behind the last, before the first, and nowhere. */
	expect_json(site, "q=ann&after=3", "",
		"{\"self\":\"/users?q=ann&after=3\",\"previous\":\"/users?q=ann\"}",
		"</users?q=ann>; rel=\"prev\"");
	expect_json(site, "q=ann&before=4", "",
		"{\"self\":\"/users?q=ann&before=4\",\"next\":\"/users?q=ann\"}",
		"</users?q=ann>; rel=\"next\"");
	expect_json(site, "q=zoe", "Zo\u00eb", "{\"self\":\"/users?q=zoe\"}", NULL);
	expect_json(site, "q=zo%C3%A9", "", "{\"self\":\"/users?q=zo%C3%A9\"}", NULL);
	expect_json(site, "q=l", "Ann Lee", "{\"self\":\"/users?q=l\"}", NULL);
	expect_json(site, "q=%21", "", "{\"self\":\"/users?q=%21\"}", NULL);
}

/* Links say it again as it was typed, but for space that says nothing. */
SITE_TEST(what_was_typed)
{
	fill(site);
	expect_json(site, "q=%E3%80%80++ann++", "ANN, ann.b, Ann Lee",
		"{\"self\":\"/users?q=ann+\"}", NULL);
	expect_json(site, "q=zoe%CC%88", "Zo\u00eb", "{\"self\":\"/users?q=zo%C3%AB\"}", NULL);
	expect_json(site, "q=%EF%BC%A1%EF%BC%AE%EF%BC%AE%EF%BC%A1", "anna",
		"{\"self\":\"/users?q=%EF%BC%A1%EF%BC%AE%EF%BC%AE%EF%BC%A1\"}", NULL);
}

static void expect_text(
	struct test_site *site, const char *query, const char *accept, const char *text)
{
	struct memory_gateway *memory = ask(site, query, accept);

	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

/* How many are found in all, on every page. */
SITE_TEST(how_many)
{
	static const char *const json = "application/json";

	fill_few(site);
	site->site.page_size = 3;
	expect_text(site, "q=ann", NULL,
		"4 names</strong> have a word that begins with \u201c<bdi>ann");
	expect_text(site, "q=ann&after=5", NULL, "4 names</strong> have a word");
	expect_text(site, "q=lee", NULL,
		"<p class=\"lead\"><strong class=\"count\">1 name</strong> has a word");
	expect_text(site, "q=ann", json, "\"total\":5,\"found\":4,\"found_more\":false,");
	expect_text(site, "q=x", json, "\"total\":5,\"found\":0,\"found_more\":false,");
	expect_text(site, "q=%21", json, "\"total\":5,\"found\":0,\"found_more\":false,");
	test_site_fill(site, LIMIT_FOUND);
	expect_text(site, "q=user", NULL, "<strong class=\"count\">1,000 names</strong> have");
	expect_text(site, "q=user", json, "\"found\":1000,\"found_more\":false,");
	assert_int_equal(test_site_create(site, "username=user.last"), 303);
	expect_text(site, "q=user", NULL,
		"<p class=\"lead\">More than <strong class=\"count\">1,000 names</strong> have");
	expect_text(site, "q=user", json, "\"found\":1000,\"found_more\":true,");
}

SITE_TEST(page)
{
	fill(site);
	site->site.page_size = 3;
	struct memory_gateway *memory = ask(site, "q=Ann&after=4", NULL);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect_field(memory, "Link", NULL);
	memory_gateway_expect(memory, "<form role=\"search\" class=\"search\" action=\"/users\" "
				      "method=\"get\">");
	memory_gateway_expect(memory, " value=\"Ann\">");
	memory_gateway_expect(memory, "\u201c<bdi>Ann</bdi>\u201d");
	memory_gateway_expect(memory, "<a href=\"/users\">All users</a>");
	memory_gateway_expect(memory, "<bdi>Ann Lee</bdi>");
	memory_gateway_expect_not(memory, "<bdi>ANN</bdi>");
	memory_gateway_expect_not(memory, "data-live");
	memory_gateway_expect(
		memory, "<a rel=\"prev\" href=\"/users?q=Ann&amp;before=5\">Previous</a>");
	memory_gateway_expect_not(memory, "rel=\"next\"");
	memory_gateway_close(memory);
}

SITE_TEST(nobody_is_found)
{
	static const char *const queries[] = {
		"q=%22%3Cb%3E%26", "q=%22%3Cb%3E%26&after=1", "q=%22%3Cb%3E%26&before=1"};

	fill(site);
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++) {
		struct memory_gateway *memory = ask(site, queries[i], NULL);
		assert_int_equal(memory_gateway_status(memory), 200);
		memory_gateway_expect(memory, " value=\"&quot;&lt;b&gt;&amp;\">");
		memory_gateway_expect(memory, "<p class=\"empty\">No name has a word that begins "
					      "with \u201c<bdi>&quot;&lt;b&gt;&amp;");
		memory_gateway_expect(memory, "<a href=\"/users\">all users</a>");
		memory_gateway_expect_not(memory, "<ol");
		memory_gateway_expect_not(memory, "<nav class=\"pages\"");
		memory_gateway_close(memory);
	}
}

SITE_TEST(too_long)
{
	char query[9000] = "q=";

	fill(site);
	memset(query + 2, 'a', 8000);
	struct memory_gateway *memory = ask(site, query, "application/json");
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, "\"users\":[],");
	memory_gateway_expect_field(memory, "Link", NULL);
	memory_gateway_close(memory);
}

/* The list, as without `q`. */
SITE_TEST(no_search)
{
	static const char *const queries[] = {"q=", "q", "q=++%09", "q=%E3%80%80"};

	fill(site);
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++) {
		struct memory_gateway *memory = ask(site, queries[i], NULL);
		assert_int_equal(memory_gateway_status(memory), 200);
		memory_gateway_expect(memory, "126 users</strong>, newest first");
		memory_gateway_expect(memory, "type=\"search\"");
		memory_gateway_expect(memory, " value=\"\">");
		memory_gateway_expect(memory, "href=\"/users?before=");
		memory_gateway_close(memory);
	}
}

SITE_TEST(malformed)
{
	static const char *const queries[] = {"q=%FF", "q=%ED%A0%80", "q=a%00", "q=a%", "q=a&q=a",
		"q=a&after=x", "q=a&after=1&before=1"};

	fill(site);
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++) {
		struct memory_gateway *memory = ask(site, queries[i], NULL);
		assert_int_equal(memory_gateway_status(memory), 400);
		memory_gateway_close(memory);
	}
}

SITE_TEST(not_changed)
{
	char etag[128];

	fill(site);
	struct memory_gateway *memory = ask(site, "q=new", NULL);
	snprintf(etag, sizeof(etag), "%s", memory_gateway_field(memory, "ETag"));
	memory_gateway_close(memory);
	struct memory_request again = {
		.method = "GET", .path = "/users", .query = "q=new", .if_none_match = etag};
	memory = test_site_ask(site, &again);
	assert_int_equal(memory_gateway_status(memory), 304);
	memory_gateway_close(memory);
	assert_int_equal(test_site_create(site, "username=newcomer"), 303);
	memory = test_site_ask(site, &again);
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, "<bdi>newcomer</bdi>");
	memory_gateway_close(memory);
	test_site_restart(site);
	memory = ask(site, "q=new", NULL);
	memory_gateway_expect(memory, "<bdi>newcomer</bdi>");
	memory_gateway_close(memory);
}
