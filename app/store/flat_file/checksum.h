#ifndef ROLLCALL_STORE_FLAT_FILE_CHECKSUM_H
#define ROLLCALL_STORE_FLAT_FILE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The checksum of the flat file: CRC-32 (that of zlib and Ethernet), written as eight lower-case
 * hexadecimal digits. */
#define CHECKSUM_LENGTH 8

/* Writes that of `bytes`, not terminated. */
void checksum_write(const char *bytes, size_t length, char text[static CHECKSUM_LENGTH]);

/* Whether CHECKSUM_LENGTH bytes of `text` are the written form of that of `bytes`. */
bool checksum_matches(const char *text, const char *bytes, size_t length);

/* Reads CHECKSUM_LENGTH bytes of `text`. False if they are no written form. */
bool checksum_read(const char *text, uint32_t *checksum);

/* That of what `checksum` is of, 0 of nothing, and then `bytes`. */
uint32_t checksum_extend(uint32_t checksum, const char *bytes, size_t length);

#endif
