#ifndef ROLLCALL_BASE_METERS_SHARE_H
#define ROLLCALL_BASE_METERS_SHARE_H

#include <stdint.h>

/* A part of a whole as people read it, the same wherever it is shown: "0%", "<0.1%", "3.4%", "97%".
 * What is there is not said to be nothing. */
#define SHARE_WORDS_SIZE 8
void share_words(uint64_t part, uint64_t whole, char words[static SHARE_WORDS_SIZE]);

#endif
