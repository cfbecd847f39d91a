#ifndef ROLLCALL_TESTS_FUZZ_COMMANDS_SCRIPTED_SERVER_H
#define ROLLCALL_TESTS_FUZZ_COMMANDS_SCRIPTED_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "fuzz/fuzz.h"

/*
 * What a command talks to, made from the input: a server that sends anything, in any pieces, and
 * closes, falls silent or never ends. It stands in place of the system calls of fastcgi/client.c
 * (rollcall_scripted_server() in CMakeLists.txt wraps them), with a clock of its own, so that no
 * run waits. What the command says and prints is kept.
 *
 * Each connection takes its script from the input: a byte of how it behaves, one of how large its
 * pieces are, and what it sends: bytes up to a NUL, sent as a whole answer of FastCGI, or all the
 * rest of the input, sent as it is.
 */

/* From now on connections are scripted. */
void scripted_server_begin(const struct fuzz_input *input);

/* And no longer: expects that all connections were closed. */
void scripted_server_end(void);

/* How many connections there were, and how many milliseconds have passed. */
size_t scripted_server_connections(void);
uint64_t scripted_server_milliseconds(void);

/* How often the command has said what is wrong, and what it has printed. */
size_t scripted_server_said(void);
const char *scripted_server_printed(void);

/* Expects that what it has printed is fit for a terminal. */
void scripted_server_check_printed(void);

#endif
