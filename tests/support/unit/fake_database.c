#include "support/unit/fake_database.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "support/test.h"

struct fake_session {
	TAILQ_ENTRY(fake_session) next;
	struct fake_database *database;
	union {
		uv_stream_t stream;
		uv_pipe_t pipe;
		uv_tcp_t tcp;
	} socket;
	struct buffer in;
	struct buffer out;
	char piece[65536];
	bool has_begun; /* its first message was read */
	bool is_setting;
	bool is_statement; /* what came since the last Sync */
	bool is_skipping;  /* up to the next Sync, after an error */
	bool is_over;
};

static void on_session_closed(uv_handle_t *handle)
{
	struct fake_session *session = handle->data;

	buffer_free(&session->in);
	buffer_free(&session->out);
	free(session);
}

static void end_session(struct fake_session *session)
{
	if (session->is_over)
		return;
	session->is_over = true;
	TAILQ_REMOVE(&session->database->sessions, session, next);
	uv_close((uv_handle_t *)&session->socket, on_session_closed);
}

/* What is short goes at once, or the link has gone. */
static void send_all(struct fake_session *session)
{
	uv_buf_t piece = uv_buf_init(session->out.bytes, (unsigned)session->out.length);

	if (session->out.length > 0)
		uv_try_write(&session->socket.stream, &piece, 1);
	buffer_clear(&session->out);
}

static void put_message(struct buffer *out, char type, const void *body, size_t length)
{
	uint32_t whole = htobe32((uint32_t)length + 4);

	buffer_append(out, &type, 1);
	buffer_append(out, &whole, sizeof(whole));
	buffer_append(out, body, length);
}

#define PUT(out, type, bytes) put_message(out, type, bytes, sizeof(bytes) - 1)

/* An error, or a notice. */
static void put_complaint_of(struct buffer *out, char type, const char *severity,
	const char *sqlstate, const char *words)
{
	char body[128];
	int length = snprintf(body, sizeof(body), "S%s%cV%s%cC%s%cM%s%c", severity, 0, severity, 0,
		sqlstate, 0, words, 0);

	put_message(out, type, body, (size_t)length + 1);
}

static void put_complaint(struct buffer *out, char type, const char *severity, const char *sqlstate)
{
	put_complaint_of(out, type, severity, sqlstate, "a fault of the test");
}

static void put_status(struct buffer *out, const char *name, const char *value)
{
	char body[64];
	int length = snprintf(body, sizeof(body), "%s%c%s", name, 0, value);

	put_message(out, 'S', body, (size_t)length + 1);
}

static void put_row(struct buffer *out)
{
	PUT(out, 'T', "\0\1n\0\0\0\0\0\0\0\0\0\0\x14\0\x08\xff\xff\xff\xff\0\1");
	PUT(out, 'D', "\0\1\0\0\0\x08\0\0\0\0\0\0\0\7");
}

static void welcome(struct fake_session *session)
{
	enum fake_welcome how = session->database->welcome;
	struct buffer *out = &session->out;

	session->database->connections++;
	if (how == WELCOME_SILENCE)
		return;
	if (how == WELCOME_GARBAGE)
		buffer_string(out, "HTTP/1.1 400 Bad Request\r\n\r\n");
	else if (how == WELCOME_REFUSAL)
		put_complaint(out, 'E', "FATAL", "57P03");
	else if (how == WELCOME_LOCKED_OUT)
		put_complaint_of(out, 'E', "FATAL", "28000", "no pg_hba.conf entry for host");
	if (how == WELCOME_GARBAGE || how == WELCOME_REFUSAL || how == WELCOME_LOCKED_OUT ||
		how == WELCOME_CUT) {
		send_all(session);
		end_session(session);
		return;
	}
	PUT(out, 'R', "\0\0\0\0");
	put_status(out, "server_version", "15.0");
	put_status(out, "default_transaction_read_only", "off");
	put_status(out, "in_hot_standby", how == WELCOME_STANDBY ? "on" : "off");
	PUT(out, 'Z', "I");
	send_all(session);
}

static void put_good_answer(struct buffer *out)
{
	put_row(out);
	PUT(out, 'C', "SELECT 1\0");
}

