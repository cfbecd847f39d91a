/*
 * How the head of the list is kept up to date. Answers come over two links, so the one to a later
 * question can be of an earlier moment: versions of the state decide, which count up with every
 * change. A version less than the one that was known when the question was sent means that history
 * was rewritten. Then everything is asked for again, as it is after each connecting, which may be
 * to a server that lacks what the one before had: head_loss.c finds out.
 */
#include "store/database/node/head.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/random.h"
#include "store/database/node/database_statements.h"
#include "store/database/node/head_state.h"
#include "store/database/node/reading_page.h"
#include "store/database/schema_version.h"
#include "store/database/sheet_text.h"

/* With fewer, and more in the database, all are read again. */
#define KEPT_LEAST (KEPT_USERS / 2)

/* As in head_loss.c: numbers that are shifted are still ones that clients may come with. */
#define SHIFT_MOST (LIMIT_PLACE / 10)

struct head *head_open(const struct head_settings *settings)
{
	struct head *head = memory_zeroed(sizeof(*head));

	head->settings = *settings;
	head->pages = settings->pages;
	head->version = -1;
	head->is_doubted = true;
	head->view.letters = head->letters.letters.text;
	kept_sheet_begin(&head->sheet);
	return head;
}

/* Also what was told of the changes: an answer that lacks one of them leaves nothing to be taken
 * for it. */
static void forget_changes(struct head *head)
{
	for (size_t i = 0; i < LIMIT_HISTORY; i++) {
		free(head->renamed[i]);
		head->renamed[i] = NULL;
	}
	memset(head->history.changes, 0, sizeof(head->history.changes));
}

void head_close(struct head *head)
{
	if (head == NULL)
		return;
	kept_users_clear(&head->users, 0);
	forget_changes(head);
	buffer_free(&head->letters.text);
	buffer_free(&head->other_letters.text);
	free(head);
}

void head_limits_parameters(
	const struct head *head, bool has_letters, struct parameters *parameters)
{
	const struct store_limits *limits = head->settings.limits;

	parameters_number(parameters, (int64_t)limits->seats);
	parameters_boolean(parameters, limits->has_waiting_list);
	parameters_number(parameters, has_letters ? head->version : -1);
}

struct head_question head_ask(struct head *head, struct parameters *parameters)
{
	const struct store_limits *limits = head->settings.limits;
	bool is_complete = head->is_doubted;

	parameters_number(parameters, (int64_t)limits->seats);
	parameters_boolean(parameters, limits->has_waiting_list);
	parameters_number(parameters, is_complete ? -1 : head->version);
	parameters_number(parameters, is_complete ? 0 : (int64_t)head->view.last);
	parameters_number(parameters, is_complete ? -1 : (int64_t)head->history.last);
	parameters_number(parameters, is_complete ? -1 : head->sheet_revision);
	return (struct head_question){.order = ++head->order,
		.version = head->version,
		.sent = uv_now(head->settings.loop),
		.is_complete = is_complete};
}

/* Views */

static void make_letters(struct head_letters *letters, const char *text, size_t length)
{
	int32_t point;
	bool is_same = letters->text.length == length &&
		       (length == 0 || memcmp(letters->text.bytes, text, length) == 0);

	if (is_same)
		return;
	buffer_clear(&letters->text);
	buffer_append(&letters->text, text, length);
	letters->letters = (struct first_letters){0};
	for (size_t i = 0, step; i < length; i += step) {
		step = utf8_decode(text + i, length - i, &point);
		if (step == 0)
			break;
		first_letters_add(&letters->letters, text + i, step);
	}
}

/* A page has the number of the last change in it. */
static void write_revision(const struct head *head, struct store_view *view, uint64_t shift,
	int64_t site, int64_t version, int64_t revision)
{
	uint64_t pages = head->pages ^ shift ^ shift >> 32;

	snprintf(view->revision, sizeof(view->revision),
		"%" PRIx32 "-%" PRIx64 "-%" PRIx64 "-%" PRIx64, (uint32_t)pages, (uint64_t)site,
		(uint64_t)version, (uint64_t)revision);
}

