#ifndef ROLLCALL_STORE_NAMES_FOLDING_H
#define ROLLCALL_STORE_NAMES_FOLDING_H

#include <stdbool.h>
#include <stdint.h>
#include <utf8proc.h>

/* What a key is made by: NFKC and case folding, without characters that are ignored. */
#define FOLDING_OPTIONS                                                                            \
	(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

/* What one character becomes. */
struct folding {
	const char *bytes; /* by itself, in UTF-8 */
	uint8_t byte_count;
	bool is_start; /* `bytes` holds after any text, and leaves that text as it is */
	uint8_t part_count;
	utf8proc_int32_t parts[]; /* before composition, as by code_points_decompose() */
};

/* The folding of a code point, which stays for the life of the process. Loop thread only. */
const struct folding *folding_of(utf8proc_int32_t point);

#endif
