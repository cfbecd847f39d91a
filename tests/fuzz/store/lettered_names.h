#ifndef ROLLCALL_TESTS_FUZZ_STORE_LETTERED_NAMES_H
#define ROLLCALL_TESTS_FUZZ_STORE_LETTERED_NAMES_H

#include <stdbool.h>

#include "fuzz/fuzz.h"
#include "store/names/username.h"

/* Takes a name from the input, a byte for each of its letters, up to a zero: of a few letters, many
 * of which look like one of another script, or are another case of one, or part words. So names
 * that have something in common are as frequent as those that have not. False: it is no username.
 */
bool lettered_names_take(struct fuzz_input *input, struct username *name);

#endif