static uint64_t read_count(const struct rows *rows, enum reading_column column)
{
	return (uint64_t)rows_number(rows, 0, column);
}

/* The state is the first row. */
static void read_view(const struct head *head, const struct rows *rows, struct store_view *view,
	struct head_letters *letters)
{
	view->users = read_count(rows, READING_USERS);
	view->newest = read_count(rows, READING_NEWEST);
	view->last = read_count(rows, READING_LAST);
	view->last_seat = read_count(rows, READING_LAST_SEAT);
	uint64_t shift = head_shift(head, rows_number(rows, 0, READING_TIMELINE));
	view->change = read_count(rows, READING_CHANGE) + shift;
	if (!rows_is_null(rows, 0, READING_NAME)) {
		size_t length;
		const char *text = rows_bytes(rows, 0, READING_NAME, &length);
		make_letters(letters, text, length);
	}
	view->letters = letters->letters.text;
	write_revision(head, view, shift, rows_number(rows, 0, READING_SITE),
		rows_number(rows, 0, READING_VERSION), rows_number(rows, 0, READING_REVISION));
}

/* The state of the answer is the one that the head has. */
static bool is_state(const struct head *head, const struct rows *rows)
{
	return rows_number(rows, 0, READING_VERSION) == head->version &&
	       rows_number(rows, 0, READING_REVISION) == head->revision &&
	       rows_number(rows, 0, READING_SITE) == head->site &&
	       rows_number(rows, 0, READING_TIMELINE) == head->timeline;
}

const struct store_view *head_view_of(struct head *head, const struct rows *rows)
{
	int64_t version = rows_number(rows, 0, READING_VERSION);

	if (is_state(head, rows))
		return &head->view;
	if (version > head->told)
		head->told = version;
	if (rows_is_null(rows, 0, READING_NAME))
		return NULL;
	read_view(head, rows, &head->other, &head->other_letters);
	return &head->other;
}

uint64_t head_change_of(const struct head *head, const struct rows *rows)
{
	return read_count(rows, READING_CHANGE) +
	       head_shift(head, rows_number(rows, 0, READING_TIMELINE));
}

void head_renew_revision(struct head *head, uint64_t pages)
{
	head->pages = pages;
	write_revision(head, &head->view, head_shift(head, head->timeline), head->site,
		head->version, head->revision);
}

/* What was asked with the old ones is overtaken. */
void head_renew_limits(struct head *head)
{
	head->complete = head->taken = ++head->order;
	head->confirmed = 0;
}

/* Taking answers */

void head_doubt(struct head *head)
{
	head->is_doubted = true;
}

/* The rows of a kind, which stand one behind the other. */
struct part {
	size_t begin;
	size_t end;
};

static struct part find_part(const struct rows *rows, enum reading_row kind)
{
	size_t count = rows_count(rows);
	struct part part;

	reading_row_find(rows, kind, &part.begin);
	part.end = part.begin;
	while (part.end < count && rows_number(rows, part.end, READING_KIND) == (int)kind)
		part.end++;
	return part;
}

static void take_users(struct head *head, const struct rows *rows, bool is_complete)
{
	const struct part part = find_part(rows, READING_USER);
	bool is_full = part.end - part.begin == KEPT_USERS;

	/* There may be others between the ones that are kept and these. */
	if (is_complete || is_full)
		kept_users_clear(&head->users,
			is_full ? (uint64_t)rows_number(rows, part.begin, READING_NUMBER) - 1 : 0);
	for (size_t row = part.begin; row < part.end; row++) {
		const struct user user = reading_user(rows, row);
		if (is_complete || is_full || user.number > head->view.last)
			kept_users_add(&head->users, &user);
	}
}

