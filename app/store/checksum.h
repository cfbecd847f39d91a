#ifndef ROLLCALL_CHECKSUM_H
#define ROLLCALL_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The checksum of the flat file: CRC-32 (that of zlib and Ethernet), written as eight lower-case
 * hexadecimal digits. */
#define CHECKSUM_LENGTH 8

uint32_t checksum_of(const char *bytes, size_t length);

/* Whether CHECKSUM_LENGTH bytes of `text` are the written form of that of `bytes`. */
bool checksum_matches(const char *text, const char *bytes, size_t length);

#endif