static void answer_query(struct fake_session *session)
{
	struct fake_database *database = session->database;
	struct fake_step step = database->queries < database->step_count
					? database->steps[database->queries]
					: (struct fake_step){ANSWER_WELL, NULL};
	struct buffer *out = &session->out;
	bool is_end = false;

	database->queries++;
	switch (step.answer) {
	case ANSWER_WELL:
	case ANSWER_WARNING:
	case ANSWER_WELL_AND_CUT:
	case ANSWER_WELL_AND_FATAL:
		put_good_answer(out);
		if (step.answer == ANSWER_WARNING)
			put_complaint(out, 'N', "WARNING", "01000");
		PUT(out, 'Z', "I");
		if (step.answer == ANSWER_WELL_AND_FATAL)
			put_complaint(out, 'E', "FATAL", "57P01");
		is_end = step.answer == ANSWER_WELL_AND_CUT || step.answer == ANSWER_WELL_AND_FATAL;
		break;
	case ANSWER_NEVER:
		buffer_clear(out);
		break;
	case ANSWER_CUT:
		buffer_clear(out);
		is_end = true;
		break;
	case ANSWER_HALF:
		put_row(out);
		out->length -= 5;
		is_end = true;
		break;
	case ANSWER_ROWS_AND_CUT:
		put_good_answer(out);
		is_end = true;
		break;
	case ANSWER_ERROR:
		put_complaint(out, 'E', "ERROR", step.sqlstate);
		PUT(out, 'Z', "I");
		break;
	case ANSWER_FATAL:
		put_complaint(out, 'E', "FATAL", step.sqlstate);
		is_end = true;
		break;
	case ANSWER_ROLLBACK:
		PUT(out, 'n', "");
		PUT(out, 'C', "ROLLBACK\0");
		PUT(out, 'Z', "I");
		break;
	case ANSWER_GARBAGE:
		buffer_string(out, "\1\2\3\4\5\6\7");
		break;
	}
	send_all(session);
	if (is_end)
		end_session(session);
}

/* What came since the last Sync is answered with it, in one piece. */
static void take_sync(struct fake_session *session)
{
	struct buffer *out = &session->out;

	if (!session->is_setting && !session->is_statement) {
		answer_query(session);
		return;
	}
	if (session->is_setting && !session->is_skipping) {
		PUT(out, 'n', "");
		PUT(out, 'C', "SET\0");
	}
	session->is_setting = session->is_statement = session->is_skipping = false;
	PUT(out, 'Z', "I");
	send_all(session);
}

/* Its words are its class. */
static void put_lacking(struct fake_session *session)
{
	const char *lacking = session->database->lacking;

	lacking = lacking != NULL ? lacking : "42P01";
	put_complaint_of(&session->out, 'E', "ERROR", lacking, lacking);
}

static bool knows_setting(enum fake_welcome how, const char *sql)
{
	static const char *const known[] = {"statement_timeout", "client_min_messages",
		"default_transaction_isolation", "synchronous_commit"};

	for (size_t i = 0; how == WELCOME_STRANGER && i < sizeof(known) / sizeof(*known); i++) {
		if (strstr(sql, known[i]) != NULL)
			return true;
	}
	return how != WELCOME_STRANGER && how != WELCOME_CARELESS;
}

/* A statement has a name, a setting none. */
static void take_parse(struct fake_session *session, const char *name)
{
	enum fake_welcome how = session->database->welcome;
	const char *sql = name + strlen(name) + 1;

	session->is_statement = *name != '\0';
	session->is_setting = !session->is_statement;
	session->is_skipping =
		session->is_setting ? !knows_setting(how, sql) : how == WELCOME_FAIL_STATEMENTS;
	if (session->is_skipping && session->is_setting)
		put_complaint(&session->out, 'E', "ERROR", "42704");
	else if (session->is_skipping)
		put_lacking(session);
	else
		PUT(&session->out, '1', "");
	if (session->is_statement && how == WELCOME_CUT_STATEMENTS)
		end_session(session);
}

