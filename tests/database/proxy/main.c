/*
 * database_proxy SOCKET SERVER: listens on SOCKET in front of a PostgreSQL server's socket SERVER,
 * and fails as it is told on standard input, one command a line:
 *
 *     next FAULT SQL      the next query with SQL in its text fails so (faults.h)
 *     times N FAULT SQL   the next N of them
 *     every N FAULT SQL   every Nth of them from now on
 *     … FAULT SQL BESIDE  only in sessions that have prepared a query with BESIDE in its text
 *     off                 no query fails any more
 *     release             what faults hold is passed on
 *     cut                 every connection is closed
 *     connect HOW         how new connections are met: served, refused (nobody listens), mute
 *                         (accepted, and nothing is said), error:SQLSTATE
 *
 * It says `ready` when it listens, `did COMMAND…` when a command is in force, and what session.h
 * says. It ends when standard input does.
 */
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include "base/buffer.h"
#include "database/proxy/faults.h"
#include "database/proxy/session.h"

#define MOST_WORDS 5

static struct proxy {
	const char *path;
	const char *server;
	uv_pipe_t listener;
	uv_pipe_t commands;
	struct buffer line;
	enum session_welcome welcome;
	char sqlstate[6];
} proxy;

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void on_waiting(uv_stream_t *listener, int status)
{
	if (status == 0)
		session_open(listener, proxy.server, proxy.welcome, proxy.sqlstate);
}

/* A socket that libuv has bound goes from its place with it; then a client would find none there,
 * in place of one that refuses. */
static void listen_at_path(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", proxy.path);
	unlink(proxy.path);
	if (descriptor < 0 ||
		bind(descriptor, (const struct sockaddr *)&address, sizeof(address)) != 0)
		die(proxy.path);
	if (uv_pipe_init(uv_default_loop(), &proxy.listener, 0) != 0 ||
		uv_pipe_open(&proxy.listener, descriptor) != 0 ||
		uv_listen((uv_stream_t *)&proxy.listener, 128, on_waiting) != 0)
		die("cannot listen");
}

static void on_refusing(uv_handle_t *listener)
{
	(void)listener;
	puts("did connect refused");
	fflush(stdout);
}

static bool refuse(void)
{
	uv_close((uv_handle_t *)&proxy.listener, on_refusing);
	return false;
}

static bool set_welcome(const char *how)
{
	if (strcmp(how, "refused") == 0)
		return refuse();
	if (uv_is_closing((uv_handle_t *)&proxy.listener))
		listen_at_path();
	proxy.welcome = SESSION_SERVED;
	if (strcmp(how, "mute") == 0)
		proxy.welcome = SESSION_MUTE;
	if (strncmp(how, "error:", strlen("error:")) == 0) {
		proxy.welcome = SESSION_ERROR;
		snprintf(proxy.sqlstate, sizeof(proxy.sqlstate), "%s", how + strlen("error:"));
	}
	return true;
}

/* `words` are the fault, what is in the query's text, and what is in that of another. */
static void arm(unsigned every, unsigned times, char *const words[])
{
	if (words[0] == NULL || words[1] == NULL ||
		!faults_arm(words[0], every, times, words[1], words[2] != NULL ? words[2] : "")) {
		fprintf(stderr, "there is no fault %s\n", words[0] != NULL ? words[0] : "");
		exit(EXIT_FAILURE);
	}
}

/* True if it is done already. */
static bool obey(char *const words[])
{
	const char *verb = words[0];

	if (strcmp(verb, "next") == 0)
		arm(1, 1, words + 1);
	else if (strcmp(verb, "times") == 0 && words[1] != NULL)
		arm(1, (unsigned)atoi(words[1]), words + 2);
	else if (strcmp(verb, "every") == 0 && words[1] != NULL)
		arm((unsigned)atoi(words[1]), UINT_MAX, words + 2);
	else if (strcmp(verb, "off") == 0)
		faults_disarm();
	else if (strcmp(verb, "release") == 0)
		sessions_release();
	else if (strcmp(verb, "cut") == 0)
		sessions_cut();
	else if (strcmp(verb, "connect") == 0 && words[1] != NULL)
		return set_welcome(words[1]);
	else
		arm(0, 0, &words[MOST_WORDS]);
	return true;
}

static void take_line(char *line)
{
	char *words[MOST_WORDS + 3] = {NULL}; /* those behind the last are none */
	char said[256];

	snprintf(said, sizeof(said), "did %s", line);
	for (unsigned i = 0; i < MOST_WORDS; i++)
		words[i] = strtok(i == 0 ? line : NULL, " ");
	if (words[0] != NULL && obey(words)) {
		puts(said);
		fflush(stdout);
	}
}

static void take_lines(void)
{
	char *end;

	while (proxy.line.length > 0 &&
		(end = memchr(proxy.line.bytes, '\n', proxy.line.length)) != NULL) {
		*end = '\0';
		size_t length = (size_t)(end + 1 - proxy.line.bytes);
		take_line(proxy.line.bytes);
		buffer_consume(&proxy.line, length);
	}
}

static void end(void)
{
	sessions_cut();
	if (!uv_is_closing((uv_handle_t *)&proxy.listener))
		uv_close((uv_handle_t *)&proxy.listener, NULL);
	uv_close((uv_handle_t *)&proxy.commands, NULL);
	unlink(proxy.path);
	buffer_free(&proxy.line);
}

static void on_command_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	static char bytes[4096];

	(void)handle;
	(void)suggested;
	*room = uv_buf_init(bytes, sizeof(bytes));
}

static void on_command(uv_stream_t *commands, ssize_t length, const uv_buf_t *room)
{
	(void)commands;
	if (length < 0) {
		end();
		return;
	}
	buffer_append(&proxy.line, room->base, (size_t)length);
	take_lines();
}

int main(int count, char **arguments)
{
	if (count != 3) {
		fprintf(stderr, "usage: database_proxy SOCKET SERVER\n");
		return EXIT_FAILURE;
	}
	signal(SIGPIPE, SIG_IGN); /* libuv writes without MSG_NOSIGNAL */
	proxy.path = arguments[1];
	proxy.server = arguments[2];
	listen_at_path();
	if (uv_pipe_init(uv_default_loop(), &proxy.commands, 0) != 0 ||
		uv_pipe_open(&proxy.commands, STDIN_FILENO) != 0 ||
		uv_read_start((uv_stream_t *)&proxy.commands, on_command_room, on_command) != 0)
		die("cannot read commands");
	puts("ready");
	fflush(stdout);
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	return EXIT_SUCCESS;
}