static void take_change(struct head *head, const struct rows *rows, size_t row)
{
	uint64_t change = (uint64_t)rows_number(rows, row, READING_PLACE);
	size_t place = change % LIMIT_HISTORY;
	const struct user user = reading_user(rows, row);
	bool is_there = head_is_rename(rows, row);

	free(head->renamed[place]);
	head->renamed[place] = is_there ? kept_user_copy(&user) : NULL;
	head->history.changes[place].user = user.number;
	head->history.changes[place].kind = is_there ? STORE_RENAMED : STORE_REMOVED;
	if (is_there)
		kept_users_rename(&head->users, &user);
	else
		kept_users_remove(&head->users, user.number);
}

/* The number of the first change of an answer; UINT64_MAX: there is none. */
static uint64_t first_change(const struct rows *rows)
{
	const struct part parts[] = {
		find_part(rows, READING_RENAMED), find_part(rows, READING_REMOVED)};
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < 2; i++) {
		if (parts[i].begin == parts[i].end)
			continue;
		uint64_t change = (uint64_t)rows_number(rows, parts[i].begin, READING_PLACE);
		first = change < first ? change : first;
	}
	return first;
}

static void take_changes(struct head *head, const struct rows *rows, bool is_complete)
{
	uint64_t last = read_count(rows, READING_CHANGE), first = first_change(rows);
	uint64_t known = head->history.last;

	if (is_complete) {
		forget_changes(head);
		head->history.first = first <= last ? first - 1 : last;
		known = head->history.first;
	}
	head->history.last = last;
	for (size_t row = 0; row < rows_count(rows); row++) {
		int64_t kind = rows_number(rows, row, READING_KIND);
		uint64_t change = (uint64_t)rows_number(rows, row, READING_PLACE);
		if ((kind == READING_RENAMED || kind == READING_REMOVED) && change > known)
			take_change(head, rows, row);
	}
}

/* All that are in the table are in the answer, if any has changed. Of those that this program does
 * not allow, as a later one might, none is taken. */
static void take_sheet(struct head *head, const struct rows *rows)
{
	const struct part part = find_part(rows, READING_SETTING);
	struct kept_sheet *sheet = &head->sheet;
	struct sheet_settings settings = {0};
	size_t length;

	for (size_t row = part.begin; row < part.end; row++) {
		uint64_t setting = (uint64_t)rows_number(rows, row, READING_PLACE);
		if (setting < SHEET_SETTINGS && !rows_is_null(rows, row, READING_NAME))
			sheet_text_read(&settings, (enum sheet_setting)setting,
				rows_bytes(rows, row, READING_NAME, &length));
	}
	settings.reset = SHEET_SETTINGS_ALL & ~settings.set;
	if (kept_sheet_take(sheet, &settings) != RESULT_OK)
		return;
	for (size_t row = part.begin; row < part.end; row++) {
		uint64_t setting = (uint64_t)rows_number(rows, row, READING_PLACE);
		if (setting < SHEET_SETTINGS)
			sheet->changed[setting] = (uint64_t)rows_number(rows, row, READING_NUMBER);
	}
}

/* In hexadecimal; it comes with the settings. */
static void take_leave_key(struct head *head, const struct rows *rows)
{
	const struct part part = find_part(rows, READING_LEAVE_KEY);
	size_t length, bytes = 0;

	if (part.begin == part.end)
		return;
	const char *text = rows_bytes(rows, part.begin, READING_NAME, &length);
	head->has_leave_key = sodium_hex2bin(head->leave_key, sizeof(head->leave_key), text, length,
				      NULL, &bytes, NULL) == 0 &&
			      bytes == sizeof(head->leave_key);
}

const unsigned char *head_leave_key(const struct head *head)
{
	return head->has_leave_key ? head->leave_key : NULL;
}

