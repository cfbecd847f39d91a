/*
 * rollcall healthcheck, and the client of FastCGI under it, against a server that sends anything:
 * the command ends within its time and its limits, says in one line why the server is not well, or
 * prints one line of what it answered, and closes its connection.
 */
#include <string.h>
#include <sysexits.h>

#include "commands/commands.h"
#include "fuzz/commands/scripted_server.h"
#include "fuzz/fuzz.h"

#define PATIENCE_MS 3000 /* of the command */

/* Reading on what has come in time costs a millisecond a call; nothing else takes longer. */
#define MOST_MS 2000000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {.bytes = bytes, .length = length};
	const struct command_line line = {
		.listen = "unix:/scripted", .is_live = fuzz_take_byte(&input) % 2 == 1};

	scripted_server_begin(&input);
	int exits = healthcheck_command.run(&line);
	const char *printed = scripted_server_printed();
	must(scripted_server_connections() == 1);
	must(exits == EX_OK || exits == EX_UNAVAILABLE);
	must(scripted_server_said() == (exits == EX_OK ? 0 : 1));
	must((*printed != '\0') == (exits == EX_OK));
	must(exits != EX_OK || strchr(printed, '\n') == printed + strlen(printed) - 1);
	must(scripted_server_milliseconds() <= PATIENCE_MS + MOST_MS);
	scripted_server_check_printed();
	scripted_server_end();
	return 0;
}
