#ifndef ROLLCALL_TESTS_UNIT_RESULT_WORD_H
#define ROLLCALL_TESTS_UNIT_RESULT_WORD_H

#include "base/result.h"

/* How a change of a store ended, in a word for a list of what was told: "ok", "taken", "no-seat".
 */
const char *result_word(enum result result);

#endif