static void take_all(struct head *head, const struct rows *rows, bool is_complete)
{
	int64_t version = rows_number(rows, 0, READING_VERSION);
	int64_t revision = rows_number(rows, 0, READING_REVISION);
	int64_t sheet = rows_number(rows, 0, READING_SHEET);
	bool is_changed = !is_state(head, rows);
	bool has_sheet = is_complete || sheet != head->sheet_revision;

	if (is_complete && head->is_known && head_finds_loss(head, rows))
		head->shift = random_number() % SHIFT_MOST;
	if (is_changed || is_complete) {
		take_users(head, rows, is_complete);
		take_changes(head, rows, is_complete);
	}
	head->version = version;
	head->revision = revision;
	head->site = rows_number(rows, 0, READING_SITE);
	head->timeline = rows_number(rows, 0, READING_TIMELINE);
	head->is_known = true;
	read_view(head, rows, &head->view, &head->letters);
	if (is_complete) {
		head->is_doubted = false;
		head->told = version;
	}
	if (head->users.floor > 0 && head->users.count < KEPT_LEAST)
		head->is_doubted = true;
	if (has_sheet) {
		take_sheet(head, rows);
		take_leave_key(head, rows);
		head->sheet_revision = sheet;
		head->sheet.settings.revision = (uint64_t)sheet;
		head->settings.sheet_changed(head->settings.argument);
	}
	if (is_changed)
		head->settings.changed(head->settings.argument);
}

/* Keys of different tables are not comparable: the same name could be there twice. */
static void check_version(struct head *head, const struct rows *rows)
{
	int64_t schema = rows_number(rows, 0, READING_SCHEMA);
	size_t length;
	const char *unicode = rows_bytes(rows, 0, READING_UNICODE, &length);

	head->reason.text[0] = '\0';
	if (schema != DATABASE_SCHEMA)
		reason_set(&head->reason,
			"the database has version %lld of the schema, and this program needs %d: "
			"run rollcall migrate, or the program of that version",
			(long long)schema, DATABASE_SCHEMA);
	else if (length > 0 && strcmp(unicode, username_unicode_version()) != 0)
		reason_set(&head->reason,
			"names in the database were compared with the tables of Unicode %s, and "
			"this program has those of %s: run rollcall migrate with the new program",
			unicode, username_unicode_version());
}

/* Whether what is kept and what is new are one history without a gap. */
static bool continues(
	const struct head *head, const struct rows *rows, const struct head_question *question)
{
	int64_t version = rows_number(rows, 0, READING_VERSION);
	uint64_t first = first_change(rows);
	bool is_later = version > head->version ||
			(version == head->version &&
				rows_number(rows, 0, READING_REVISION) == head->revision);

	return version >= question->version && is_later &&
	       rows_number(rows, 0, READING_SITE) == head->site &&
	       rows_number(rows, 0, READING_TIMELINE) == head->timeline &&
	       (is_state(head, rows) || !rows_is_null(rows, 0, READING_NAME)) &&
	       (first == UINT64_MAX || first <= head->history.last + 1);
}

/* An answer to a question that another one has overtaken: it is new only if it is of a later
 * moment, and of the history that the head has since it asked for everything. */
static bool is_overtaken(
	const struct head *head, const struct rows *rows, const struct head_question *question)
{
	return question->order < head->taken &&
	       (question->order < head->complete ||
		       rows_number(rows, 0, READING_VERSION) <= head->version);
}

bool head_take(struct head *head, const struct rows *rows, const struct head_question *question)
{
	int64_t version = rows_number(rows, 0, READING_VERSION);
	bool is_older = version < head->version && version >= question->version;

	if (rows_count(rows) == 0)
		return true;
	if (is_overtaken(head, rows, question))
		return version <= head->version;
	if (is_older)
		return !head->is_doubted;
	if (!question->is_complete && !continues(head, rows, question)) {
		head_doubt(head);
		return false;
	}
	check_version(head, rows);
	if (question->sent > head->heard)
		head->heard = question->sent;
	if (question->order > head->taken)
		head->taken = question->order;
	if (question->is_complete)
		head->complete = question->order;
	if (question->sent > head->confirmed)
		head->confirmed = question->sent;
	take_all(head, rows, question->is_complete);
	return true;
}
