#include "http/request.h"

#include <string.h>

#include "support/test.h"
#include "support/unit/memory_gateway.h"

/* Opens a request, which the test closes with close_request(). */
static struct request *open_request(
	struct memory_gateway **memory, const struct memory_request *asked)
{
	*memory = memory_gateway_open(asked);
	return request_open(memory_gateway_of(*memory));
}

static void close_request(struct request *request, struct memory_gateway *memory)
{
	struct gateway *gateway = memory_gateway_of(memory);

	request_close(request);
	assert_int_equal(memory_gateway_releases(memory), 0);
	gateway->operations->release(gateway);
	memory_gateway_close(memory);
}

TEST(what_the_gateway_says)
{
	struct memory_gateway *memory;
	struct request *request = open_request(&memory, &(struct memory_request){.method = "GET",
								.path = "/users",
								.query = "before=5",
								.id = "abc",
								.host = "example.org",
								.origin = ""});

	assert_string_equal(request_id(request), "abc");
	assert_string_equal(request_method_name(request), "GET");
	assert_string_equal(request_path(request), "/users");
	assert_string_equal(request_query(request), "before=5");
	assert_string_equal(request_param(request, "HTTP_HOST"), "example.org");
	assert_string_equal(request_param(request, "HTTP_ORIGIN"), "");
	assert_null(request_param(request, "CONTENT_TYPE"));
	assert_int_equal(request_refused(request), 0);
	close_request(request, memory);
}

static void expect_nothing(const struct memory_request *asked)
{
	struct memory_gateway *memory;
	struct request *request = open_request(&memory, asked);

	assert_string_equal(request_id(request), "-");
	assert_string_equal(request_method_name(request), "-");
	assert_int_equal(request_method(request), METHOD_OTHER);
	assert_null(request_path(request));
	assert_string_equal(request_query(request), "");
	close_request(request, memory);
}

TEST(what_the_gateway_does_not_say)
{
	expect_nothing(&(struct memory_request){0});
	expect_nothing(&(struct memory_request){.method = "", .path = "", .query = "", .id = ""});
}

TEST(path)
{
	static const struct {
		const char *document_uri, *script_name, *path_info, *wanted;
	} paths[] = {{"/users", NULL, NULL, "/users"}, {NULL, "/users", NULL, "/users"},
		{NULL, "/users", "", "/users"}, {NULL, NULL, "/users", "/users"},
		{NULL, "", "/users", "/users"}, {"", "", "/users", "/users"},
		{NULL, "/one", "/two", "/one/two"}, {NULL, "/", "users", "/users"},
		{"/users", "/one", "/two", "/users"}, {NULL, "", "", NULL}};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct memory_gateway *memory;
		struct request *request = open_request(
			&memory, &(struct memory_request){.path = paths[i].document_uri,
					 .script_name = paths[i].script_name,
					 .path_info = paths[i].path_info});
		if (paths[i].wanted == NULL)
			assert_null(request_path(request));
		else
			assert_string_equal(request_path(request), paths[i].wanted);
		close_request(request, memory);
	}
}

TEST(methods)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {{"GET", METHOD_GET}, {"HEAD", METHOD_HEAD}, {"POST", METHOD_POST},
		{"get", METHOD_OTHER}, {"GETS", METHOD_OTHER}, {"GE", METHOD_OTHER},
		{"PUT", METHOD_PUT}, {"PATCH", METHOD_PATCH}, {"DELETE", METHOD_DELETE},
		{"delete", METHOD_OTHER}, {"OPTIONS", METHOD_OTHER}, {" GET", METHOD_OTHER},
		{"POST ", METHOD_OTHER}};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		struct memory_gateway *memory;
		struct request *request =
			open_request(&memory, &(struct memory_request){.method = methods[i].name});
		assert_int_equal(request_method(request), methods[i].method);
		assert_string_equal(request_method_name(request), methods[i].name);
		close_request(request, memory);
	}
}

TEST(the_body_in_chunks)
{
	static const char body[] = "a body\0with a NUL";

	for (size_t size = 1; size <= sizeof(body); size++) {
		struct memory_gateway *memory;
		char chunk[32], whole[sizeof(body)];
		size_t length, total = 0;
		struct request *request = open_request(
			&memory, &(struct memory_request){
					 .body = body, .body_length = sizeof(body), .chunk = 5});
		while ((length = request_read(request, chunk, size)) > 0) {
			assert_true(length <= size && length <= 5);
			memcpy(whole + total, chunk, length);
			total += length;
		}
		assert_int_equal(total, sizeof(body));
		assert_memory_equal(whole, body, sizeof(body));
		assert_int_equal(request_read(request, chunk, size), 0);
		close_request(request, memory);
	}
}

static void expect_settled(const struct memory_request *asked, const char *path)
{
	struct memory_gateway *memory;
	struct request *request = open_request(&memory, asked);

	request_set_number(request, 7);
	request_settle(request);
	memory_gateway_forget(memory);
	assert_true(memory_gateway_is_settled(memory));
	assert_null(request_param(request, "HTTP_HOST"));
	assert_string_equal(request_id(request), "abc");
	assert_string_equal(request_method_name(request), "BREW");
	assert_int_equal(request_method(request), METHOD_OTHER);
	assert_string_equal(request_query(request), "");
	assert_int_equal(request_number(request), 7);
	if (path == NULL)
		assert_null(request_path(request));
	else
		assert_string_equal(request_path(request), path);
	close_request(request, memory);
}

/* What the log says of it is still there when the gateway has let go of the rest. */
TEST(settled)
{
	expect_settled(&(struct memory_request){.method = "BREW",
			       .path = "/pot",
			       .query = "q=1",
			       .id = "abc",
			       .body = "tea"},
		"/pot");
	expect_settled(
		&(struct memory_request){
			.method = "BREW", .script_name = "/one", .path_info = "/two", .id = "abc"},
		"/one/two");
	expect_settled(&(struct memory_request){.method = "BREW", .id = "abc"}, NULL);
}

/* The arena of the gateway has no room for these. */
TEST(settled_with_long_strings)
{
	static char path[3000];

	memset(path, 'p', sizeof(path) - 1);
	expect_settled(&(struct memory_request){.method = "BREW", .path = path, .id = "abc"}, path);
}

TEST(memory)
{
	struct memory_gateway *memory;
	struct request *request = open_request(&memory, &(struct memory_request){.method = "GET"});
	static const char zeros[300];

	for (size_t size = 1; size <= sizeof(zeros); size += 13) {
		void *taken = request_memory(request, size);
		assert_memory_equal(taken, zeros, size);
		memset(taken, 0xff, size);
	}
	close_request(request, memory);
}

TEST(refused)
{
	struct memory_gateway *memory;
	struct request *request = open_request(&memory, &(struct memory_request){.refused = 413});

	assert_int_equal(request_refused(request), 413);
	close_request(request, memory);
}
