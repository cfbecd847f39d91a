#include "support/unit/result_word.h"

#include "support/test.h"

const char *result_word(enum result result)
{
	static const char *const words[] = {[RESULT_OK] = "ok",
		[RESULT_MALFORMED] = "malformed",
		[RESULT_LIMIT] = "limit",
		[RESULT_MISSING] = "missing",
		[RESULT_TAKEN] = "taken",
		[RESULT_ALIKE] = "alike",
		[RESULT_UNCHANGED] = "unchanged",
		[RESULT_NO_SEAT] = "no-seat",
		[RESULT_CHANGED] = "changed",
		[RESULT_FULL] = "full",
		[RESULT_UNAVAILABLE] = "unavailable",
		[RESULT_UNKNOWN] = "unknown"};

	assert_in_range(result, 0, sizeof(words) / sizeof(words[0]) - 1);
	assert_non_null(words[result]);
	return words[result];
}
