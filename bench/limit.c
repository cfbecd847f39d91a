/*
 * limit SOCKET READ CREATE FILE: what no application behind FastCGI can be faster than. It answers
 * every request, without reading it, with one of two constants: the file READ, or the file CREATE
 * if the request has a body. Both hold a whole CGI response. Before it sends the second, it appends
 * a record to FILE, and the disk has it: one write and one fdatasync for all who came meanwhile.
 *
 * It looks at the last 16 bytes of a request only. A web server ends every request with an empty
 * FCGI_STDIN record; if an empty FCGI_PARAMS record is right before, there is no body.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include "measure.h"

#define BACKLOG   4096
#define RECORD    65528 /* bytes of content in one FCGI_STDOUT record, a multiple of 8 */
#define LINE      64    /* bytes of a record of the file, about those of a user */
#define GROUP     4096  /* records in one write at most */
#define TAIL      16
#define HEADER(t) 1, (t), 0, 1

struct client {
	uv_pipe_t pipe;
	unsigned char tail[TAIL]; /* the last bytes that came */
	struct client *next;      /* who waits for the disk too */
	bool is_waiting;
	bool is_closed;
};

struct answer {
	char *bytes;
	size_t length;
};

struct group {
	struct client *first;
	size_t count;
};

static uv_loop_t *loop;
static struct answer read_answer, create_answer;
static struct group coming, going; /* to the disk: next, and now or last */
static uv_check_t turn;
static uv_work_t work;
static int file;
static char lines[GROUP * LINE];
static bool is_working, has_failed;

/* Appends a record; content is a multiple of 8 bytes or the last of the answer. */
static void append(struct answer *answer, unsigned char type, const char *content, size_t length)
{
	unsigned char padding = (unsigned char)(-length % 8);
	const unsigned char header[8] = {
		HEADER(type), (unsigned char)(length >> 8), (unsigned char)length, padding};
	char *bytes = realloc(answer->bytes, answer->length + sizeof(header) + length + padding);

	if (bytes == NULL)
		measure_failed("limit");
	answer->bytes = bytes;
	memcpy(bytes + answer->length, header, sizeof(header));
	answer->length += sizeof(header);
	if (length > 0)
		memcpy(bytes + answer->length, content, length);
	memset(bytes + answer->length + length, 0, padding);
	answer->length += length + padding;
}

static struct answer load_answer(const char *path)
{
	static char content[RECORD];
	static const char end[8];
	struct answer answer = {0};
	size_t length;
	FILE *from = fopen(path, "r");

	if (from == NULL)
		measure_failed(path);
	while ((length = fread(content, 1, sizeof(content), from)) > 0)
		append(&answer, 6 /* FCGI_STDOUT */, content, length);
	if (ferror(from) || answer.length == 0)
		measure_failed(path);
	fclose(from);
	append(&answer, 6, NULL, 0);
	append(&answer, 3 /* FCGI_END_REQUEST */, end, sizeof(end));
	return answer;
}

static void on_closed(uv_handle_t *handle)
{
	struct client *client = handle->data;

	client->is_closed = true;
	if (!client->is_waiting)
		free(client);
}

static void close_client(struct client *client)
{
	if (!uv_is_closing((uv_handle_t *)&client->pipe))
		uv_close((uv_handle_t *)&client->pipe, on_closed);
}

static void on_written(uv_write_t *request, int status)
{
	if (status != 0)
		close_client(request->handle->data);
	free(request);
}

static void answer(struct client *client, const struct answer *constant)
{
	uv_buf_t all = uv_buf_init(constant->bytes, (unsigned)constant->length);
	int written = uv_try_write((uv_stream_t *)&client->pipe, &all, 1);

	if (written < 0 && written != UV_EAGAIN) {
		close_client(client);
		return;
	}
	size_t done = written > 0 ? (size_t)written : 0;
	if (done == constant->length)
		return;
	uv_buf_t rest = uv_buf_init(constant->bytes + done, (unsigned)(constant->length - done));
	uv_write_t *request = malloc(sizeof(*request));
	if (request == NULL ||
		uv_write(request, (uv_stream_t *)&client->pipe, &rest, 1, on_written) != 0)
		measure_failed("limit: write");
}

