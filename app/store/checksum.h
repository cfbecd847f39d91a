#ifndef ROLLCALL_CHECKSUM_H
#define ROLLCALL_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>

/* The checksum of the flat file: CRC-32 (that of zlib and Ethernet), written as eight lower-case
 * hexadecimal digits. */
#define CHECKSUM_LENGTH 8

/* Writes that of `bytes`, not terminated. */
void checksum_write(const char *bytes, size_t length, char text[static CHECKSUM_LENGTH]);

/* Whether CHECKSUM_LENGTH bytes of `text` are the written form of that of `bytes`. */
bool checksum_matches(const char *text, const char *bytes, size_t length);

#endif
