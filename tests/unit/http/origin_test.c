#include "http/origin.h"

#include <string.h>

#include "support/test.h"
#include "support/unit/memory_gateway.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* What the operator has said. */
static const char *told_origin;

static bool is_own(const struct memory_request *asked)
{
	struct memory_gateway *memory = memory_gateway_open(asked);
	struct gateway *gateway = memory_gateway_of(memory);
	struct request *request = request_open(gateway);

	request_set_origin(request, told_origin);
	bool is_own = origin_is_own(request, asked->origin);
	request_close(request);
	gateway->operations->release(gateway);
	memory_gateway_close(memory);
	return is_own;
}

struct row {
	const char *origin;
	const char *host;
	bool is_own;
};

static void expect_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct memory_request asked = {
			.origin = rows[i].origin, .host = rows[i].host};
		if (is_own(&asked) != rows[i].is_own)
			fail_msg("%s for %s", rows[i].origin, rows[i].host);
	}
}

/* Whatever Host says, which a proxy has replaced. */
TEST(an_origin_that_the_operator_has_said)
{
	static const struct row rows[] = {
		{"https://a.test", "127.0.0.1:8080", true},
		{"https://A.test:443", "127.0.0.1:8080", true},
		{"http://a.test", "a.test", false},
		{"https://127.0.0.1:8080", "127.0.0.1:8080", false},
		{"https://b.test", "b.test", false},
		{"https://a.test:8443", "a.test:8443", false},
		{"null", "a.test", false},
	};

	told_origin = "https://a.test";
	expect_rows(rows, COUNT(rows));
	told_origin = NULL;
}

