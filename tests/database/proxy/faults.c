/*
 * What is to fail next. There is one order at a time: a test gives the next one when it has seen
 * what came of the last.
 */
#include "database/proxy/faults.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
	[FAULT_CUT_BEFORE_BIND] = "cut-before-bind",
	[FAULT_CUT_IN_REQUEST] = "cut-in-request",
	[FAULT_ERROR] = "error",
	[FAULT_CUT_BEFORE_SYNC] = "cut-before-sync",
	[FAULT_ROLLBACK] = "rollback",
	[FAULT_STALL_REQUEST] = "stall-request",
	[FAULT_STALL_SYNC] = "stall-sync",
	[FAULT_LATE] = "late",
	[FAULT_SWALLOW] = "swallow",
	[FAULT_CUT_IN_ANSWER] = "cut-in-answer",
	[FAULT_ERROR_AFTER] = "error-after",
	[FAULT_STALL_READY] = "stall-ready",
	[FAULT_STALL_ANSWER] = "stall-answer",
	[FAULT_WARNING] = "warning",
};

static struct {
	struct fault fault;
	unsigned every;
	unsigned times;
	unsigned seen;
	char sql[128];
	char beside[128];
} armed;

static enum fault_kind kind_of(const char *name, size_t length)
{
	for (size_t i = FAULT_NONE + 1; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			return (enum fault_kind)i;
	}
	return FAULT_NONE;
}

bool faults_arm(
	const char *name, unsigned every, unsigned times, const char *sql, const char *beside)
{
	size_t length = strcspn(name, ":");

	memset(&armed, 0, sizeof(armed));
	armed.fault.kind = kind_of(name, length);
	armed.fault.name = names[armed.fault.kind];
	armed.every = every;
	armed.times = times;
	if (name[length] == ':')
		snprintf(armed.fault.sqlstate, sizeof(armed.fault.sqlstate), "%s",
			name + length + 1);
	snprintf(armed.sql, sizeof(armed.sql), "%s", sql);
	snprintf(armed.beside, sizeof(armed.beside), "%s", beside);
	return armed.fault.kind != FAULT_NONE && every > 0;
}

void faults_disarm(void)
{
	armed.times = 0;
}

const char *faults_beside(void)
{
	return armed.beside;
}

struct fault faults_next(const char *sql)
{
	const struct fault none = {.kind = FAULT_NONE};

	if (armed.times == 0 || strstr(sql, armed.sql) == NULL || ++armed.seen % armed.every != 0)
		return none;
	armed.times--;
	return armed.fault;
}
