#ifndef ROLLCALL_TESTS_FUZZ_STORE_SEALED_LINES_H
#define ROLLCALL_TESTS_FUZZ_STORE_SEALED_LINES_H

#include "base/buffer.h"
#include "fuzz/fuzz.h"

/*
 * A flat file from an input that has no checksums: no fuzzer would come upon them. The input is the
 * file, but for lines that begin with
 *
 *	@  a header: the version, and behind a space the number that it says ("@2 7"; "@1");
 *	!  a record: the operation, the number, a space and the name ("!+3 Zoë", "!*0 title=Ball");
 *	#  the rest of a line with a right checksum before it, whatever it is;
 *	&  another of these, behind the line before it, whose line feed is missing.
 */
void sealed_lines_make(struct buffer *file, const uint8_t *bytes, size_t length);

#endif
