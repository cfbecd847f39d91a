/*
 * A session gathers the messages of a query until its Sync, so that a fault has the whole query in
 * its hands, and knows by the server's ReadyForQuery which query an answer belongs to: several may
 * be under way (pipeline mode), and their answers come in their order.
 */
#include "database/proxy/session.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/memory.h"
#include "database/proxy/faults.h"
#include "database/proxy/messages.h"

enum session_state {
	STATE_STARTING,  /* the client has not said who it is */
	STATE_PASSING,   /* messages pass in both directions */
	STATE_STALLED,   /* nothing passes until sessions_release() */
	STATE_LATE,      /* the client was cut off; its query waits for sessions_release() */
	STATE_FINISHING, /* that query is with the server */
	STATE_MUTE,      /* whatever comes is dropped */
	STATE_CLOSED,
};

/* A query that is under way, or the startup. */
struct exchange {
	TAILQ_ENTRY(exchange) next;
	struct fault fault;
};

struct statement {
	LIST_ENTRY(statement) next;
	char *name;
	char *sql;
};

struct session {
	LIST_ENTRY(session) next;
	enum session_state state;
	uv_pipe_t client;
	uv_pipe_t server;
	uv_connect_t connecting;
	unsigned handles;          /* that are not closed yet */
	const char *refused;       /* SQLSTATE that the startup is answered with, or NULL */
	struct buffer from_client; /* what was not taken yet */
	struct buffer from_server;
	struct buffer request; /* the messages of a query without its end */
	struct fault fault;    /* of that query */
	struct buffer answer;  /* of the first exchange, where a fault wants all of it */
	struct buffer held;    /* for sessions_release() */
	uv_pipe_t *held_for;
	const char *held_by; /* the name of the fault */
	bool is_fired;       /* that has been said */
	LIST_HEAD(, statement) statements;
	TAILQ_HEAD(, exchange) exchanges;
};

/* A write, with a copy of the bytes behind it. */
struct sending {
	uv_write_t write;
	char bytes[];
};

static LIST_HEAD(, session) sessions = LIST_HEAD_INITIALIZER(sessions);

static void pass_answers(struct session *session);

/* Lifetime */

static void free_session(struct session *session)
{
	struct exchange *exchange;
	struct statement *statement;

	while ((exchange = TAILQ_FIRST(&session->exchanges)) != NULL) {
		TAILQ_REMOVE(&session->exchanges, exchange, next);
		free(exchange);
	}
	while ((statement = LIST_FIRST(&session->statements)) != NULL) {
		LIST_REMOVE(statement, next);
		free(statement->name);
		free(statement->sql);
		free(statement);
	}
	buffer_free(&session->from_client);
	buffer_free(&session->from_server);
	buffer_free(&session->request);
	buffer_free(&session->answer);
	buffer_free(&session->held);
	free(session);
}

static void on_pipe_closed(uv_handle_t *handle)
{
	struct session *session = handle->data;

	if (--session->handles > 0)
		return;
	LIST_REMOVE(session, next);
	free_session(session);
}

static void close_pipe(uv_pipe_t *pipe)
{
	if (!uv_is_closing((uv_handle_t *)pipe))
		uv_close((uv_handle_t *)pipe, on_pipe_closed);
}

static void cut(struct session *session)
{
	session->state = STATE_CLOSED;
	close_pipe(&session->client);
	close_pipe(&session->server);
}

static void say(const char *what, const char *fault)
{
	printf("%s %s\n", what, fault);
	fflush(stdout);
}

static void say_once(struct session *session, const char *fault)
{
	if (!session->is_fired)
		say("fired", fault);
	session->is_fired = true;
}

/* Sending */

static void on_sent(uv_write_t *write, int status)
{
	(void)status; /* a connection that is lost says so to its reader */
	free(write->data);
}

static void send_to(uv_pipe_t *pipe, const char *bytes, size_t length)
{
	if (length == 0 || uv_is_closing((uv_handle_t *)pipe))
		return;
	struct sending *sending = memory_zeroed(sizeof(*sending) + length);
	memcpy(sending->bytes, bytes, length);
	sending->write.data = sending;
	uv_buf_t part = uv_buf_init(sending->bytes, (unsigned)length);
	if (uv_write(&sending->write, (uv_stream_t *)pipe, &part, 1, on_sent) != 0)
		free(sending);
}

static void send_buffer(uv_pipe_t *pipe, struct buffer *buffer)
{
	send_to(pipe, buffer->bytes, buffer->length);
	buffer_clear(buffer);
}

