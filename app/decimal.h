#ifndef ROLLCALL_DECIMAL_H
#define ROLLCALL_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* Reads digits, the first not 0, at the beginning of `text`. Returns how many there are; 0 if there
 * are none or the number is too large. */
size_t decimal_parse(const char *text, size_t length, uint64_t *number);

#endif
