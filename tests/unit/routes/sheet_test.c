/* What the organiser says of the sheet: on every page, and in JSON. */
#include "routes/sheet.h"

#include "support/test.h"
#include "support/unit/test_site.h"

static void tell(struct test_site *site)
{
	site->site.sheet.text = (struct sheet_text){.title = "Bread & cheese",
		.intro = "Saturday.\n\nBring <a> box.",
		.contact = "ada@example.org",
		.privacy = "Deleted soon.",
		.style = "/custom.css"};
}

static struct memory_gateway *get_home_json(struct test_site *site)
{
	return test_site_ask(
		site, &(struct memory_request){
			      .method = "GET", .path = "/", .accept = "application/json"});
}

static void expect_texts(const struct memory_gateway *memory, const char *title)
{
	memory_gateway_expect(memory, title);
	memory_gateway_expect(memory, "<meta name=\"description\" content=\"Saturday.\">");
	memory_gateway_expect(memory, "<link rel=\"stylesheet\" href=\"/custom.css\">");
	memory_gateway_expect(
		memory, "<a class=\"brand\" href=\"/\"><bdi>Bread &amp; cheese</bdi></a>");
	memory_gateway_expect(memory, "<footer>\n<p>Questions: <a "
				      "href=\"mailto:ada@example.org\">ada@example.org</a></p>\n"
				      "<p>Privacy: <bdi>Deleted soon.</bdi></p>\n<p>Rollcall, ");
}

SITE_TEST(texts_are_on_every_page)
{
	static const struct {
		const char *path, *query, *title;
	} pages[] = {
		{"/", NULL, "<title>Bread &amp; cheese</title>"},
		{"/", "username=Ada2", "<title>Bread &amp; cheese</title>"},
		{"/users", NULL, "<title>Users – Bread &amp; cheese</title>"},
		{"/users", "q=a", "<title>Search – Bread &amp; cheese</title>"},
		{"/users/1", NULL, "<title>Ada – Bread &amp; cheese</title>"},
		{"/users", "before=x", "<title>Bad request – Bread &amp; cheese</title>"},
		{"/nowhere", NULL, "<title>Not found – Bread &amp; cheese</title>"},
	};

	tell(site);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct memory_gateway *memory = test_site_get(site, pages[i].path, pages[i].query);
		expect_texts(memory, pages[i].title);
		memory_gateway_close(memory);
	}
}

SITE_TEST(texts_are_beside_a_form_that_was_refused)
{
	tell(site);
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST("username=@")});
	assert_int_equal(memory_gateway_status(memory), 422);
	expect_texts(memory, "<title>Error: Sign up – Bread &amp; cheese</title>");
	memory_gateway_close(memory);
}

SITE_TEST(home_begins_with_the_introduction)
{
	tell(site);
	struct memory_gateway *memory = test_site_get(site, "/", NULL);
	memory_gateway_expect(memory, "<h1>Bread &amp; cheese</h1>\n"
				      "<div class=\"intro\">\n<p dir=\"auto\">Saturday.</p>\n"
				      "<p dir=\"auto\">Bring &lt;a&gt; box.</p>\n</div>\n"
				      "<p class=\"lead\">");
	memory_gateway_close(memory);
}

SITE_TEST(json_has_the_texts_that_there_are)
{
	struct memory_gateway *memory = get_home_json(site);
	memory_gateway_expect(memory, "{\"title\":\"Sign-up sheet\",\"total\":0,");
	memory_gateway_close(memory);
	tell(site);
	memory = get_home_json(site);
	memory_gateway_expect(memory,
		"{\"title\":\"Bread & cheese\",\"intro\":\"Saturday.\\n\\nBring <a> box.\","
		"\"contact\":\"ada@example.org\",\"privacy\":\"Deleted soon.\",\"total\":0,");
	memory_gateway_close(memory);
}