TEST(ports)
{
	static const struct row rows[] = {
		{"http://a.test", "a.test", true},
		{"http://a.test", "a.test:80", true},
		{"http://a.test:80", "a.test", true},
		{"http://a.test:80", "a.test:80", true},
		{"https://a.test", "a.test", true},
		{"https://a.test", "a.test:443", true},
		{"https://a.test:443", "a.test", true},
		{"https://a.test:443", "a.test:443", true},
		{"http://a.test:8080", "a.test:8080", true},
		{"https://a.test:8080", "a.test:8080", true},
		{"http://a.test", "a.test:", true},
		/* A port of the other scheme is another origin's. */
		{"http://a.test", "a.test:443", false},
		{"https://a.test", "a.test:80", false},
		{"https://a.test:80", "a.test", false},
		{"http://a.test:443", "a.test", false},
		{"http://a.test:8080", "a.test", false},
		{"http://a.test", "a.test:8080", false},
		{"http://a.test:8080", "a.test:8081", false},
		/* What is no port. */
		{"http://a.test:080", "a.test:80", false},
		{"http://a.test:080", "a.test:080", false},
		{"http://a.test:0", "a.test:0", false},
		{"http://a.test:65536", "a.test:65536", false},
		{"http://a.test:65616", "a.test:80", false},
		{"http://a.test:18446744073709551696", "a.test:80", false},
		{"http://a.test:80x", "a.test:80", false},
		{"http://a.test:+80", "a.test:80", false},
		{"http://a.test: 80", "a.test:80", false},
		{"http://a.test:-1", "a.test:-1", false},
		{"http://a.test:80:80", "a.test:80", false},
		{"http://a.test", "a.test:x", false},
		{"http://a.test", "a.test:080", false},
		{"http://a.test:65535", "a.test:65535", true},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(hosts)
{
	static const struct row rows[] = {
		{"https://A.Test", "a.tEST", true},
		{"HTTPS://a.test", "a.test", true},
		{"https://a.test.", "a.test", true},
		{"https://a.test", "a.test.", true},
		{"https://a.test.", "a.test.:443", true},
		{"https://a.test..", "a.test", false},
		{"https://.", ".", false},
		{"https://192.0.2.1", "192.0.2.1:443", true},
		{"https://xn--bcher-kva.test", "xn--bcher-kva.test", true},
		{"https://a_b.test", "a_b.test", true},
		{"https://www.a.test", "a.test", false},
		{"https://a.test", "www.a.test", false},
		{"https://a.test.b.test", "a.test", false},
		{"https://ba.test", "a.test", false},
		{"https://a.tes", "a.test", false},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(addresses)
{
	static const struct row rows[] = {
		{"http://[::1]", "[::1]", true},
		{"http://[::1]", "[::1]:80", true},
		{"http://[::1]:8080", "[::1]:8080", true},
		{"http://[2001:db8::1]", "[2001:DB8:0:0:0:0:0:1]", true},
		{"http://[2001:db8::1]", "[2001:0db8::0.0.0.1]", true},
		{"http://[::1]", "[::2]", false},
		{"http://[::1]", "::1", false},
		{"http://::1", "::1", false},
		{"http://[::1", "[::1", false},
		{"http://[::1]x", "[::1]", false},
		{"http://[::1].", "[::1]", false},
		{"http://[]", "[]", false},
		{"http://[a.test]", "[a.test]", false},
		{"http://[fe80::1%eth0]", "[fe80::1%eth0]", false},
		{"http://[0000:0000:0000:0000:0000:0000:0000:0000:0000:0001]", "[::1]", false},
		{"http://[::ffff:192.0.2.1]", "192.0.2.1", false},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(what_is_no_origin)
{
	static const struct row rows[] = {
		{"null", "a.test", false},
		{"null", "null", false},
		{"a.test", "a.test", false},
		{"//a.test", "a.test", false},
		{"https:a.test", "a.test", false},
		{"https:/a.test", "a.test", false},
		{"https://", "a.test", false},
		{"https://", NULL, false},
		{"https://:443", ":443", false},
		{"ftp://a.test", "a.test", false},
		{"chrome-extension://a.test", "a.test", false},
		{"httpss://a.test", "a.test", false},
		{" https://a.test", "a.test", false},
		{"https://a.test ", "a.test", false},
		{"https://a.test/", "a.test", false},
		{"https://a.test/users", "a.test", false},
		{"https://a.test?q", "a.test", false},
		{"https://a.test#", "a.test", false},
		{"https://a.test\\@b.test", "a.test", false},
		{"https://a.test@b.test", "a.test", false},
		{"https://b.test@a.test", "a.test", false},
		{"https://b.test/://a.test", "a.test", false},
		{"https://a.test, https://a.test", "a.test", false},
		{"https://a.test https://b.test", "a.test", false},
		{"https://a.test,https://b.test", "a.test,https://b.test", false},
		{"https://a.test/", "a.test/", false},
		{"https://b@a.test", "b@a.test", false},
	};

	expect_rows(rows, COUNT(rows));
}

/* What the web server says of the request beside, or in place of, Host. */
TEST(what_the_server_says)
{
	static const struct {
		struct memory_request asked;
		bool is_own;
	} rows[] = {
		/* No Host. */
		{{.origin = "https://a.test", .server_name = "a.test", .server_port = "443"}, true},
		{{.origin = "http://a.test", .server_name = "a.test", .server_port = "80"}, true},
		{{.origin = "https://a.test:8443", .server_name = "A.test.", .server_port = "8443"},
			true},
		{{.origin = "https://[::1]", .host = "", .server_name = "[0::1]"}, true},
		{{.origin = "https://a.test", .server_name = "a.test"}, true},
		{{.origin = "https://a.test", .server_name = "a.test", .server_port = ""}, true},
		{{.origin = "https://a.test", .server_name = "a.test", .server_port = "80"}, false},
		{{.origin = "https://a.test", .server_name = "a.test", .server_port = "8443"},
			false},
		{{.origin = "https://a.test", .server_name = "a.test", .server_port = "x"}, false},
		{{.origin = "https://a.test", .server_name = "b.test", .server_port = "443"},
			false},
		{{.origin = "https://a.test", .server_name = "_", .server_port = "443"}, false},
		{{.origin = "https://a.test", .server_name = "", .server_port = "443"}, false},
		{{.origin = "https://a.test", .server_port = "443"}, false},
		{{.origin = "https://a.test"}, false},
		/* Host counts before them: the port is the one that the client knows. */
		{{.origin = "https://a.test",
			 .host = "a.test",
			 .server_name = "b.test",
			 .server_port = "8443"},
			true},
		{{.origin = "https://b.test",
			 .host = "a.test",
			 .server_name = "b.test",
			 .server_port = "443"},
			false},
		/* TLS that the web server speaks, or that ends before it. */
		{{.origin = "https://a.test", .host = "a.test", .https = "on"}, true},
		{{.origin = "https://a.test", .host = "a.test", .scheme = "https"}, true},
		{{.origin = "https://a.test", .host = "a.test", .scheme = "http"}, true},
		{{.origin = "https://a.test", .host = "a.test", .https = ""}, true},
		{{.origin = "http://a.test", .host = "a.test", .https = "off"}, true},
		{{.origin = "http://a.test", .host = "a.test", .scheme = "http"}, true},
		{{.origin = "http://a.test", .host = "a.test", .https = "on"}, false},
		{{.origin = "http://a.test", .host = "a.test", .https = "ON"}, false},
		{{.origin = "http://a.test", .host = "a.test", .https = "1"}, false},
		{{.origin = "http://a.test", .host = "a.test", .scheme = "https"}, false},
		{{.origin = "http://a.test:443", .host = "a.test:443", .https = "on"}, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (is_own(&rows[i].asked) != rows[i].is_own)
			fail_msg("row %zu: %s", i, rows[i].asked.origin);
	}
}
