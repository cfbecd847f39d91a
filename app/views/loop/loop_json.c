/*
 * The loop for programs: what a second was like in words, and up to sixty seconds, the newest
 * first. Members are a table, since there are many and all are written alike.
 */
#include "views/loop/loop_json.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/json_text.h"
#include "base/meters/loop_span.h"
#include "views/loop/verdict.h"

enum kind { KIND_NUMBER, KIND_TIME, KIND_TRUTH };

struct member {
	const char *group;
	const char *name;
	enum kind kind;
	size_t offset; /* in struct second */
};

#define MEMBER(group, name, kind, field)                                                           \
	{                                                                                          \
		group, name, kind, offsetof(struct second, field)                                  \
	}

static const struct member members[] = {
	MEMBER("requests", "count", KIND_NUMBER, requests),
	MEMBER("requests", "seconds", KIND_TIME, request_time),
	MEMBER("requests", "under_way", KIND_NUMBER, requests_under_way),
	MEMBER("requests", "refused", KIND_NUMBER, refused),
	MEMBER("connections", "open", KIND_NUMBER, open),
	MEMBER("connections", "idle", KIND_NUMBER, resting),
	MEMBER("connections", "limit", KIND_NUMBER, most),
	MEMBER("connections", "accepted", KIND_NUMBER, accepted),
	MEMBER("connections", "closed", KIND_NUMBER, closed),
	MEMBER("connections", "is_paused", KIND_TRUTH, is_paused),
	MEMBER("pool", "threads", KIND_NUMBER, threads),
	MEMBER("pool", "busy", KIND_NUMBER, threads_busy),
	MEMBER("pool", "queued", KIND_NUMBER, jobs_waiting),
	MEMBER("pool", "jobs", KIND_NUMBER, jobs),
	MEMBER("pool", "seconds", KIND_TIME, jobs_time),
	MEMBER("streams", "open", KIND_NUMBER, streams),
	MEMBER("streams", "blocked", KIND_NUMBER, streams_blocked),
	MEMBER("streams", "limit", KIND_NUMBER, streams_most),
	MEMBER("streams", "sent", KIND_NUMBER, parts),
	MEMBER("disk", "users", KIND_NUMBER, users),
	MEMBER("disk", "pending", KIND_NUMBER, pending),
	MEMBER("disk", "under_way", KIND_NUMBER, under_way),
	MEMBER("disk", "stored", KIND_NUMBER, stored),
	MEMBER("disk", "batches", KIND_NUMBER, batches),
	MEMBER("disk", "write_seconds", KIND_TIME, write_time),
	MEMBER("disk", "sync_seconds", KIND_TIME, sync_time),
	MEMBER("disk", "database_seconds", KIND_TIME, trip_time),
	MEMBER("disk", "stuck_seconds", KIND_TIME, stuck),
	MEMBER("disk", "is_failing", KIND_TRUTH, is_failing),
};

static void write_json_name(struct buffer *out, const char *before, const char *name)
{
	buffer_string(out, before);
	buffer_string(out, "\"");
	buffer_string(out, name);
	buffer_string(out, "\":");
}

/* Exactly: a double has no place for it. */
static void write_seconds(struct buffer *out, uint64_t nanoseconds)
{
	const uint64_t second = 1000000000;

	buffer_printf(out, "%" PRIu64 ".%09" PRIu64, nanoseconds / second, nanoseconds % second);
}

static void write_loop_member(
	struct buffer *out, const struct second *second, const struct member *member)
{
	const char *at = (const char *)second + member->offset;

	if (member->kind == KIND_TRUTH)
		buffer_string(out, *(const bool *)at ? "true" : "false");
	else if (member->kind == KIND_NUMBER)
		buffer_number(out, *(const uint64_t *)(const void *)at);
	else
		write_seconds(out, *(const uint64_t *)(const void *)at);
}

static void write_groups(struct buffer *out, const struct second *second)
{
	const char *group = NULL;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		bool is_next = group == NULL || strcmp(group, members[i].group) != 0;
		if (is_next)
			write_json_name(out, group != NULL ? "}," : ",", members[i].group);
		group = members[i].group;
		write_json_name(out, is_next ? "{" : ",", members[i].name);
		write_loop_member(out, second, &members[i]);
	}
	buffer_string(out, "}");
}

static void write_phases(struct buffer *out, const struct second *second)
{
	write_json_name(out, ",", "phases");
	for (size_t i = 0; i < PHASES; i++) {
		write_json_name(out, i == 0 ? "{" : ",", loop_phase_name((enum loop_phase)i));
		write_json_name(out, "{", "seconds");
		write_seconds(out, second->busy[i]);
		write_json_name(out, ",", "callbacks");
		buffer_number(out, second->callbacks[i]);
		buffer_string(out, "}");
	}
	buffer_string(out, "}");
}

static void write_loop(struct buffer *out, const struct second *second)
{
	write_json_name(out, "{", "seconds");
	write_seconds(out, second->length);
	write_json_name(out, ",", "loop");
	write_json_name(out, "{", "turns");
	buffer_number(out, second->turns);
	write_json_name(out, ",", "longest_turn_under");
	if (second->longest_turn == UINT64_MAX)
		buffer_string(out, "null");
	else
		write_seconds(out, second->longest_turn);
	write_json_name(out, ",", "delayed");
	buffer_number(out, second->delayed);
	write_json_name(out, ",", "idle_seconds");
	write_seconds(out, second->idle);
	write_phases(out, second);
	buffer_string(out, "}");
}

static void write_words(struct buffer *out, const struct second *second)
{
	enum loop_state state = verdict_of(second);
	const char *title = verdict_title(state, second);
	struct buffer words = {0};

	verdict_words(&words, state, second);
	write_json_name(out, "{", "state");
	json_text_string(out, verdict_name(state), strlen(verdict_name(state)));
	write_json_name(out, ",", "title");
	json_text_string(out, title, strlen(title));
	write_json_name(out, ",", "detail");
	json_text_string(out, words.bytes, words.length);
	out->failed |= words.failed;
	buffer_free(&words);
}

static void write_alive_json(struct buffer *out, const struct loop_alive *alive)
{
	write_json_name(out, ",", "alive");
	for (size_t i = 0; i < ALIVE_KINDS; i++) {
		write_json_name(out, i == 0 ? "{" : ",", alive_kind_name((enum alive_kind)i));
		write_json_name(out, "{", "keeping");
		buffer_number(out, alive->handles[i].keeping);
		write_json_name(out, ",", "watching");
		buffer_number(out, alive->handles[i].watching);
		buffer_string(out, "}");
	}
	write_json_name(out, ",", "jobs");
	buffer_number(out, alive->jobs);
	write_json_name(out, ",", "writes");
	buffer_number(out, alive->writes);
	write_json_name(out, ",", "closing");
	buffer_number(out, alive->closing);
	buffer_string(out, "}");
}

void loop_json_view(struct buffer *out, const struct loop_view *view)
{
	write_words(out, minute_at(view->minute, 0));
	write_alive_json(out, view->alive);
	write_json_name(out, ",", "last_minute");
	buffer_string(out, "[");
	for (size_t i = 0; i < minute_length(view->minute); i++) {
		buffer_string(out, i > 0 ? "," : "");
		write_loop(out, minute_at(view->minute, i));
		write_groups(out, minute_at(view->minute, i));
		buffer_string(out, "}");
	}
	buffer_string(out, "]}");
}
