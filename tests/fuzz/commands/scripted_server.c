/*
 * The descriptors of connections are numbers that the system never gives. Every call of the client
 * costs a millisecond of the scripted clock, so that a client without an end runs into MOST_CALLS.
 */
#include "fuzz/commands/scripted_server.h"

#include <errno.h>
#include <fastcgi.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/limit.h"
#include "base/utf8.h"
#include "fastcgi/record.h"
#include "store/flat_file/holder.h"

#define DESCRIPTOR 100000 /* of the first connection, which an import keeps open */
#define MOST_OPEN  2
#define MOST_CALLS 600000 /* of all kinds: more than an answer in records of a byte needs */

enum ending { CLOSES, FALLS_SILENT, NEVER_ENDS, RESETS };

struct scripted_connection {
	bool is_open;
	bool is_refused;
	bool is_deaf; /* takes nothing */
	bool is_interrupted;
	enum ending ending;
	size_t piece;
	struct buffer bytes;
	size_t sent;
	struct buffer received;
	bool is_checked; /* what was received */
};

static bool is_running;
static struct fuzz_input input;
static struct scripted_connection open_ones[MOST_OPEN];
static size_t connections, calls, said;
static uint64_t clock_ms;
static FILE *standard_output; /* the real one, while the command has another */
static char *printed;
static size_t printed_length;

int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int __real_connect(int descriptor, const struct sockaddr *address, socklen_t length);
int __wrap_connect(int descriptor, const struct sockaddr *address, socklen_t length);
int __real_setsockopt(int descriptor, int level, int name, const void *value, socklen_t length);
int __wrap_setsockopt(int descriptor, int level, int name, const void *value, socklen_t length);
ssize_t __real_send(int descriptor, const void *bytes, size_t length, int flags);
ssize_t __wrap_send(int descriptor, const void *bytes, size_t length, int flags);
ssize_t __real_recv(int descriptor, void *bytes, size_t length, int flags);
ssize_t __wrap_recv(int descriptor, void *bytes, size_t length, int flags);
int __real_poll(struct pollfd *events, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *events, nfds_t count, int timeout);
int __real_close(int descriptor);
int __wrap_close(int descriptor);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
void __wrap_standard_error_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void __wrap_holder_find(const char *directory, struct holder *holder);

/* NULL: it is the system's. */
static struct scripted_connection *find(int descriptor)
{
	size_t place = (size_t)descriptor - DESCRIPTOR;

	if (!is_running || descriptor < DESCRIPTOR || place >= MOST_OPEN)
		return NULL;
	must(open_ones[place].is_open);
	return &open_ones[place];
}

static void count_call(void)
{
	calls++;
	clock_ms++;
	must(calls < MOST_CALLS);
}

/* An answer as a server gives it, but for what it says. */
static void append_whole_answer(struct buffer *out, const char *text, size_t length)
{
	fcgi_record_stream(out, FCGI_STDOUT, 1, text, length);
	fcgi_record_header(out, FCGI_STDOUT, 1, 0);
	fcgi_record_end_request(out, 1, FCGI_REQUEST_COMPLETE);
}

/* What never ends is repeated from here on: in pieces that are not too small. */
static void repeat_bytes(struct buffer *bytes)
{
	size_t length = bytes->length;

	while (length > 0 && bytes->length < 4096) {
		must(buffer_reserve(bytes, length));
		buffer_append(bytes, bytes->bytes, length);
	}
}

static void take_script(struct scripted_connection *connection)
{
	unsigned how = fuzz_take_byte(&input);
	size_t length;

	connection->ending = (enum ending)(how & 3);
	connection->is_refused = (how & 0xf0) == 0x10;
	connection->is_deaf = (how & 0xf0) == 0x20;
	connection->is_interrupted = (how & 8) != 0;
	connection->piece = fuzz_take_byte(&input);
	if (connection->ending == NEVER_ENDS)
		connection->piece *= 256; /* or it would take long to get tired of it */
	if ((how & 4) != 0) {
		const char *text = fuzz_take_text(&input, &length);
		append_whole_answer(&connection->bytes, text, length);
	} else {
		const char *rest = fuzz_rest(&input, &length);
		buffer_append(&connection->bytes, rest, length);
	}
	if (connection->ending == NEVER_ENDS)
		repeat_bytes(&connection->bytes);
}

int __wrap_socket(int domain, int type, int protocol)
{
	if (!is_running)
		return __real_socket(domain, type, protocol);
	count_call();
	connections++;
	struct scripted_connection *connection = &open_ones[open_ones[0].is_open];
	must(!connection->is_open);
	connection->is_open = true;
	buffer_clear(&connection->bytes);
	buffer_clear(&connection->received);
	connection->sent = 0;
	connection->is_checked = false;
	take_script(connection);
	return DESCRIPTOR + (int)(connection - open_ones);
}

int __wrap_setsockopt(int descriptor, int level, int name, const void *value, socklen_t length)
{
	return find(descriptor) != NULL ? 0
					: __real_setsockopt(descriptor, level, name, value, length);
}

/* Whether a signal comes just now: each other time, if at all. */
static bool is_interrupted(const struct scripted_connection *connection)
{
	count_call();
	errno = EINTR;
	return connection->is_interrupted && calls % 2 == 0;
}

int __wrap_connect(int descriptor, const struct sockaddr *address, socklen_t length)
{
	struct scripted_connection *connection = find(descriptor);

	if (connection == NULL)
		return __real_connect(descriptor, address, length);
	if (is_interrupted(connection))
		return -1;
	errno = ECONNREFUSED;
	return connection->is_refused ? -1 : 0;
}

