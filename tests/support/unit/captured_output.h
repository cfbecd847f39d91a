#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_CAPTURED_OUTPUT_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_CAPTURED_OUTPUT_H

#include <stdio.h>

/* What is written to standard output or standard error meanwhile. Nothing may fail the test before
 * the end: cmocka's words would be captured, too. */
struct captured_output {
	FILE *stream;
	int kept; /* where it went before */
	FILE *file;
	char text[16384];
};

void captured_output_begin(struct captured_output *captured, FILE *stream);

/* All of it, which stays in `text`. */
const char *captured_output_end(struct captured_output *captured);

#endif
