#include "support/unit/memory_gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "support/test.h"
#include "support/unit/well_formed.h"

#define MOST_FIELDS 24
#define ENOUGH      16384 /* of the body: a test may let memory run out after this */
#define ROOM        64    /* bytes of the arena: enough for names, not for much else */

/* The meta-variables that web servers are asked to send, and some that they send anyway. */
static const struct {
	const char *name;
	size_t offset; /* in struct memory_request */
} rows[] = {
	{"REQUEST_METHOD", offsetof(struct memory_request, method)},
	{"DOCUMENT_URI", offsetof(struct memory_request, path)},
	{"SCRIPT_NAME", offsetof(struct memory_request, script_name)},
	{"PATH_INFO", offsetof(struct memory_request, path_info)},
	{"QUERY_STRING", offsetof(struct memory_request, query)},
	{"CONTENT_TYPE", offsetof(struct memory_request, content_type)},
	{"CONTENT_LENGTH", offsetof(struct memory_request, content_length)},
	{"HTTP_CONTENT_ENCODING", offsetof(struct memory_request, content_encoding)},
	{"HTTP_ACCEPT", offsetof(struct memory_request, accept)},
	{"HTTP_HOST", offsetof(struct memory_request, host)},
	{"SERVER_NAME", offsetof(struct memory_request, server_name)},
	{"SERVER_PORT", offsetof(struct memory_request, server_port)},
	{"HTTPS", offsetof(struct memory_request, https)},
	{"REQUEST_SCHEME", offsetof(struct memory_request, scheme)},
	{"HTTP_ORIGIN", offsetof(struct memory_request, origin)},
	{"HTTP_SEC_FETCH_SITE", offsetof(struct memory_request, fetch_site)},
	{"HTTP_IF_NONE_MATCH", offsetof(struct memory_request, if_none_match)},
	{"HTTP_IF_MATCH", offsetof(struct memory_request, if_match)},
	{"HTTP_LAST_EVENT_ID", offsetof(struct memory_request, last_event_id)},
	{"REMOTE_USER", offsetof(struct memory_request, remote_user)},
	{"HTTP_REMOTE_USER", offsetof(struct memory_request, remote_user_header)},
	{"ROLLCALL_OPERATOR", offsetof(struct memory_request, operator)},
	{"ROLLCALL_LIST", offsetof(struct memory_request, list)},
	{"HTTP_ROLLCALL_OPERATOR", offsetof(struct memory_request, operator_header)},
	{"REQUEST_ID", offsetof(struct memory_request, id)},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

struct field {
	char *name;
	char *value;
};

struct memory_gateway {
	struct gateway gateway;
	/* Copies, freed when the request is forgotten, so that a later use is found out. */
	char *params[ROWS + 1];
	struct meta_variable list[ROWS + 1];
	size_t param_count;
	char *sent;
	size_t sent_length;
	size_t taken;
	size_t chunk;

	unsigned responds;
	unsigned releases;
	unsigned status;
	char *head;
	char *split; /* the head again, cut into its fields */
	struct field fields[MOST_FIELDS];
	size_t field_count;
	struct buffer body; /* terminated once there is one */
	void *room;
	bool is_forgotten;
	bool is_peer_own;
	bool is_going_on;
	bool is_clogged;
	bool is_held_back;
	bool is_broken; /* no more parts can follow */
	bool is_taking; /* a part, just now */
	void (*lost)(void *argument);
	void *argument;
	unsigned parts;
};

static const struct gateway_operations operations;

static void add_param(struct memory_gateway *memory, const char *name, const char *value)
{
	char *param;

	if (value == NULL)
		return;
	assert_true(asprintf(&param, "%s=%s", name, value) >= 0);
	memory->params[memory->param_count++] = param;
}

struct memory_gateway *memory_gateway_open(const struct memory_request *request)
{
	struct memory_gateway *memory = calloc(1, sizeof(*memory));

	assert_non_null(memory);
	memory->gateway.operations = &operations;
	buffer_reserve(&memory->body, ENOUGH);
	/* Most things get a block of their own: a write past the end of one is detected. */
	memory->room = malloc(ROOM);
	assert_non_null(memory->room);
	arena_begin(&memory->gateway.arena, memory->room, ROOM);
	memory->gateway.refused = request->refused;
	memory->is_peer_own = request->is_peer_own;
	for (size_t i = 0; i < ROWS; i++)
		add_param(memory, rows[i].name,
			*(const char *const *)((const char *)request + rows[i].offset));
	meta_variables_from(memory->params, memory->list);
	memory->gateway.params = memory->list;
	memory->chunk = request->chunk;
	memory->sent_length = request->body_length;
	if (request->body != NULL && memory->sent_length == 0)
		memory->sent_length = strlen(request->body);
	memory->sent = malloc(memory->sent_length + 1);
	assert_non_null(memory->sent);
	if (memory->sent_length > 0)
		memcpy(memory->sent, request->body, memory->sent_length);
	return memory;
}

struct gateway *memory_gateway_of(struct memory_gateway *memory)
{
	return &memory->gateway;
}

static struct memory_gateway *of(struct gateway *gateway)
{
	return (struct memory_gateway *)gateway;
}

static void expect_open(const struct memory_gateway *memory)
{
	assert_int_equal(memory->releases, 0);
	assert_int_equal(memory->responds, 0);
}

/* gateway_operations.read */
static size_t read_chunk(struct gateway *gateway, char *chunk, size_t size)
{
	struct memory_gateway *memory = of(gateway);
	size_t length = memory->sent_length - memory->taken;

	expect_open(memory);
	assert_false(memory->is_forgotten);
	if (length > size)
		length = size;
	if (memory->chunk > 0 && length > memory->chunk)
		length = memory->chunk;
	memcpy(chunk, memory->sent + memory->taken, length);
	memory->taken += length;
	return length;
}

/* Takes the line that begins here apart; the next one. */
static char *split_line(struct memory_gateway *memory, char *line)
{
	char *end = strstr(line, "\r\n");
	char *colon = strchr(line, ':');

	assert_non_null(end);
	assert_true(colon != NULL && colon > line && colon < end && colon[1] == ' ');
	assert_true(memory->field_count < MOST_FIELDS);
	*end = '\0';
	*colon = '\0';
	assert_null(strpbrk(line, "\r\n \t"));
	assert_null(strpbrk(colon + 2, "\r\n"));
	memory->fields[memory->field_count++] = (struct field){.name = line, .value = colon + 2};
	return end + 2;
}

static void split_head(struct memory_gateway *memory)
{
	char *line = memory->split;

	while (strcmp(line, "\r\n") != 0)
		line = split_line(memory, line);
	const char *status = memory_gateway_field(memory, "Status");
	assert_non_null(status);
	assert_string_equal(memory->fields[0].name, "Status");
	memory->status = (unsigned)strtoul(status, NULL, 10);
	assert_true(memory->status >= 200 && memory->status <= 599);
}

/* memory_gateway_field() fails then. */
static void expect_no_repeats(const struct memory_gateway *memory)
{
	for (size_t i = 0; i < memory->field_count; i++)
		assert_non_null(memory_gateway_field(memory, memory->fields[i].name));
}

static void keep_head(struct memory_gateway *memory, const char *head, size_t length)
{
	memory->head = strndup(head, length);
	memory->split = strndup(head, length);
	assert_true(memory->head != NULL && memory->split != NULL);
	assert_int_equal(strlen(memory->head), length);
	split_head(memory);
	expect_no_repeats(memory);
}

static void append_body(struct memory_gateway *memory, const char *bytes, size_t length)
{
	if (memory->body.length > 0)
		memory->body.length--;
	buffer_append(&memory->body, bytes, length);
	buffer_append(&memory->body, "", 1);
	assert_false(memory->body.failed);
}

/* gateway_operations.respond */
static bool respond(struct gateway *gateway, const char *head, size_t head_length, const char *body,
	size_t body_length)
{
	struct memory_gateway *memory = of(gateway);

	expect_open(memory);
	assert_false(memory->is_going_on);
	memory->responds++;
	keep_head(memory, head, head_length);
	append_body(memory, body, body_length);
	expect_well_formed(memory_gateway_field(memory, "Content-Type"), memory->body.bytes);
	return !memory->is_held_back;
}

/* gateway_operations.stream */
static bool take_part(struct gateway *gateway, const char *bytes, size_t length)
{
	struct memory_gateway *memory = of(gateway);
	const char *end =
		memory->is_going_on || bytes == NULL ? NULL : memmem(bytes, length, "\r\n\r\n", 4);

	expect_open(memory);
	assert_false(memory->is_broken);
	if (bytes == NULL) {
		memory->is_broken = true;
		return false;
	}
	assert_true(length > 0);
	if (!memory->is_going_on) {
		assert_non_null(end);
		keep_head(memory, bytes, (size_t)(end - bytes) + 4);
		length -= (size_t)(end - bytes) + 4;
		bytes = end + 4;
	}
	memory->is_going_on = true;
	memory->parts++;
	append_body(memory, bytes, length);
	memory->is_taking = true;
	if (memory->lost != NULL)
		memory->lost(memory->argument);
	memory->is_taking = false;
	return memory->lost == NULL && !memory->is_clogged;
}

/* gateway_operations.end */
static bool end(struct gateway *gateway)
{
	struct memory_gateway *memory = of(gateway);

	expect_open(memory);
	assert_true(memory->is_going_on);
	assert_false(memory->is_broken);
	memory->responds++;
	expect_well_formed(memory_gateway_field(memory, "Content-Type"), memory->body.bytes);
	return !memory->is_held_back;
}

void memory_gateway_forget(struct memory_gateway *memory)
{
	for (size_t i = 0; i < memory->param_count; i++)
		free(memory->params[i]);
	memory->param_count = 0;
	memory->list[0] = (struct meta_variable){0};
	free(memory->sent);
	memory->sent = NULL;
	memory->is_forgotten = true;
}

/* gateway_operations.release */
static void release(struct gateway *gateway)
{
	assert_int_equal(of(gateway)->releases, 0);
	assert_false(of(gateway)->is_taking);
	of(gateway)->releases++;
	memory_gateway_forget(of(gateway));
	arena_end(&gateway->arena);
	free(of(gateway)->room);
}

static bool is_peer_own(struct gateway *gateway)
{
	const struct memory_gateway *memory = (struct memory_gateway *)gateway;

	assert_false(memory->is_forgotten);
	return memory->is_peer_own;
}

static const struct gateway_operations operations = {
	.read = read_chunk,
	.respond = respond,
	.stream = take_part,
	.end = end,
	.is_peer_own = is_peer_own,
	.release = release,
};

void memory_gateway_hold_back(struct memory_gateway *memory)
{
	memory->is_held_back = true;
}

void memory_gateway_clog(struct memory_gateway *memory, bool is_clogged)
{
	memory->is_clogged = is_clogged;
}

void memory_gateway_lose(
	struct memory_gateway *memory, void (*lost)(void *argument), void *argument)
{
	memory->lost = lost;
	memory->argument = argument;
}

bool memory_gateway_is_broken(const struct memory_gateway *memory)
{
	return memory->is_broken;
}

unsigned memory_gateway_parts(const struct memory_gateway *memory)
{
	return memory->parts;
}

unsigned memory_gateway_status(const struct memory_gateway *memory)
{
	return memory->status;
}

const char *memory_gateway_field(const struct memory_gateway *memory, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < memory->field_count; i++) {
		if (strcasecmp(memory->fields[i].name, name) != 0)
			continue;
		if (value != NULL)
			fail_msg("%s is repeated", name);
		value = memory->fields[i].value;
	}
	return value;
}

