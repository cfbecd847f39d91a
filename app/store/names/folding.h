#ifndef ROLLCALL_STORE_NAMES_FOLDING_H
#define ROLLCALL_STORE_NAMES_FOLDING_H

#include <stdbool.h>
#include <stdint.h>
#include <utf8proc.h>

/* Keys are made by NFKC and case folding, without characters that these ignore, and with one
 * apostrophe for all. */
#define FOLDING_OPTIONS                                                                            \
	(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

/* What a character is folded to. */
struct folding {
	const char *bytes; /* of the character alone, in UTF-8 */
	uint8_t byte_count;
	bool is_start; /* `bytes` can follow any text, which does not change it or itself */
	uint8_t part_count;
	utf8proc_int32_t parts[]; /* before composition, as from code_points_decompose() */
};

/* The folding of a code point; never freed. Loop thread only. */
const struct folding *folding_of(utf8proc_int32_t point);

#endif
