#ifndef ROLLCALL_TESTS_FUZZ_FUZZ_H
#define ROLLCALL_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the targets of fuzzing share. A target is one door of the program, through which bytes come
 * from outside: it does with an input what the program does, and says what must hold for any input.
 */

/* The target. libFuzzer calls it with what it makes up, replay.c with the files of the corpus.
 * Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Ends the process if the condition does not hold, and says where. */
#define must(condition) must_hold((condition), #condition, __FILE__, __LINE__)
void must_hold(bool holds, const char *condition, const char *file, int line);

/* What is left of an input. An empty one gives zeros, so that every input is a whole one. */
struct fuzz_input {
	const uint8_t *bytes;
	size_t length;
};

uint8_t fuzz_take_byte(struct fuzz_input *input);

/* A number below `limit`, which is not 0. It takes as few bytes as have room for all of them. */
size_t fuzz_take_below(struct fuzz_input *input, size_t limit);

/* What stands before the next NUL, or all. It points into the input: a NUL is not sure to follow.
 */
const char *fuzz_take_text(struct fuzz_input *input, size_t *length);

/* Whether the target is to write something of its own by this input, and by what is left of it
 * again, up to its end; or else to take what is left as it is. */
bool fuzz_is_made(struct fuzz_input *input);

/* All that is left; then nothing is. */
const char *fuzz_rest(struct fuzz_input *input, size_t *length);

/* An allocation of just these bytes, so that a sanitizer sees a byte read beyond them; the caller
 * frees it. The second one ends with a NUL. */
char *fuzz_copy(const char *bytes, size_t length);
char *fuzz_string(const char *bytes, size_t length);

#endif
