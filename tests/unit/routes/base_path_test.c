/* A site under a path: every address that a response has, in HTML, JSON or its header, begins with
 * the path. */
#include <string.h>

#include "support/test.h"
#include "support/unit/test_site.h"

#define BASE "/signup"

static void enter_path(struct test_site *site)
{
	site->site.sheet.text.base_path = BASE;
	site->site.sheet.text.style = "/custom.css";
	site->router.base_path = BASE;
	site->site.page_size = 3;
	site->site.print_size = 3;
	test_site_fill(site, 8);
}

/* Addresses begin behind a quotation mark, or "<" in Link; so does no text of these pages. */
static size_t count_addresses(const char *text)
{
	size_t count = 0;

	for (const char *at = text; (at = strchr(at, '/')) != NULL; at++) {
		if (at == text || (at[-1] != '"' && strncmp(at - 1, "</users", 7) != 0 &&
					  strncmp(at - 1, "<" BASE, strlen(BASE) + 1) != 0))
			continue;
		if (strncmp(at, BASE "/", strlen(BASE) + 1) != 0)
			fail_msg("not under %s: %.60s", BASE, at);
		count++;
	}
	return count;
}

static void expect_addresses(struct test_site *site, const struct memory_request *asked)
{
	struct memory_gateway *memory = test_site_ask(site, asked);

	print_message("%s %s\n", asked->path, asked->query != NULL ? asked->query : "");
	assert_true(count_addresses(memory_gateway_body(memory)) > 0);
	count_addresses(memory_gateway_head(memory));
	memory_gateway_close(memory);
}

SITE_TEST(every_address_of_a_page)
{
	static const struct {
		const char *path, *query;
	} pages[] = {
		{BASE, NULL},
		{BASE "/", NULL},
		{"/", "username=Zoe"},
		{BASE "/users", NULL},
		{BASE "/users", "before=6"},
		{BASE "/users", "created=8"},
		{BASE "/users", "q=user"},
		{BASE "/users", "q=nobody"},
		{BASE "/users/4", NULL},
		{BASE "/users/print", NULL},
		{BASE "/users/print", "after=3"},
		{BASE "/nowhere", NULL},
	};

	enter_path(site);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		expect_addresses(site,
			&(struct memory_request){
				.method = "GET", .path = pages[i].path, .query = pages[i].query});
}

SITE_TEST(every_address_of_an_empty_list)
{
	site->site.sheet.text.base_path = BASE;
	expect_addresses(site, &(struct memory_request){.method = "GET", .path = "/users"});
	expect_addresses(site, &(struct memory_request){.method = "GET", .path = "/"});
}

SITE_TEST(every_address_in_json)
{
	static const char *const paths[] = {"/", "/users"};

	enter_path(site);
	for (size_t i = 0; i < 2; i++)
		expect_addresses(site,
			&(struct memory_request){
				.method = "GET", .path = paths[i], .accept = "application/json"});
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "GET",
					    .path = BASE "/users",
					    .query = "before=6",
					    .accept = "application/json"});
	memory_gateway_expect_field(memory, "Link",
		"<" BASE "/users>; rel=\"first\", <" BASE "/users?after=5>; rel=\"prev\", <" BASE
		"/users?before=3>; rel=\"next\", <" BASE "/users?after=0>; rel=\"last\"");
	memory_gateway_close(memory);
}

SITE_TEST(the_address_of_a_new_user)
{
	enter_path(site);
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=Zoe")});
	memory_gateway_expect_field(memory, "Location", BASE "/users?created=9");
	memory_gateway_close(memory);
}

SITE_TEST(refusals_of_a_name)
{
	enter_path(site);
	expect_addresses(site, &(struct memory_request){TEST_SITE_POST("username=User001")});
	expect_addresses(site, &(struct memory_request){TEST_SITE_POST("username=@")});
	struct memory_request json = {TEST_SITE_POST("username=User001")};
	json.accept = "application/json";
	struct memory_gateway *memory = test_site_ask(site, &json);
	memory_gateway_expect(memory, "\"holder\":\"" BASE "/users/1\"");
	memory_gateway_close(memory);
}
