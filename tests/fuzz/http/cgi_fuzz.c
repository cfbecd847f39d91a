/*
 * A request of plain CGI: any environment, any standard input, in any pieces, through the gateway
 * and the routes to standard output, which may break. There is one whole response, or the program
 * knows that there is not; no more is read than the request says that it has, nor than it may have;
 * and what was answered to be created is on the disk.
 *
 * The input: a byte that says how the site is set, one of how the descriptors behave, the
 * environment, in texts that each end with a NUL, the last one empty, and standard input.
 */
#include "http/cgi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/event_loop/records_check.h"
#include "fuzz/fuzz.h"
#include "fuzz/routes/fuzz_site.h"

#define MOST_VARIABLES 32

/* Standard input and output, while a request runs. */
static struct {
	bool is_open;
	bool is_interrupted;
	bool is_broken; /* the output */
	size_t piece;   /* the most that is read or written at once */
	struct fuzz_input in;
	size_t taken;
	struct buffer out;
	unsigned calls;
} standard;

ssize_t __real_read(int descriptor, void *bytes, size_t length);
ssize_t __wrap_read(int descriptor, void *bytes, size_t length);
ssize_t __real_write(int descriptor, const void *bytes, size_t length);
ssize_t __wrap_write(int descriptor, const void *bytes, size_t length);

static bool is_interrupted(void)
{
	errno = EINTR;
	return standard.is_interrupted && ++standard.calls % 2 == 0;
}

static size_t next_length(size_t length)
{
	return length > standard.piece ? standard.piece : length;
}

ssize_t __wrap_read(int descriptor, void *bytes, size_t length)
{
	if (!standard.is_open || descriptor != STDIN_FILENO)
		return __real_read(descriptor, bytes, length);
	if (is_interrupted())
		return -1;
	length = next_length(length < standard.in.length ? length : standard.in.length);
	memcpy(bytes, standard.in.bytes, length);
	standard.in.bytes += length;
	standard.in.length -= length;
	standard.taken += length;
	return (ssize_t)length;
}

ssize_t __wrap_write(int descriptor, const void *bytes, size_t length)
{
	if (!standard.is_open || descriptor != STDOUT_FILENO)
		return __real_write(descriptor, bytes, length);
	if (is_interrupted())
		return -1;
	errno = EPIPE;
	if (standard.is_broken)
		return -1;
	length = next_length(length);
	buffer_append(&standard.out, bytes, length);
	return (ssize_t)length;
}

static size_t take_environment(struct fuzz_input *input, char *variables[MOST_VARIABLES + 1])
{
	size_t count = 0, length;

	while (count < MOST_VARIABLES) {
		const char *text = fuzz_take_text(input, &length);
		if (length == 0)
			break;
		variables[count++] = fuzz_string(text, length);
	}
	variables[count] = NULL;
	return count;
}

static void take_standard(struct fuzz_input *input)
{
	unsigned how = fuzz_take_byte(input);

	standard.is_interrupted = (how & 1) != 0;
	standard.is_broken = (how & 6) == 6;
	standard.piece = how / 8 > 0 ? how / 8 : SIZE_MAX;
	standard.taken = 0;
	buffer_clear(&standard.out);
}

/* A process of CGI has nothing that goes on. */
static void run_request(struct fuzz_site *site, struct cgi_outcome *outcome)
{
	const struct site whole = site->site;

	site->site.streams = NULL;
	site->site.watchers = NULL;
	site->site.turns = NULL;
	site->site.watch = NULL;
	standard.is_open = true;
	router_dispatch(&site->router, cgi_open((size_t)site->options.max_body, outcome));
	fuzz_site_settle(site);
	standard.is_open = false;
	must(outcome->is_over);
	site->site.streams = whole.streams;
	site->site.watchers = whole.watchers;
	site->site.turns = whole.turns;
	site->site.watch = whole.watch;
}

/* What the request says of the length of its body: nothing is none. */
static size_t length_said(char *const *variables)
{
	static const char name[] = "CONTENT_LENGTH=";
	size_t most = 0;

	for (; *variables != NULL; variables++) {
		if (strncmp(*variables, name, sizeof(name) - 1) != 0)
			continue;
		size_t said = strtoull(*variables + sizeof(name) - 1, NULL, 10);
		most = said > most ? said : most;
	}
	return most;
}

static void check_output(
	const struct fuzz_site *site, const struct cgi_outcome *outcome, char *const *variables)
{
	struct records_seen seen = {0};

	must(outcome->has_failed == standard.is_broken);
	must(standard.taken <= (size_t)site->options.max_body);
	must(standard.taken <= length_said(variables));
	if (outcome->has_failed)
		return;
	records_check_response(&seen, &standard.out, true);
	if (seen.created > 0)
		must(fuzz_site_durable(site).last >= seen.last_number);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct fuzz_site site;
	struct fuzz_input input = {.bytes = bytes, .length = length};
	char *variables[MOST_VARIABLES + 1], **before = environ;
	struct cgi_outcome outcome = {0};

	fuzz_site_open(&site, fuzz_take_byte(&input), 0);
	take_standard(&input);
	size_t count = take_environment(&input, variables);
	standard.in = input;
	environ = variables;
	run_request(&site, &outcome);
	environ = before;
	check_output(&site, &outcome, variables);
	fuzz_site_stop(&site);
	fuzz_site_close(&site);
	for (size_t i = 0; i < count; i++)
		free(variables[i]);
	buffer_free(&standard.out);
	return 0;
}