static void take_message(struct fake_session *session, char type, const char *body)
{
	switch (type) {
	case 'P':
		take_parse(session, body);
		break;
	case 'B':
		if (!session->is_skipping)
			PUT(&session->out, '2', "");
		break;
	case 'S':
		take_sync(session);
		break;
	case 'X':
		end_session(session);
		break;
	default: /* Describe and Execute are answered with Sync */
		break;
	}
}

/* The first message has no type. */
static void take_messages(struct fake_session *session)
{
	while (!session->is_over) {
		size_t head = session->has_begun ? 1 : 0;
		uint32_t length;
		if (session->in.length < head + sizeof(length))
			return;
		memcpy(&length, session->in.bytes + head, sizeof(length));
		length = be32toh(length);
		if (session->in.length < head + length)
			return;
		if (session->has_begun)
			take_message(session, session->in.bytes[0],
				session->in.bytes + head + sizeof(length));
		else
			welcome(session);
		session->has_begun = true;
		buffer_consume(&session->in, head + length);
	}
}

static void on_piece_wanted(uv_handle_t *handle, size_t size, uv_buf_t *piece)
{
	struct fake_session *session = handle->data;

	(void)size;
	*piece = uv_buf_init(session->piece, sizeof(session->piece));
}

static void on_piece(uv_stream_t *stream, ssize_t got, const uv_buf_t *piece)
{
	struct fake_session *session = stream->data;

	if (got < 0) {
		end_session(session);
		return;
	}
	buffer_append(&session->in, piece->base, (size_t)got);
	take_messages(session);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct fake_database *database = listener->data;
	struct fake_session *session = calloc(1, sizeof(*session));

	assert_int_equal(status, 0);
	assert_non_null(session);
	session->database = database;
	if (database->is_tcp)
		uv_tcp_init(database->loop, &session->socket.tcp);
	else
		uv_pipe_init(database->loop, &session->socket.pipe, 0);
	session->socket.stream.data = session;
	TAILQ_INSERT_TAIL(&database->sessions, session, next);
	assert_int_equal(uv_accept(listener, &session->socket.stream), 0);
	assert_int_equal(uv_read_start(&session->socket.stream, on_piece_wanted, on_piece), 0);
}

static void begin_to_listen(struct fake_database *database, uv_loop_t *loop)
{
	database->loop = loop;
	database->is_open = true;
	TAILQ_INIT(&database->sessions);
	database->listener.stream.data = database;
	assert_int_equal(uv_listen(&database->listener.stream, 16, on_connection), 0);
}

void fake_database_open(
	struct fake_database *database, uv_loop_t *loop, const char *directory, int port)
{
	char path[108];

	snprintf(path, sizeof(path), "%s/.s.PGSQL.%d", directory, port);
	database->port = port;
	assert_int_equal(uv_pipe_init(loop, &database->listener.pipe, 0), 0);
	assert_int_equal(uv_pipe_bind(&database->listener.pipe, path), 0);
	begin_to_listen(database, loop);
}

void fake_database_open_tcp(struct fake_database *database, uv_loop_t *loop)
{
	struct sockaddr_in address;
	int length = sizeof(address);

	database->is_tcp = true;
	assert_int_equal(uv_tcp_init(loop, &database->listener.tcp), 0);
	assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &address), 0);
	assert_int_equal(
		uv_tcp_bind(&database->listener.tcp, (const struct sockaddr *)&address, 0), 0);
	begin_to_listen(database, loop);
	assert_int_equal(
		uv_tcp_getsockname(&database->listener.tcp, (struct sockaddr *)&address, &length),
		0);
	database->port = ntohs(address.sin_port);
}

void fake_database_end_sessions(struct fake_database *database)
{
	struct fake_session *session;

	while ((session = TAILQ_FIRST(&database->sessions)) != NULL) {
		put_complaint(&session->out, 'E', "FATAL", "57P01");
		send_all(session);
		end_session(session);
	}
}

void fake_database_close(struct fake_database *database)
{
	struct fake_session *session;

	if (!database->is_open)
		return;
	database->is_open = false;
	while ((session = TAILQ_FIRST(&database->sessions)) != NULL)
		end_session(session);
	uv_close((uv_handle_t *)&database->listener, NULL);
}