const char *memory_gateway_head(const struct memory_gateway *memory)
{
	assert_non_null(memory->head);
	return memory->head;
}

const char *memory_gateway_body(const struct memory_gateway *memory)
{
	assert_true(memory->responds == 1 || memory->is_going_on);
	return memory->body.bytes;
}

size_t memory_gateway_body_length(const struct memory_gateway *memory)
{
	assert_int_equal(memory->responds, 1);
	return memory->body.length - 1;
}

void memory_gateway_expect(const struct memory_gateway *memory, const char *text)
{
	const char *body = memory_gateway_body(memory);

	if (strstr(body, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, body);
}

void memory_gateway_expect_not(const struct memory_gateway *memory, const char *text)
{
	const char *body = memory_gateway_body(memory);

	if (strstr(body, text) != NULL)
		fail_msg("\"%s\" is in: %s", text, body);
}

void memory_gateway_end(struct memory_gateway *memory, unsigned status, const char *text)
{
	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_expect(memory, text);
	memory_gateway_close(memory);
}

void memory_gateway_expect_field(
	const struct memory_gateway *memory, const char *name, const char *value)
{
	const char *actual = memory_gateway_field(memory, name);

	if (value == NULL && actual != NULL)
		fail_msg("%s: %s", name, actual);
	if (value != NULL && actual == NULL)
		fail_msg("no %s", name);
	if (value != NULL)
		assert_string_equal(actual, value);
}

unsigned memory_gateway_responds(const struct memory_gateway *memory)
{
	return memory->responds;
}

bool memory_gateway_is_settled(const struct memory_gateway *memory)
{
	return memory->gateway.params != memory->list;
}

unsigned memory_gateway_releases(const struct memory_gateway *memory)
{
	return memory->releases;
}

void memory_gateway_close(struct memory_gateway *memory)
{
	assert_int_equal(memory->releases, 1);
	buffer_free(&memory->body);
	free(memory->head);
	free(memory->split);
	free(memory);
}
