/*
 * Holds listening sockets while the programs that accept on them are replaced, as a socket unit of
 * systemd does. In containers, where there is no systemd, it is the part that an upgrade leaves
 * alone: clients that connect meanwhile wait in the kernel's queue.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "address.h"
#include "hold.h"
#include "take.h"

#define DEFAULT_WAIT 30
#define MOST_WAIT    3600

static int usage(void)
{
	fputs("usage: socket-holder hold HANDOVER=ADDRESS[,ADDRESS]...\n"
	      "       socket-holder take [-w SECONDS] HANDOVER COMMAND...\n"
	      "       socket-holder check HANDOVER\n",
		stderr);
	return EX_USAGE;
}

/* [-w SECONDS] HANDOVER COMMAND... */
static int take_as_told(int count, char **arguments)
{
	long seconds = DEFAULT_WAIT;

	if (strcmp(arguments[0], "-w") == 0 && count > 2) {
		seconds = number_parse(arguments[1], MOST_WAIT);
		arguments += 2;
		count -= 2;
	}
	if (count < 2 || seconds < 0)
		return usage();
	take(arguments[0], seconds, arguments + 1);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return usage();
	if (strcmp(argv[1], "hold") == 0)
		hold(argv + 2, (size_t)argc - 2);
	if (strcmp(argv[1], "take") == 0)
		return take_as_told(argc - 2, argv + 2);
	if (strcmp(argv[1], "check") == 0 && argc == 3)
		return check(argv[2]);
	return usage();
}
