#ifndef ROLLCALL_BASE_DECIMAL_H
#define ROLLCALL_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads digits, the first not 0, at the beginning of `text`. Returns how many there are; 0 if there
 * are none or the number is too large. */
size_t decimal_parse(const char *text, size_t length, uint64_t *number);

/* Reads a string of digits and nothing else; zeros may stand before. False for any other. A number
 * that is too large is UINT64_MAX. */
bool decimal_read(const char *text, uint64_t *number);

/* Whether all of the text is one number from 0 to `most`, written as decimal_write() writes it:
 * digits only, the first not 0 unless it is the only one. For numbers that clients send. */
bool decimal_is_number(const char *text, size_t length, uint64_t most, uint64_t *number);

#define DECIMAL_LENGTH 20 /* digits of the largest number */

/* Writes the digits of a number, without a terminator. Returns how many there are. */
size_t decimal_write(uint64_t number, char text[static DECIMAL_LENGTH]);

/* Writes the last `width` digits, with zeros before if it has fewer. */
void decimal_write_wide(uint64_t number, char *text, size_t width);

#endif