/* The beginning of what is in the buffer. */
static void send_part(uv_pipe_t *pipe, struct buffer *buffer, size_t length)
{
	send_to(pipe, buffer->bytes, length);
	buffer_consume(buffer, length);
}

/* What is in the buffer waits for sessions_release(). */
static void hold(struct session *session, struct buffer *buffer, uv_pipe_t *pipe, const char *fault)
{
	buffer_append(&session->held, buffer->bytes, buffer->length);
	buffer_clear(buffer);
	session->held_for = pipe;
	session->held_by = fault;
	session->is_fired = false;
	session->state = STATE_STALLED;
}

/* From the server to the client */

static void end_exchange(struct session *session)
{
	struct exchange *exchange = TAILQ_FIRST(&session->exchanges);

	TAILQ_REMOVE(&session->exchanges, exchange, next);
	free(exchange);
}

static void send_error(struct session *session, const char *sqlstate)
{
	struct buffer error = {0};

	message_error(&error, sqlstate);
	if (!message_is_fatal(sqlstate))
		message_ready(&error);
	send_buffer(&session->client, &error);
	buffer_free(&error);
	if (message_is_fatal(sqlstate))
		cut(session);
}

static void send_with_warning(struct session *session)
{
	struct buffer all = {0};
	struct message message;

	for (size_t at = 0; message_at(&session->answer, at, &message); at += message.length) {
		if (message.type == MESSAGE_COMPLETE)
			message_warning(&all);
		message_append(&all, &message);
	}
	send_buffer(&session->client, &all);
	buffer_free(&all);
}

/* Without the tag that the statement had, and what the server thinks of the ROLLBACK. */
static void send_rolled_back(struct session *session)
{
	struct buffer all = {0};
	struct message message;
	size_t next;

	for (size_t at = 0; message_at(&session->answer, at, &message); at += message.length) {
		const char *tag = message_string(&message, 0, &next);
		bool is_dropped = message.type == MESSAGE_NOTICE ||
				  (message.type == MESSAGE_COMPLETE && tag != NULL &&
					  strcmp(tag, "ROLLBACK") != 0);
		if (!is_dropped)
			message_append(&all, &message);
	}
	send_buffer(&session->client, &all);
	buffer_free(&all);
}

static bool wants_whole_answer(const struct exchange *exchange)
{
	switch (exchange->fault.kind) {
	case FAULT_ROLLBACK:
	case FAULT_SWALLOW:
	case FAULT_CUT_IN_ANSWER:
	case FAULT_ERROR_AFTER:
	case FAULT_STALL_READY:
	case FAULT_STALL_ANSWER:
	case FAULT_WARNING:
		return true;
	default:
		return false;
	}
}

/* The answer is whole. */
static void fail_answer(struct session *session, const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_SWALLOW:
		cut(session);
		break;
	case FAULT_CUT_IN_ANSWER:
		send_to(&session->client, session->answer.bytes, session->answer.length / 2);
		cut(session);
		break;
	case FAULT_ERROR_AFTER:
		send_error(session, fault->sqlstate);
		break;
	case FAULT_STALL_READY:
		send_part(&session->client, &session->answer,
			session->answer.length - MESSAGE_HEADER - MESSAGE_STATE);
		hold(session, &session->answer, &session->client, fault->name);
		break;
	case FAULT_STALL_ANSWER:
		hold(session, &session->answer, &session->client, fault->name);
		break;
	case FAULT_WARNING:
		send_with_warning(session);
		break;
	default:
		send_rolled_back(session);
		break;
	}
	buffer_clear(&session->answer);
	say("fired", fault->name);
}

static void on_ready(struct session *session)
{
	struct exchange *exchange = TAILQ_FIRST(&session->exchanges);

	if (wants_whole_answer(exchange))
		fail_answer(session, &exchange->fault);
	if (session->state == STATE_FINISHING && exchange->fault.kind == FAULT_LATE) {
		say("released", exchange->fault.name);
		cut(session);
	}
	end_exchange(session);
}

static void pass_answer(struct session *session, const struct message *message)
{
	struct exchange *exchange = TAILQ_FIRST(&session->exchanges);

	if (exchange != NULL && wants_whole_answer(exchange))
		message_append(&session->answer, message);
	else
		send_to(&session->client, message->bytes, message->length);
	if (exchange != NULL && message->type == MESSAGE_READY)
		on_ready(session);
}

/* An answer that the proxy makes up comes after those of earlier queries. */
static bool answer_with_error(struct session *session)
{
	struct exchange *exchange = TAILQ_FIRST(&session->exchanges);

	if (exchange == NULL || exchange->fault.kind != FAULT_ERROR)
		return false;
	send_error(session, exchange->fault.sqlstate);
	say("fired", exchange->fault.name);
	end_exchange(session);
	return true;
}

