#ifndef ROLLCALL_TESTS_CMOCKA_ALL_H
#define ROLLCALL_TESTS_CMOCKA_ALL_H

/* cmocka.h with what it wants included before it, and a skip with a reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Skips the test that runs it. script/test repeats the reason. */
#define skip_because(reason)                                                                       \
	do {                                                                                       \
		print_message("skipped: %s\n", reason);                                            \
		skip();                                                                            \
	} while (0)

#endif
