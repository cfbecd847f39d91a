#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_FAKE_DATABASE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_FAKE_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include <uv.h>

/*
 * A server that speaks as much of PostgreSQL's protocol 3 as a link hears, on the test's own loop,
 * and does what no well server does. Every query gives one row with the number 7.
 */

/* What it does with a new connection. */
enum fake_welcome {
	WELCOME_WELL,
	WELCOME_SILENCE,         /* reads, and says nothing */
	WELCOME_CUT,             /* closes it */
	WELCOME_REFUSAL,         /* FATAL 57P03 */
	WELCOME_LOCKED_OUT,      /* FATAL 28000: no pg_hba.conf entry */
	WELCOME_STANDBY,         /* takes no changes */
	WELCOME_GARBAGE,         /* speaks something else */
	WELCOME_STRANGER,        /* knows only the settings that a commit rests on */
	WELCOME_CARELESS,        /* and not those, either */
	WELCOME_CUT_STATEMENTS,  /* closes it when statements are prepared */
	WELCOME_FAIL_STATEMENTS, /* has not what they are about */
};

/* What it does with a query. */
enum fake_answer {
	ANSWER_WELL,
	ANSWER_NEVER,
	ANSWER_CUT,            /* closes the connection in its place */
	ANSWER_HALF,           /* and in the middle of a message */
	ANSWER_ROWS_AND_CUT,   /* and before it is ready for the next: the commit is not known */
	ANSWER_WELL_AND_CUT,   /* and behind the answer, in one piece */
	ANSWER_WELL_AND_FATAL, /* and says FATAL 57P01 behind it */
	ANSWER_ERROR,          /* of the class `sqlstate` */
	ANSWER_FATAL,          /* the same, and closes the connection */
	ANSWER_WARNING,        /* before it is ready for the next */
	ANSWER_ROLLBACK,       /* which is what was done */
	ANSWER_GARBAGE,
};

struct fake_step {
	enum fake_answer answer;
	const char *sqlstate;
};

struct fake_database {
	uv_loop_t *loop;
	union {
		uv_stream_t stream;
		uv_pipe_t pipe;
		uv_tcp_t tcp;
	} listener;
	bool is_tcp;
	bool is_open;
	int port;
	enum fake_welcome welcome;
	const char *lacking; /* the class of WELCOME_FAIL_STATEMENTS; NULL: 42P01 */
	/* For the queries that come, in turn; behind them all is well. */
	const struct fake_step *steps;
	size_t step_count;
	unsigned connections; /* that there were */
	unsigned queries;
	TAILQ_HEAD(, fake_session) sessions;
};

/* Listens where libpq looks for that port in the directory. A zeroed struct is fine. */
void fake_database_open(
	struct fake_database *database, uv_loop_t *loop, const char *directory, int port);

/* Listens on a free port of 127.0.0.1. */
void fake_database_open_tcp(struct fake_database *database, uv_loop_t *loop);

/* What no query has asked for: FATAL 57P01, and the end, to all who are connected. */
void fake_database_end_sessions(struct fake_database *database);

/* Closes all. The loop has to run. One that was not opened is fine. */
void fake_database_close(struct fake_database *database);

#endif
