#ifndef ROLLCALL_STORE_DATABASE_LIBPQ_H
#define ROLLCALL_STORE_DATABASE_LIBPQ_H

#include <libpq-fe.h>

#include "base/reason.h"
#include "base/result.h"

/*
 * PostgreSQL's client library, opened by name when a store in a database is wanted. It is never
 * linked: it brings 23 other libraries, which would make each start of the program, and under CGI
 * that is each request, take 7 ms in place of half of one.
 *
 * A function is called as libpq->PQstatus(connection). To use another one, add its name here.
 */
#define LIBPQ_FUNCTIONS(X)                                                                         \
	X(PQbinaryTuples)                                                                          \
	X(PQclear)                                                                                 \
	X(PQcmdStatus)                                                                             \
	X(PQconnectPoll)                                                                           \
	X(PQconnectStartParams)                                                                    \
	X(PQconnectdbParams)                                                                       \
	X(PQconninfoFree)                                                                          \
	X(PQconninfoParse)                                                                         \
	X(PQconsumeInput)                                                                          \
	X(PQenterPipelineMode)                                                                     \
	X(PQerrorMessage)                                                                          \
	X(PQexec)                                                                                  \
	X(PQexecParams)                                                                            \
	X(PQfinish)                                                                                \
	X(PQflush)                                                                                 \
	X(PQfreemem)                                                                               \
	X(PQgetResult)                                                                             \
	X(PQgetisnull)                                                                             \
	X(PQgetlength)                                                                             \
	X(PQgetvalue)                                                                              \
	X(PQisBusy)                                                                                \
	X(PQnfields)                                                                               \
	X(PQntuples)                                                                               \
	X(PQpipelineSync)                                                                          \
	X(PQputCopyData)                                                                           \
	X(PQputCopyEnd)                                                                            \
	X(PQresultErrorField)                                                                      \
	X(PQresultErrorMessage)                                                                    \
	X(PQresultStatus)                                                                          \
	X(PQsendPrepare)                                                                           \
	X(PQsendQueryParams)                                                                       \
	X(PQsendQueryPrepared)                                                                     \
	X(PQserverVersion)                                                                         \
	X(PQsetNoticeReceiver)                                                                     \
	X(PQsetnonblocking)                                                                        \
	X(PQsocket)                                                                                \
	X(PQstatus)

struct libpq {
	void *library; /* of dlopen() */
#define LIBPQ_POINTER(name) __typeof__(name) *(name);
	LIBPQ_FUNCTIONS(LIBPQ_POINTER)
#undef LIBPQ_POINTER
};

/* Opens libpq.so.5 of version 14 or later, which has pipelines. RESULT_MISSING: it is not
 * installed, or is too old; the reason says what to do. */
enum result libpq_open(struct libpq *libpq, struct reason *reason) MUST_CHECK;

/* Nothing of it may be in use any more. One that was not opened, or a zeroed one, is fine. */
void libpq_close(struct libpq *libpq);

#endif
