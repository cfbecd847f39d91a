#include "support/unit/captured_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

void captured_log_open(struct captured_log *captured, enum log_level most)
{
	captured->file = memfd_create("captured-log", MFD_CLOEXEC);
	assert_true(captured->file >= 0);
	captured->log = log_open(captured->file, most);
	captured->text = NULL;
}

const char *captured_log_text(struct captured_log *captured)
{
	struct stat status;

	log_flush(captured->log);
	assert_int_equal(fstat(captured->file, &status), 0);
	size_t length = (size_t)status.st_size;
	free(captured->text);
	captured->text = calloc(1, length + 1);
	assert_non_null(captured->text);
	assert_int_equal(pread(captured->file, captured->text, length, 0), length);
	assert_int_equal(strlen(captured->text), length);
	return captured->text;
}

void captured_log_expect(struct captured_log *captured, const char *text)
{
	const char *lines = captured_log_text(captured);

	if (strstr(lines, text) == NULL)
		fail_msg("\"%s\" is not in the log: %s", text, lines);
}

size_t captured_log_count(struct captured_log *captured, const char *event)
{
	const char *found = captured_log_text(captured);
	char wanted[80];
	size_t count = 0;

	snprintf(wanted, sizeof(wanted), " event=%s", event);
	while ((found = strstr(found, wanted)) != NULL) {
		found += strlen(wanted);
		if (*found == ' ' || *found == '\n')
			count++;
	}
	return count;
}

void captured_log_close(struct captured_log *captured)
{
	log_close(captured->log);
	close(captured->file);
	free(captured->text);
}