static bool is_passing(const struct session *session)
{
	return session->state == STATE_PASSING || session->state == STATE_LATE ||
	       session->state == STATE_FINISHING;
}

static void pass_answers(struct session *session)
{
	struct message message;
	size_t used = 0;

	while (is_passing(session)) {
		if (answer_with_error(session))
			continue;
		if (!message_at(&session->from_server, used, &message))
			break;
		pass_answer(session, &message);
		used += message.length;
	}
	buffer_consume(&session->from_server, used);
}

/* From the client to the server */

static void begin_exchange(struct session *session, const struct fault *fault)
{
	struct exchange *exchange = memory_zeroed(sizeof(*exchange));

	exchange->fault = *fault;
	TAILQ_INSERT_TAIL(&session->exchanges, exchange, next);
}

static void note_statement(struct session *session, const struct message *parse)
{
	size_t next = 0;
	const char *name = message_string(parse, 0, &next);
	const char *sql = message_string(parse, next, &next);

	if (name == NULL || sql == NULL)
		return;
	struct statement *statement = memory_zeroed(sizeof(*statement));
	statement->name = memory_printf("%s", name);
	statement->sql = memory_printf("%s", sql);
	LIST_INSERT_HEAD(&session->statements, statement, next);
}

static bool has_prepared(const struct session *session, const char *text)
{
	const struct statement *statement;

	LIST_FOREACH (statement, &session->statements, next) {
		if (strstr(statement->sql, text) != NULL)
			return true;
	}
	return *text == '\0';
}

/* The text of the query that the message begins; NULL if it begins none. */
static const char *sql_of(const struct session *session, const struct message *message)
{
	const struct statement *statement;
	const char *name;
	size_t next = 0;

	if (message->type == MESSAGE_QUERY)
		return message_string(message, 0, &next);
	if (message->type != MESSAGE_BIND || message_string(message, 0, &next) == NULL)
		return NULL;
	name = message_string(message, next, &next);
	LIST_FOREACH (statement, &session->statements, next) {
		if (name != NULL && strcmp(statement->name, name) == 0)
			return statement->sql;
	}
	return NULL;
}

/* Passes on so much of the request, and closes. */
static void cut_request(struct session *session, size_t length, const char *fault)
{
	send_to(&session->server, session->request.bytes, length);
	cut(session);
	say("fired", fault);
}

static void roll_back(struct session *session)
{
	session->request.length -= MESSAGE_HEADER; /* the Sync would commit */
	message_query(&session->request, "ROLLBACK");
	send_buffer(&session->server, &session->request);
}

/* All but the Sync, and so that the server answers what it has done without it. */
static void stall_sync(struct session *session, const char *fault)
{
	struct buffer flush = {0};

	send_part(&session->server, &session->request, session->request.length - MESSAGE_HEADER);
	message_flush(&flush);
	send_buffer(&session->server, &flush);
	buffer_free(&flush);
	hold(session, &session->request, &session->server, fault);
}

static void pass_query(struct session *session, const struct fault *fault)
{
	struct buffer *request = &session->request;

	switch (fault->kind) {
	case FAULT_CUT_BEFORE_BIND:
		cut_request(session, 0, fault->name);
		break;
	case FAULT_CUT_IN_REQUEST:
		cut_request(session, request->length / 2, fault->name);
		break;
	case FAULT_CUT_BEFORE_SYNC:
		cut_request(session, request->length - MESSAGE_HEADER, fault->name);
		break;
	case FAULT_ERROR:
		pass_answers(session);
		break;
	case FAULT_ROLLBACK:
		roll_back(session);
		break;
	case FAULT_STALL_SYNC:
		stall_sync(session, fault->name);
		break;
	case FAULT_STALL_REQUEST:
	case FAULT_LATE:
		hold(session, request, &session->server, fault->name);
		if (fault->kind == FAULT_LATE) {
			session->state = STATE_LATE;
			close_pipe(&session->client);
		}
		say("fired", fault->name);
		break;
	default:
		send_buffer(&session->server, request);
		break;
	}
	buffer_clear(request);
}

