/*
 * first_answer ADDRESS HOST COMMAND…: starts a server, asks the web server in front of it for "/"
 * again and again, and says how many milliseconds it took from before the start to an answer with
 * status 200. Then it ends the server, with all of its process group.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "http_client.h"
#include "measure.h"

#define PATIENCE INT64_C(30000000000)
#define PAUSE    100000 /* nanoseconds from an answer to the next question */

static pid_t start(char **command)
{
	pid_t child = fork();

	if (child < 0)
		measure_failed("fork");
	if (child > 0)
		return child;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execvp(command[0], command);
	measure_failed(command[0]);
}

/* While the server is not there, the web server answers by itself. */
static unsigned ask(struct http_client *client, const char *address, const char *host)
{
	char request[256];

	if (client->is_last)
		http_client_renew(client, address);
	http_client_send(client, request, http_get(request, sizeof(request), host, "/"));
	while (!http_client_receive(client))
		;
	return client->status;
}

int main(int count, char **arguments)
{
	const struct timespec pause = {.tv_nsec = PAUSE};
	struct http_client client;

	if (count < 4) {
		fputs("usage: first_answer ADDRESS HOST COMMAND...\n", stderr);
		return 2;
	}
	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	http_client_connect(&client, arguments[1]);
	int64_t began = measure_now();
	pid_t child = start(arguments + 3);
	while (ask(&client, arguments[1], arguments[2]) != 200) {
		errno = ETIMEDOUT;
		if (measure_now() - began > PATIENCE)
			measure_failed(arguments[2]);
		nanosleep(&pause, NULL);
	}
	printf("%.2f\n", (double)(measure_now() - began) / 1e6);
	kill(-child, SIGKILL);
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}
