/*
 * The head of a list in a database, whose server answers with any rows, to questions in any order:
 * whatever it says, what is read of the head is in the head's own memory, within its limits, and
 * ends.
 */
#include "store/database/node/head.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/store/made_rows.h"
#include "store/database/parameters.h"

#define QUESTIONS 4

struct asked {
	struct head *head;
	struct head_question questions[QUESTIONS];
	size_t count;
	struct fuzz_input *input;
};

static uv_loop_t loop;

/* Reads every byte, where a sanitizer sees it. */
static size_t read_user(const struct user *user)
{
	size_t sum = 0;

	for (size_t i = 0; i < user->name_length; i++)
		sum += (unsigned char)user->name[i];
	return sum;
}

static void read_text(const char *text, size_t most)
{
	must(strnlen(text, most + 1) <= most && utf8_is_valid(text, strlen(text)));
}

static void read_view(const struct store_view *view)
{
	must(memchr(view->revision, '\0', sizeof(view->revision)) != NULL);
	read_text(view->letters, LIMIT_LETTERS * (UTF8_MOST + 1));
}

static void read_sheet(const struct sheet_settings *sheet)
{
	must((sheet->set & ~SHEET_SETTINGS_ALL) == 0);
	read_text(sheet->title, (size_t)UTF8_MOST * LIMIT_TITLE);
	read_text(sheet->intro, (size_t)UTF8_MOST * LIMIT_INTRO);
	read_text(sheet->contact, (size_t)UTF8_MOST * LIMIT_CONTACT);
	read_text(sheet->privacy, (size_t)UTF8_MOST * LIMIT_PRIVACY);
	must(sheet->opens >= 0 && sheet->opens <= TIMESTAMP_LAST);
	must(sheet->closes >= 0 && sheet->closes <= TIMESTAMP_LAST);
	must(sheet->seats <= LIMIT_SEATS);
}

/* store_answered_cb */
static void read_answer(void *argument, const struct store_answer *answer)
{
	const struct store_question *question = argument;

	must(answer->result == RESULT_OK && answer->count <= question->most);
	for (size_t i = 0; i < answer->count; i++)
		read_user(&answer->users[i]);
	if (answer->beside != NULL)
		must(read_user(answer->beside) < SIZE_MAX &&
			answer->beside->number == question->beside);
	read_view(answer->view);
}

static void read_pages(struct asked *asked, uint64_t number)
{
	struct store_question question = {.most = number % LIMIT_PAGE_MOST + 1, .beside = number};

	for (enum store_from from = STORE_NEWEST; from <= STORE_NEWER_THAN; from++) {
		question.from = from;
		question.number = number;
		if (head_answer(asked->head, &question, read_answer, &question))
			must(head_may_answer(asked->head, &question));
	}
}

static void read_news(struct asked *asked, uint64_t number)
{
	static struct user users[64];
	static struct store_change changes[64];
	struct store_news news;
	uint64_t last = head_view(asked->head)->change;

	if (head_newer(asked->head, number, users, 64, &news)) {
		must(news.count <= 64);
		for (size_t i = 0; i < news.count; i++)
			read_user(&users[i]);
	}
	for (uint64_t after = last - 40; after != last + 2; after++) {
		if (head_changes(asked->head, after, changes, 64, &news) != RESULT_OK)
			continue;
		must(news.count <= 64);
		for (size_t i = 0; i < news.count; i++)
			if (changes[i].kind == STORE_RENAMED)
				read_user(&changes[i].user);
	}
}

static void read_all(struct asked *asked)
{
	const struct head *head = asked->head;
	const char *reason;
	uint64_t number = fuzz_take_byte(asked->input);

	read_view(head_view(head));
	read_sheet(head_sheet(head));
	must((head_check(head, &reason) == RESULT_OK) == (*reason == '\0'));
	must(head_leave_key(head) == NULL || head_leave_key(head)[HEAD_KEY_BYTES - 1] <= 255);
	if (!head_is_known(head))
		return;
	read_pages(asked, number);
	read_pages(asked, head_view(head)->newest);
	read_news(asked, number);
}

static void ask_head(struct asked *asked)
{
	struct parameters parameters = {0};

	asked->questions[asked->count++ % QUESTIONS] = head_ask(asked->head, &parameters);
	must(!parameters.bytes.failed);
	parameters_free(&parameters);
}

static void answer_head(struct asked *asked)
{
	size_t question = fuzz_take_byte(asked->input);
	struct made_rows *made = made_rows_take(asked->input);
	const struct rows rows = made_rows_of(made);

	if (asked->count > 0) {
		size_t most = asked->count < QUESTIONS ? asked->count : QUESTIONS;
		(void)!head_take(asked->head, &rows, &asked->questions[question % most]);
	}
	const struct store_view *view = head_view_of(asked->head, &rows);
	if (view != NULL)
		read_view(view);
	head_change_of(asked->head, &rows);
	made_rows_free(made);
	read_all(asked);
}

static void run_step(struct asked *asked)
{
	uint8_t step = fuzz_take_byte(asked->input);

	switch (step % 8) {
	case 0:
	case 1:
		ask_head(asked);
		break;
	case 2:
		head_doubt(asked->head);
		break;
	case 3:
		head_renew_limits(asked->head);
		break;
	case 4:
		head_renew_revision(asked->head, step);
		break;
	default:
		answer_head(asked);
	}
}

/* All of it can be read. */
static void on_changed(void *argument)
{
	const struct asked *asked = argument;

	read_view(head_view(asked->head));
	read_sheet(head_sheet(asked->head));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const struct store_limits limits = {.max_users = LIMIT_USERS, .seats = 5};
	struct fuzz_input input = {bytes, length < 2048 ? length : 2048};
	struct asked asked = {.input = &input};

	if (loop.data == NULL)
		must(uv_loop_init(&loop) == 0);
	loop.data = &loop;
	asked.head = head_open(&(struct head_settings){.loop = &loop,
		.limits = &limits,
		.sheet_changed = on_changed,
		.changed = on_changed,
		.argument = &asked});
	ask_head(&asked);
	while (input.length > 0)
		run_step(&asked);
	head_close(asked.head);
	return 0;
}
