/* Addresses as people write them. What is refused, and with which words, listener_test.c has. */
#include "base/endpoint.h"

#include <arpa/inet.h>

#include "support/test.h"

static void parse(struct endpoint *endpoint, const char *text)
{
	struct reason reason;

	assert_int_equal(endpoint_parse(endpoint, text, &reason), RESULT_OK);
}

TEST(unix)
{
	const char *const texts[] = {"/run/x", "unix:/run/x"}, *const odd[] = {"unix:a:1", "./a:1"};
	struct endpoint endpoint;

	for (int i = 0; i < 2; i++) {
		parse(&endpoint, texts[i]);
		assert_int_equal(endpoint.address.any.sa_family, AF_UNIX);
		assert_string_equal(endpoint.address.un.sun_path, "/run/x");
		assert_int_equal(endpoint.length, sizeof(endpoint.address.un));
	}
	for (int i = 0; i < 2; i++) {
		parse(&endpoint, odd[i]);
		assert_string_equal(endpoint.address.un.sun_path, i == 0 ? "a:1" : "./a:1");
	}
}

TEST(tcp)
{
	struct endpoint endpoint;

	parse(&endpoint, "tcp:127.0.0.1:9000");
	assert_int_equal(endpoint.address.any.sa_family, AF_INET);
	assert_int_equal(ntohs(endpoint.address.in.sin_port), 9000);
	assert_int_equal(endpoint.length, sizeof(endpoint.address.in));
	parse(&endpoint, "tcp:[::1]:9000");
	assert_int_equal(endpoint.address.any.sa_family, AF_INET6);
	assert_int_equal(endpoint.length, sizeof(endpoint.address.in6));
}

TEST(neither)
{
	const char *const texts[] = {"", "unix:", "tcp:", "tcp:localhost:9000", "tcp::9000",
		"localhost:9000", "127.0.0.1:9000", ":9000", "[::1]:9000", "udp:127.0.0.1:9000"};
	struct endpoint endpoint;
	struct reason reason;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		reason.text[0] = '\0';
		assert_int_equal(endpoint_parse(&endpoint, texts[i], &reason), RESULT_MALFORMED);
		assert_int_not_equal(reason.text[0], '\0');
	}
}
