/*
 * Commands that ask a running server (commands/remote), against one that answers anything: JSON
 * that is none, another kind of value, a user without a name. Whatever the command makes of it, it
 * ends with an exit status of sysexits(3), says what is wrong or prints what was done, once, and
 * leaves nothing behind.
 *
 * The input: a byte that chooses the command, the name that the operator gives, and for `import`
 * the list; then the scripts of the connections (scripted_server.h).
 */
#include "commands/remote/remote.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "commands/commands.h"
#include "formats/format.h"
#include "fuzz/commands/scripted_server.h"
#include "fuzz/fuzz.h"

#define MOST_NAME 300

/* The list that is imported, in a file in memory. */
static int list = -1;
static char list_path[32];

static void write_list(const char *text, size_t length)
{
	if (list < 0) {
		list = memfd_create("list", MFD_CLOEXEC);
		must(list >= 0);
		snprintf(list_path, sizeof(list_path), "/proc/self/fd/%d", list);
	}
	must(ftruncate(list, 0) == 0);
	must(pwrite(list, text, length, 0) == (ssize_t)length);
}

static const struct command *take_command(struct fuzz_input *input, struct command_line *line)
{
	static const struct command *const commands[] = {
		&add_command, &remove_command, &rename_command, &status_command, &import_command};
	const struct command *command = commands[fuzz_take_below(input, 5)];
	unsigned how = fuzz_take_byte(input);

	line->number = how % 4 == 0 ? how / 4 + 1 : 0;
	line->is_json = how % 2 == 1;
	line->is_lenient = (how & 2) != 0;
	line->format = (how & 4) != 0 ? &csv_format : &jsonl_format;
	return command;
}

/* What the command is given on its command line, which has neither NUL nor end. */
static void take_operand(struct fuzz_input *input, char name[static MOST_NAME + 1])
{
	size_t length;
	const char *text = fuzz_take_text(input, &length);

	snprintf(name, MOST_NAME + 1, "%.*s", (int)length, text);
}

static void take_list(struct fuzz_input *input)
{
	size_t length;
	const char *text = fuzz_take_text(input, &length);

	write_list(text, length);
}

static void expect_outcome(const struct command *command, int exits)
{
	bool has_printed = *scripted_server_printed() != '\0';

	must(exits == EX_OK || (exits >= EX__BASE && exits <= EX__MAX));
	must(exits == EX_OK ? has_printed : !has_printed);
	/* An import that leaves out what is no user says so, and goes on. */
	must(exits == EX_OK ? command == &import_command || scripted_server_said() == 0
			    : scripted_server_said() > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {.bytes = bytes, .length = length};
	struct command_line line = {.data = "/data", .listen = "unix:/scripted"};
	const struct command *command = take_command(&input, &line);
	char name[MOST_NAME + 1], second[MOST_NAME + 1];

	take_operand(&input, name);
	/* A user may be told by the number alone. */
	line.operand = *name != '\0' || command != &remove_command ? name : NULL;
	if (command == &import_command) {
		take_list(&input);
		line.operand = list_path;
	} else if (command == &rename_command && line.number == 0) {
		take_operand(&input, second);
		line.second = second;
	}
	scripted_server_begin(&input);
	int exits = command->run(&line);
	expect_outcome(command, exits);
	if (!line.is_json)
		scripted_server_check_printed();
	scripted_server_end();
	return 0;
}