static void pass_request(struct session *session, const struct message *message)
{
	const char *sql = sql_of(session, message);

	if (message->type == MESSAGE_PARSE)
		note_statement(session, message);
	if (sql != NULL && session->fault.kind == FAULT_NONE &&
		has_prepared(session, faults_beside()))
		session->fault = faults_next(sql);
	message_append(&session->request, message);
	if (message->type == MESSAGE_SYNC || message->type == MESSAGE_QUERY) {
		struct fault fault = session->fault;
		session->fault.kind = FAULT_NONE;
		begin_exchange(session, &fault);
		pass_query(session, &fault);
	} else if (strchr("PBDEC", message->type) == NULL) {
		send_buffer(&session->server, &session->request);
	}
}

static void pass_requests(struct session *session)
{
	struct message message;
	size_t used = 0;

	while (session->state == STATE_PASSING &&
		message_at(&session->from_client, used, &message)) {
		pass_request(session, &message);
		used += message.length;
	}
	buffer_consume(&session->from_client, used);
}

/* The server answers a startup as it does a query: up to ReadyForQuery. */
static void start(struct session *session)
{
	const struct fault none = {.kind = FAULT_NONE};
	struct message startup;

	while (session->state == STATE_STARTING &&
		message_startup(&session->from_client, &startup)) {
		if (message_asks_for_encryption(&startup)) {
			send_to(&session->client, "N", 1);
		} else if (session->refused != NULL) {
			send_error(session, session->refused);
			cut(session);
		} else {
			send_to(&session->server, startup.bytes, startup.length);
			begin_exchange(session, &none);
			session->state = STATE_PASSING;
		}
		buffer_consume(&session->from_client, startup.length);
	}
}

/* Reading */

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
	static char bytes[65536];

	(void)handle;
	(void)suggested;
	*room = uv_buf_init(bytes, sizeof(bytes));
}

static void on_request(uv_stream_t *client, ssize_t length, const uv_buf_t *room)
{
	struct session *session = client->data;

	if (length < 0) {
		cut(session);
		return;
	}
	if (session->state == STATE_MUTE) {
		say_once(session, "mute");
		return;
	}
	buffer_append(&session->from_client, room->base, (size_t)length);
	start(session);
	pass_requests(session);
}

/* The server has done what is before the Sync, and says so. */
static void say_of_sync(struct session *session)
{
	const struct exchange *exchange = TAILQ_FIRST(&session->exchanges);

	if (exchange != NULL && exchange->fault.kind == FAULT_STALL_SYNC)
		say_once(session, exchange->fault.name);
}

static void on_answer(uv_stream_t *server, ssize_t length, const uv_buf_t *room)
{
	struct session *session = server->data;

	if (length >= 0) {
		buffer_append(&session->from_server, room->base, (size_t)length);
		if (session->state == STATE_STALLED)
			say_of_sync(session);
		pass_answers(session);
		return;
	}
	if (session->state == STATE_FINISHING)
		say("released", session->held_by);
	cut(session);
}

static void on_connected(uv_connect_t *connecting, int status)
{
	struct session *session = connecting->data;

	if (session->state == STATE_CLOSED)
		return;
	if (status != 0 || uv_read_start((uv_stream_t *)&session->server, on_room, on_answer) != 0)
		cut(session);
}

/* The public part */

void session_open(uv_stream_t *listener, const char *server, enum session_welcome welcome,
	const char *sqlstate)
{
	struct session *session = memory_zeroed(sizeof(*session));

	session->state = welcome == SESSION_MUTE ? STATE_MUTE : STATE_STARTING;
	session->refused = welcome == SESSION_ERROR ? sqlstate : NULL;
	session->handles = 2;
	TAILQ_INIT(&session->exchanges);
	LIST_INSERT_HEAD(&sessions, session, next);
	uv_pipe_init(listener->loop, &session->client, 0);
	uv_pipe_init(listener->loop, &session->server, 0);
	session->client.data = session->server.data = session->connecting.data = session;
	if (welcome == SESSION_SERVED)
		uv_pipe_connect(&session->connecting, &session->server, server, on_connected);
	if (uv_accept(listener, (uv_stream_t *)&session->client) != 0 ||
		uv_read_start((uv_stream_t *)&session->client, on_room, on_request) != 0)
		cut(session);
}

void sessions_cut(void)
{
	struct session *session;

	LIST_FOREACH (session, &sessions, next)
		cut(session);
}

static void release(struct session *session)
{
	bool is_late = session->state == STATE_LATE;

	send_buffer(session->held_for, &session->held);
	session->state = is_late ? STATE_FINISHING : STATE_PASSING;
	if (!is_late)
		say("released", session->held_by);
	pass_answers(session);
	pass_requests(session);
}

void sessions_release(void)
{
	struct session *session;

	LIST_FOREACH (session, &sessions, next) {
		if (session->state == STATE_STALLED || session->state == STATE_LATE)
			release(session);
	}
}
