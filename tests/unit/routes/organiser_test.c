#include "routes/organiser.h"

#include <stdio.h>
#include <string.h>

#include "routes/answer.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define ASK .method = "POST", .path = "/change"

/* The whole list of routes: a change, which says who made it. */
static void post_change(struct site *site, struct request *request, struct response *response)
{
	const char *name = organiser_admit_change(request, response);

	(void)site;
	if (name != NULL)
		answer_text(response, 200, name);
}

static const struct route change = {.path = "/change", .post = post_change};
static const struct route *const routes[] = {&change, NULL};

static void expect_organiser(
	struct test_site *site, const struct memory_request *request, const char *name)
{
	char text[256];

	site->router.routes = routes;
	struct memory_gateway *memory = test_site_ask(site, request);
	assert_int_equal(memory_gateway_status(memory), 200);
	snprintf(text, sizeof(text), "%s\n", name);
	assert_string_equal(memory_gateway_body(memory), text);
	memory_gateway_close(memory);
}

static void expect_nobody(
	struct test_site *site, const struct memory_request *request, const char *reason)
{
	site->router.routes = routes;
	struct memory_gateway *memory = test_site_ask(site, request);
	assert_int_equal(memory_gateway_status(memory), 403);
	memory_gateway_expect(memory, reason);
	memory_gateway_close(memory);
}

#define NOBODY_NAMED "The web server has named nobody"
#define STRANGE      "A command has to run as root"
#define NO_ORGANISER "--admin is off"

SITE_TEST(the_user_whom_the_web_server_names)
{
	site->site.has_admin = true;
	expect_organiser(site, &(struct memory_request){ASK, .remote_user = "Ada"}, "Ada");
	expect_nobody(site, &(struct memory_request){ASK}, NOBODY_NAMED);
	expect_nobody(site, &(struct memory_request){ASK, .remote_user = ""}, NOBODY_NAMED);
}

SITE_TEST(without_admin_the_web_server_names_nobody)
{
	expect_nobody(site, &(struct memory_request){ASK, .remote_user = "Ada"}, NO_ORGANISER);
}

/* What a client sends in header fields is not what the web server says. */
SITE_TEST(no_header_field_makes_an_organiser)
{
	site->site.has_admin = true;
	for (int own = 0; own < 2; own++)
		expect_nobody(site,
			&(struct memory_request){ASK, .remote_user_header = "Ada",
				.operator_header = "root", .is_peer_own = own != 0},
			NOBODY_NAMED);
}

SITE_TEST(a_command_on_this_machine)
{
	expect_organiser(site,
		&(struct memory_request){ASK, .operator= "root", .is_peer_own = true}, "root");
	site->site.has_admin = true;
	expect_organiser(site,
		&(struct memory_request){
			ASK, .operator= "root", .remote_user = "Ada", .is_peer_own = true},
		"root");
}

/* A web server that runs as the server's own user, or as root, has no such parameter; and one that
 * does run as another user is not believed. */
SITE_TEST(either_alone_is_no_command)
{
	expect_nobody(site, &(struct memory_request){ASK, .is_peer_own = true}, NO_ORGANISER);
	expect_nobody(site, &(struct memory_request){ASK, .operator = "root"}, STRANGE);
	expect_nobody(site, &(struct memory_request){ASK, .operator= "", .is_peer_own = true},
		NO_ORGANISER);
	site->site.has_admin = true;
	expect_nobody(site, &(struct memory_request){ASK, .operator = "root"}, STRANGE);
}

/* Two servers, and the command knows the other one's socket. */
SITE_TEST(a_command_that_means_another_list)
{
	snprintf(site->site.list, sizeof(site->site.list), "1:2");
	expect_organiser(site,
		&(struct memory_request){
			ASK, .operator= "root", .list = "1:2", .is_peer_own = true},
		"root");
	expect_nobody(site,
		&(struct memory_request){
			ASK, .operator= "root", .list = "1:3", .is_peer_own = true},
		"has another list");
	site->site.has_admin = true;
	expect_nobody(site,
		&(struct memory_request){ASK, .operator= "root", .list = "", .remote_user = "Ada",
			.is_peer_own = true},
		"has another list");
}

/* A browser sends the password that it knows with whatever any page has it send. */
SITE_TEST(another_site_makes_no_change)
{
	site->site.has_admin = true;
	expect_nobody(site,
		&(struct memory_request){ASK, .remote_user = "Ada", .fetch_site = "cross-site"},
		"another site");
	expect_nobody(site,
		&(struct memory_request){ASK, .remote_user = "Ada", .host = "rollcall.test",
			.origin = "https://evil.test"},
		"another site");
	expect_organiser(site,
		&(struct memory_request){ASK, .remote_user = "Ada", .fetch_site = "same-origin"},
		"Ada");
}

SITE_TEST(a_long_name_is_cut)
{
	char name[300], cut[201] = "";

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(cut, name, sizeof(cut) - 1);
	site->site.has_admin = true;
	expect_organiser(site, &(struct memory_request){ASK, .remote_user = name}, cut);
}