/* On a worker thread. */
static void store(uv_work_t *unused)
{
	size_t length = going.count * LINE;

	(void)unused;
	has_failed = write(file, lines, length) != (ssize_t)length || fdatasync(file) != 0;
}

/* uv_after_work_cb. The rest is done in this turn of the loop, when it has polled. */
static void on_stored(uv_work_t *unused, int status)
{
	(void)unused;
	(void)status;
	if (has_failed)
		measure_failed("limit: storing");
	is_working = false;
}

static void answer_group(const struct group *group)
{
	struct client *next;

	for (struct client *client = group->first; client != NULL; client = next) {
		next = client->next;
		client->is_waiting = false;
		if (client->is_closed)
			free(client);
		else if (!uv_is_closing((uv_handle_t *)&client->pipe))
			answer(client, &create_answer);
	}
}

/* After every poll: all who came in it, or while the disk was busy, are one group. The disk has it
 * before those of the last one are answered: it would be idle for as long as that takes. */
static void on_turn(uv_check_t *check)
{
	const struct group stored = going;

	(void)check;
	if (is_working)
		return;
	going = coming;
	coming = (struct group){0};
	if (going.count > 0) {
		is_working = true;
		uv_queue_work(loop, &work, store, on_stored);
	}
	answer_group(&stored);
}

static void wait_for_disk(struct client *client)
{
	if (client->is_waiting || coming.count == GROUP)
		measure_failed("limit: one request at a time, and not so many");
	client->is_waiting = true;
	client->next = coming.first;
	coming.first = client;
	coming.count++;
}

static void keep_tail(struct client *client, const char *bytes, size_t length)
{
	if (length >= TAIL) {
		memcpy(client->tail, bytes + length - TAIL, TAIL);
		return;
	}
	memmove(client->tail, client->tail + length, TAIL - length);
	memcpy(client->tail + TAIL - length, bytes, length);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
	static const unsigned char end_of_params[8] = {HEADER(4)}, end_of_stdin[8] = {HEADER(5)};
	struct client *client = stream->data;

	if (length < 0) {
		close_client(client);
		return;
	}
	keep_tail(client, buffer->base, (size_t)length);
	if (memcmp(client->tail + 8, end_of_stdin, 8) != 0)
		return;
	if (memcmp(client->tail, end_of_params, 8) == 0)
		answer(client, &read_answer);
	else
		wait_for_disk(client);
}

static void lend(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	static char bytes[65536];

	(void)handle;
	(void)suggested;
	*buffer = uv_buf_init(bytes, sizeof(bytes));
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct client *client = calloc(1, sizeof(*client));

	if (client == NULL || status != 0 || uv_pipe_init(loop, &client->pipe, 0) != 0 ||
		uv_accept(listener, (uv_stream_t *)&client->pipe) != 0)
		measure_failed("limit: accept");
	client->pipe.data = client;
	uv_read_start((uv_stream_t *)&client->pipe, lend, on_read);
}

int main(int count, char **arguments)
{
	uv_pipe_t listener;

	if (count != 5) {
		fputs("usage: limit SOCKET READ CREATE FILE\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	read_answer = load_answer(arguments[2]);
	create_answer = load_answer(arguments[3]);
	file = open(arguments[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (file < 0)
		measure_failed(arguments[4]);
	memset(lines, 'x', sizeof(lines));
	loop = uv_default_loop();
	if (uv_pipe_init(loop, &listener, 0) != 0 || uv_pipe_bind(&listener, arguments[1]) != 0 ||
		uv_listen((uv_stream_t *)&listener, BACKLOG, on_connection) != 0)
		measure_failed(arguments[1]);
	uv_check_init(loop, &turn);
	uv_check_start(&turn, on_turn);
	return uv_run(loop, UV_RUN_DEFAULT);
}
