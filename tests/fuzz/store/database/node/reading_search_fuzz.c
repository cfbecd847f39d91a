/*
 * Pages, searches, users of a name and outcomes of changes, read from any rows: no more users than
 * were asked for, each of them in the memory of the rows.
 */
#include "store/database/node/reading_search.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/store/lettered_names.h"
#include "fuzz/store/made_rows.h"
#include "store/database/node/write_statements.h"

struct read {
	struct user users[LIMIT_PAGE_MOST];
	struct store_answer answer;
};

static void check_read(const struct read *read, size_t most)
{
	size_t sum = 0;

	must(read->answer.count <= most);
	for (size_t i = 0; i < read->answer.count; i++)
		for (size_t j = 0; j < read->users[i].name_length; j++)
			sum += (unsigned char)read->users[i].name[j];
	must(sum < SIZE_MAX);
}

static void read_list(const struct rows *rows, struct store_question *question)
{
	static struct read read;

	for (enum store_from from = STORE_NEWEST; from <= STORE_NEWER_THAN; from++) {
		question->from = from;
		read.answer = (struct store_answer){0};
		reading_page_read(rows, question, read.users, &read.answer);
		check_read(&read, question->most);
	}
	read.answer = (struct store_answer){0};
	reading_named_read(rows, question, read.users, &read.answer);
	check_read(&read, question->most);
}

static void read_search(
	const struct rows *rows, struct store_question *question, struct search *search)
{
	static struct read read;
	struct reading_mark mark = {0};

	question->search = search;
	for (enum search_from from = SEARCH_FIRST; from <= SEARCH_BEFORE; from++) {
		search->from = from;
		read.answer = (struct store_answer){0};
		if (reading_search_read(rows, question, &mark, read.users, &read.answer))
			check_read(&read, question->most);
		must(mark.length <= LIMIT_NAME);
	}
}

static void read_outcomes(const struct rows *rows, size_t most)
{
	struct write_outcomes outcomes = {0};

	for (size_t i = 0; i < 2; i++) {
		write_outcomes_read(&outcomes, rows, most);
		must(outcomes.count == most + 1);
		for (size_t place = 0; place <= most; place++) {
			const struct write_outcome *outcome = &outcomes.list[place];
			size_t sum = 0;
			for (size_t j = 0; j < outcome->user.name_length; j++)
				sum += (unsigned char)outcome->user.name[j];
			must(outcome->is_told || sum == 0);
		}
	}
	write_outcomes_free(&outcomes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length < 2048 ? length : 2048};
	struct username typed;
	struct search search = {.number = fuzz_take_byte(&input)};
	struct store_question question = {.most = fuzz_take_byte(&input) % 8U + 1};

	bool is_name = lettered_names_take(&input, &typed);
	struct made_rows *made = made_rows_take(&input);
	const struct rows rows = made_rows_of(made);
	read_list(&rows, &question);
	if (is_name && username_parse_beginning(typed.text, typed.length, &search.beginning) ==
			       USERNAME_FINE)
		read_search(&rows, &question, &search);
	read_outcomes(&rows, question.most * 3);
	made_rows_free(made);
	return 0;
}
