#ifndef ROLLCALL_TESTS_FUZZ_FORMATS_LIST_H
#define ROLLCALL_TESTS_FUZZ_FORMATS_LIST_H

#include "formats/format.h"
#include "fuzz/fuzz.h"

/*
 * What must hold for lists of users of either format: a list that is written is read back as it
 * was; wherever a list of any kind is cut, the same comes of it; its entries and refusals are in
 * the order of their lines, and the lines are there.
 */
void list_check(const struct format *format, struct fuzz_input *input);

#endif
