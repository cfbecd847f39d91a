/* What breaks the specification ends its connection, with the reason in the log, and nobody else's.
 */
#include "protocol/protocol.h"

static void begin(struct buffer *out)
{
	records_begin(out, 1, FCGI_RESPONDER, FCGI_KEEP_CONN);
}

static void begin_and_params(struct buffer *out)
{
	begin(out);
	records_append(out, FCGI_PARAMS, 1, "", 0, 0);
}

static void wrong_version_0(struct buffer *out)
{
	records_header(out, 0, FCGI_BEGIN_REQUEST, 1, 8, 0);
}

static void wrong_version_2(struct buffer *out)
{
	records_header(out, 2, FCGI_BEGIN_REQUEST, 1, 8, 0);
}

static void wrong_version_later(struct buffer *out)
{
	begin(out);
	records_header(out, 2, FCGI_PARAMS, 1, 8, 0);
}

static void wrong_version_of_management(struct buffer *out)
{
	records_header(out, 255, FCGI_GET_VALUES, 0, 0, 0);
}

static void short_begin(struct buffer *out)
{
	records_append(out, FCGI_BEGIN_REQUEST, 1, "\0\1\1\0\0\0\0", 7, 1);
}

static void long_begin(struct buffer *out)
{
	records_append(out, FCGI_BEGIN_REQUEST, 1, "\0\1\1\0\0\0\0\0\0", 9, 0);
}

static void empty_begin(struct buffer *out)
{
	records_append(out, FCGI_BEGIN_REQUEST, 1, "", 0, 0);
}

static void second_begin(struct buffer *out)
{
	begin(out);
	begin(out);
}

static void second_begin_in_stdin(struct buffer *out)
{
	begin_and_params(out);
	begin(out);
}

static void stdin_before_params(struct buffer *out)
{
	begin(out);
	records_append(out, FCGI_STDIN, 1, "", 0, 0);
}

static void stdin_within_params(struct buffer *out)
{
	begin(out);
	records_append(out, FCGI_PARAMS, 1, "\1\1ab", 4, 0);
	records_append(out, FCGI_STDIN, 1, "", 0, 0);
}

static void params_after_their_end(struct buffer *out)
{
	begin_and_params(out);
	records_append(out, FCGI_PARAMS, 1, "\1\1ab", 4, 0);
}

static void answer_from_the_web_server(struct buffer *out)
{
	begin(out);
	records_append(out, FCGI_STDOUT, 1, "Status: 200\r\n", 13, 0);
}

static void end_from_the_web_server(struct buffer *out)
{
	begin(out);
	records_append(out, FCGI_END_REQUEST, 1, "\0\0\0\0\0\0\0\0", 8, 0);
}

static void data_for_a_responder(struct buffer *out)
{
	begin_and_params(out);
	records_append(out, FCGI_DATA, 1, "abc", 3, 0);
}

static void unknown_type(struct buffer *out)
{
	begin(out);
	records_append(out, 99, 1, "abc", 3, 0);
}

static void http(struct buffer *out)
{
	buffer_string(out, "GET / HTTP/1.1\r\nHost: rollcall.test\r\n\r\n");
}

static void tls(struct buffer *out)
{
	buffer_append(out, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
}

static void zeros(struct buffer *out)
{
	const char bytes[512] = {0};

	buffer_append(out, bytes, sizeof(bytes));
}

#define CASE(function) #function, function

static const struct {
	const char *name;
	void (*append)(struct buffer *out);
} cases[] = {
	{CASE(wrong_version_0)},
	{CASE(wrong_version_2)},
	{CASE(wrong_version_later)},
	{CASE(wrong_version_of_management)},
	{CASE(short_begin)},
	{CASE(long_begin)},
	{CASE(empty_begin)},
	{CASE(second_begin)},
	{CASE(second_begin_in_stdin)},
	{CASE(stdin_before_params)},
	{CASE(stdin_within_params)},
	{CASE(params_after_their_end)},
	{CASE(answer_from_the_web_server)},
	{CASE(end_from_the_web_server)},
	{CASE(data_for_a_responder)},
	{CASE(unknown_type)},
	{CASE(http)},
	{CASE(tls)},
	{CASE(zeros)},
};

static void expect_refused(struct daemon *daemon, const struct buffer *bytes, const char *name)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	client_send(client, bytes);
	size_t answered = client_drain(client);
	if (answered != 0)
		fail_msg("%s: %zu bytes in answer", name, answered);
	client_close(client);
	const char *line = daemon_wait_event(daemon, "protocol-error");
	if (strstr(line, " reason=") == NULL || strstr(line, " level=warn ") == NULL)
		fail_msg("%s: %s", name, line);
}

DAEMON_TEST(each_ends_its_connection, "--log-level", "debug")
{
	struct fcgi_client *other = client_open(daemon_address(daemon));

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buffer bytes = {0};
		cases[i].append(&bytes);
		expect_refused(daemon, &bytes, cases[i].name);
		assert_int_equal(client_get(other, "/"), 200);
		buffer_free(&bytes);
	}
	client_close(other);
	daemon_finish(daemon);
}

/* The same after a request was answered: the state before must not excuse anything. */
DAEMON_TEST(each_after_a_request, "--log-level", "debug")
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fcgi_client *client = client_open(daemon_address(daemon));
		struct buffer bytes = {0};
		cases[i].append(&bytes);
		assert_int_equal(client_get(client, "/"), 200);
		client_send(client, &bytes);
		client_expect_closed(client);
		daemon_wait_event(daemon, "protocol-error");
		buffer_free(&bytes);
		client_close(client);
	}
	daemon_finish(daemon);
}

/* A sequence that is the same in every run. */
static unsigned next_random(uint64_t *random)
{
	*random = *random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*random >> 33);
}

static void send_and_drain(struct daemon *daemon, const char *bytes, size_t length)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	client_try_send(client, bytes, length);
	client_finish(client);
	client_drain(client);
	client_close(client);
}

/* Half of it with headers that are right, so that it gets further in. */
DAEMON_TEST(garbage, NULL)
{
	uint64_t random = 2;
	char bytes[4096];

	for (int i = 0; i < 300; i++) {
		size_t length = 1 + next_random(&random) % sizeof(bytes);
		for (size_t j = 0; j < length; j++)
			bytes[j] = (char)next_random(&random);
		for (size_t j = 0; i % 2 == 0 && j + FCGI_HEADER_LEN < length; j += 16) {
			const char header[FCGI_HEADER_LEN] = {FCGI_VERSION_1,
				(char)(j == 0 ? FCGI_BEGIN_REQUEST : next_random(&random) % 12), 0,
				(char)(next_random(&random) % 3), 0, 8};
			memcpy(bytes + j, header, sizeof(header));
		}
		send_and_drain(daemon, bytes, length);
	}
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}

DAEMON_TEST(a_request_with_any_byte_changed, NULL)
{
	static const char changes[] = {'\x01', '\x80', '\xff'};
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.path = "/", .body = "a=b", .padding = 1});
	for (size_t i = 0; i < records.length * sizeof(changes); i++) {
		char *changed = records.bytes + i / sizeof(changes);
		*changed ^= changes[i % sizeof(changes)];
		send_and_drain(daemon, records.bytes, records.length);
		*changed ^= changes[i % sizeof(changes)];
	}
	buffer_free(&records);
	client_expect_served(daemon_address(daemon));
	daemon_finish(daemon);
}
