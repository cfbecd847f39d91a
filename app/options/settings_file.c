/*
 * Reads the file of settings: NAME=value, as systemd's EnvironmentFile= has it, so that one file
 * serves both. It is read whole and bounded, and only a regular file is taken: a FIFO could keep
 * the program waiting.
 */
#include "options/settings_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable.h"

#define BLANKS " \t\r"

/* Without the mark for a file that may be missing. */
static const char *path_of(const char *path)
{
	return *path == '-' ? path + 1 : path;
}

static enum result unreadable(const char *path, const char *why, struct reason *reason)
{
	return reason_fail(reason, RESULT_SYSTEM,
		"cannot read settings from " PRINTABLE_FORMAT ": %s", PRINTABLE_UP_TO(300, path),
		why);
}

/* Anything but a file could keep its reader waiting, or never end. */
static const char *read_all(int file, struct buffer *text)
{
	struct stat status;
	ssize_t got = 1;

	if (fstat(file, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "not a regular file";
	while (got > 0 && text->length <= SETTINGS_FILE_MOST) {
		char chunk[4096];
		got = read(file, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			buffer_append(text, chunk, (size_t)got);
	}
	if (got < 0)
		return strerror(errno);
	if (text->length > SETTINGS_FILE_MOST)
		return "too long for a file of settings";
	return text->failed ? strerror(ENOMEM) : NULL;
}

enum result settings_file_load(const char *path, struct buffer *text, struct reason *reason)
{
	int file = open(path_of(path), O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (file < 0 && errno == ENOENT && *path == '-')
		return RESULT_OK;
	if (file < 0)
		return unreadable(path_of(path), strerror(errno), reason);
	const char *why = read_all(file, text);
	close(file);
	return why == NULL ? RESULT_OK : unreadable(path_of(path), why, reason);
}

/* Cuts blanks off the end, and returns where the rest begins. */
static char *trim(char *text)
{
	text += strspn(text, BLANKS);
	size_t length = strlen(text);
	while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL)
		length--;
	text[length] = '\0';
	return text;
}

/* Takes the quotes off; false if they do not match. */
static bool unquote(char **value)
{
	char quote = **value;
	size_t length = strlen(*value);

	if (quote != '"' && quote != '\'')
		return true;
	if (length < 2 || strchr(*value + 1, quote) != *value + length - 1)
		return false;
	(*value)[length - 1] = '\0';
	(*value)++;
	return true;
}

static bool is_name(const char *name)
{
	if (*name == '\0' || isdigit((unsigned char)*name))
		return false;
	while (isalnum((unsigned char)*name) || *name == '_')
		name++;
	return *name == '\0';
}

static enum result read_line(char *line, setting_cb *visit, void *argument, struct reason *reason)
{
	line = trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return RESULT_OK;
	char *equals = strchr(line, '=');
	if (equals != NULL)
		*equals = '\0';
	char *name = trim(line);
	char *value = equals != NULL ? trim(equals + 1) : NULL;
	if (value == NULL || !is_name(name))
		reason_set(reason, "expected NAME=value");
	else if (!unquote(&value))
		reason_set(reason, "the quotes do not match");
	else
		return visit(argument, name, value, reason);
	return RESULT_MALFORMED;
}

/* Puts where it was before the reason. */
static void name_line(const char *path, unsigned line, struct reason *reason)
{
	const struct reason why = *reason;

	reason_set(reason, PRINTABLE_FORMAT ":%u: " PRINTABLE_FORMAT, PRINTABLE_UP_TO(160, path),
		line, PRINTABLE_UP_TO(320, why.text));
}

/* Takes the next line, and moves on to the one after it. */
static enum result next_line(char **line, setting_cb *visit, void *argument, struct reason *reason)
{
	char *text = *line;
	char *end = strchr(text, '\n');

	if (end == NULL)
		return reason_fail(reason, RESULT_MALFORMED, "a NUL byte");
	*end = '\0';
	*line = end + 1;
	return read_line(text, visit, argument, reason);
}

/* Editors on Windows write one, and do not show it. That of UTF-16 has NUL bytes after it. */
static bool has_byte_order_mark(const char *text)
{
	static const char *const marks[] = {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"};
	bool found = false;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		found |= strncmp(text, marks[i], strlen(marks[i])) == 0;
	return found;
}

enum result settings_file_read(const char *path, struct buffer *text, setting_cb *visit,
	void *argument, struct reason *reason)
{
	enum result result = RESULT_OK;
	unsigned number = 0;

	buffer_append(text, "\n", 2); /* and a terminator */
	if (text->failed)
		return unreadable(path_of(path), strerror(ENOMEM), reason);
	char *line = text->bytes;
	if (has_byte_order_mark(line)) {
		reason_set(reason, "a byte order mark: save the file in UTF-8, without one");
		name_line(path_of(path), 1, reason);
		return RESULT_MALFORMED;
	}
	while (result == RESULT_OK && line < text->bytes + text->length - 1) {
		number++;
		result = next_line(&line, visit, argument, reason);
	}
	if (result != RESULT_OK)
		name_line(path_of(path), number, reason);
	return result;
}
