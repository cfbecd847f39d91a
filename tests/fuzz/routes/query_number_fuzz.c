/*
 * The number of a user in a query: one that is written is read back, wherever it stands among other
 * fields; of a query of any kind, a number is taken only if its digits are there, and within its
 * bounds.
 */
#include "routes/query_number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "fuzz/fuzz.h"

#define UNTOUCHED 77

static void check_made(struct fuzz_input *input)
{
	static const char *const before[] = {"", "q=a+b&", "&&", "befor=1&", "before2=&%41=%42&"};
	static const char *const names[] = {"before=", "%62efore=", "bef%6Fre="};
	static const char *const behind[] = {"", "&", "&q=5", "&before2=6"};
	char query[128];
	bool is_given = false;
	bool is_last = fuzz_take_below(input, 4) == 1;
	uint64_t number = is_last ? LIMIT_PLACE : fuzz_take_below(input, LIMIT_PLACE);
	uint64_t read = UNTOUCHED;

	int length = snprintf(query, sizeof(query), "%s%s%" PRIu64 "%s",
		before[fuzz_take_below(input, 5)], names[fuzz_take_below(input, 3)], number,
		behind[fuzz_take_below(input, 4)]);
	must(length > 0 && (size_t)length < sizeof(query));
	must(query_number(query, "before", &is_given, &read) == RESULT_OK);
	must(is_given && read == number);
}

/* Without escapes, the field and its digits stand in the query as they are. */
static void check_any(const char *query)
{
	bool is_given = false;
	uint64_t number = UNTOUCHED;
	enum result result = query_number(query, "before", &is_given, &number);
	char digits[64];

	must(result == RESULT_OK || result == RESULT_MALFORMED);
	if (result != RESULT_OK)
		return;
	must(is_given || number == UNTOUCHED);
	must(!is_given || number <= LIMIT_PLACE);
	snprintf(digits, sizeof(digits), "before=%" PRIu64, number);
	if (is_given && strchr(query, '%') == NULL)
		must(strstr(query, digits) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input);
	const char *from = fuzz_rest(&input, &rest);
	char *query = fuzz_string(from, rest);
	check_any(query);
	free(query);
	return 0;
}