static size_t least_of(size_t one, size_t other)
{
	return one < other ? one : other;
}

ssize_t __wrap_send(int descriptor, const void *bytes, size_t length, int flags)
{
	struct scripted_connection *connection = find(descriptor);

	if (connection == NULL)
		return __real_send(descriptor, bytes, length, flags);
	must((flags & MSG_NOSIGNAL) != 0);
	must(length > 0);
	if (is_interrupted(connection))
		return -1;
	errno = EPIPE;
	if (connection->is_deaf)
		return -1;
	length = connection->piece > 0 ? least_of(length, connection->piece) : length;
	buffer_append(&connection->received, bytes, length);
	return (ssize_t)length;
}

/* That what was asked is one request in whole records, as a web server sends it. */
static void check_request(const struct buffer *asked)
{
	const unsigned char *bytes = (const unsigned char *)asked->bytes;
	size_t place = 0;
	unsigned type = 0;

	while (place < asked->length) {
		must(asked->length - place >= FCGI_RECORD_HEADER);
		struct fcgi_record record = fcgi_record_read(bytes + place);
		must(record.version == FCGI_VERSION_1);
		must(record.id == 1);
		must(record.padding == 0);
		must(place > 0 || record.type == FCGI_BEGIN_REQUEST);
		must(record.type >= type);
		type = record.type;
		place += FCGI_RECORD_HEADER + record.length;
		must(place <= asked->length);
		must(place < asked->length || (type == FCGI_STDIN && record.length == 0));
	}
}

/* Whether something can be read; what never ends begins anew. */
static bool has_bytes(struct scripted_connection *connection)
{
	if (connection->sent == connection->bytes.length && connection->ending == NEVER_ENDS)
		connection->sent = 0;
	return connection->sent < connection->bytes.length;
}

int __wrap_poll(struct pollfd *events, nfds_t count, int timeout)
{
	struct scripted_connection *connection = count == 1 ? find(events->fd) : NULL;

	if (connection == NULL)
		return __real_poll(events, count, timeout);
	must(timeout >= 0);
	if (!connection->is_checked)
		check_request(&connection->received);
	connection->is_checked = true;
	if (is_interrupted(connection))
		return -1;
	if (has_bytes(connection) || connection->ending == CLOSES || connection->ending == RESETS)
		return 1;
	clock_ms += (uint64_t)timeout;
	return 0;
}

ssize_t __wrap_recv(int descriptor, void *bytes, size_t length, int flags)
{
	struct scripted_connection *connection = find(descriptor);

	if (connection == NULL)
		return __real_recv(descriptor, bytes, length, flags);
	count_call();
	errno = ECONNRESET;
	if (!has_bytes(connection))
		return connection->ending == RESETS ? -1 : 0;
	length = least_of(length, connection->bytes.length - connection->sent);
	length = connection->piece > 0 ? least_of(length, connection->piece) : length;
	memcpy(bytes, connection->bytes.bytes + connection->sent, length);
	connection->sent += length;
	return (ssize_t)length;
}

int __wrap_close(int descriptor)
{
	struct scripted_connection *connection = find(descriptor);

	if (connection == NULL)
		return __real_close(descriptor);
	connection->is_open = false;
	return 0;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	if (!is_running || clock != CLOCK_MONOTONIC)
		return __real_clock_gettime(clock, now);
	*now = (struct timespec){
		.tv_sec = (time_t)(clock_ms / 1000), .tv_nsec = (long)(clock_ms % 1000) * 1000000};
	return 0;
}

/* Nothing that a terminal would obey; between lines there are line feeds. */
static void check_line(const char *line)
{
	size_t length = strlen(line);

	must(utf8_is_valid(line, length));
	for (size_t i = 0; i < length; i++)
		must((unsigned char)line[i] >= ' ' ? line[i] != 0x7f : line[i] == '\n');
}

void __wrap_standard_error_say(const char *format, ...)
{
	char line[16384];
	va_list values;

	va_start(values, format);
	int length = vsnprintf(line, sizeof(line), format, values);
	va_end(values);
	must(length > 0);
	check_line(line);
	said++;
}

/* A process has the list. */
void __wrap_holder_find(const char *directory, struct holder *holder)
{
	(void)directory;
	*holder = (struct holder){.is_there = true, .name = "process 1", .list = "1:2"};
}

void scripted_server_begin(const struct fuzz_input *given)
{
	input = *given;
	connections = 0;
	calls = 0;
	said = 0;
	clock_ms = 1000;
	standard_output = stdout;
	stdout = open_memstream(&printed, &printed_length);
	must(stdout != NULL);
	is_running = true;
}

void scripted_server_end(void)
{
	is_running = false;
	for (size_t i = 0; i < MOST_OPEN; i++) {
		must(!open_ones[i].is_open);
		buffer_free(&open_ones[i].bytes);
		buffer_free(&open_ones[i].received);
	}
	must(fclose(stdout) == 0);
	stdout = standard_output;
	free(printed);
}

size_t scripted_server_connections(void)
{
	return connections;
}

uint64_t scripted_server_milliseconds(void)
{
	return clock_ms - 1000;
}

size_t scripted_server_said(void)
{
	return said;
}

const char *scripted_server_printed(void)
{
	must(fflush(stdout) == 0);
	return printed;
}

void scripted_server_check_printed(void)
{
	check_line(scripted_server_printed());
}
