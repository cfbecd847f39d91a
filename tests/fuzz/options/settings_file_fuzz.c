/*
 * Files of settings that are written here, in each way there is, are read back as they were. A file
 * of any kind gives settings of one line with a name, or one reason, which names a line that is
 * there; and it is the same file with the line ends of Windows.
 */
#include "options/settings_file.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define MOST 5
#define PATH "rollcall.conf"

struct setting {
	char name[4];
	char value[16];
};

/* setting_cb: notes the setting. */
static enum result on_setting(
	void *argument, const char *name, const char *value, struct reason *reason)
{
	struct buffer *told = argument;

	must(*name != '\0' && !isdigit((unsigned char)*name));
	for (const char *at = name; *at != '\0'; at++)
		must(isalnum((unsigned char)*at) || *at == '_');
	must(strpbrk(value, "\n") == NULL);
	if (strcmp(name, "refused") == 0)
		return reason_fail(reason, RESULT_MALFORMED, "refused by the test");
	buffer_string(told, name);
	buffer_string(told, "=");
	buffer_string(told, value);
	buffer_string(told, "\n");
	return RESULT_OK;
}

/* The reason becomes part of what is told. */
static struct buffer read_settings(const char *bytes, size_t length, enum result *result)
{
	struct buffer told = {0}, text = {0};
	struct reason reason = {0};

	buffer_append(&text, bytes, length);
	*result = settings_file_read("-" PATH, &text, on_setting, &told, &reason);
	must(*result == RESULT_OK || *result == RESULT_MALFORMED);
	must((*result == RESULT_OK) == (*reason.text == '\0'));
	buffer_string(&told, reason.text);
	must(!told.failed);
	buffer_append(&told, "", 1);
	buffer_free(&text);
	return told;
}

static void check_line_named(const char *told, const char *bytes, size_t length)
{
	unsigned line = 0, lines = 1;
	const char *reason = strstr(told, PATH ":");

	for (size_t i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	must(reason != NULL);
	while (strstr(reason + 1, PATH ":") != NULL)
		reason = strstr(reason + 1, PATH ":");
	must(sscanf(reason, PATH ":%u: ", &line) == 1);
	must(line >= 1 && line <= lines);
}

static void check_any(const char *bytes, size_t length)
{
	struct buffer windows = {0};
	enum result result, other;
	struct buffer told = read_settings(bytes, length, &result);

	if (result != RESULT_OK)
		check_line_named(told.bytes, bytes, length);
	for (size_t i = 0; i < length; i++)
		buffer_append(
			&windows, bytes[i] == '\n' ? "\r\n" : &bytes[i], bytes[i] == '\n' ? 2 : 1);
	struct buffer again = read_settings(windows.bytes, windows.length, &other);
	must(result == other && strcmp(told.bytes, again.bytes) == 0);
	buffer_free(&windows);
	buffer_free(&again);
	buffer_free(&told);
}

/* A value without line ends; and it cannot have both kinds of quotes around it at once. */
static void make_setting(struct fuzz_input *input, struct setting *setting)
{
	size_t length = fuzz_take_below(input, sizeof(setting->value));

	*setting = (struct setting){.name = {(char)('A' + fuzz_take_below(input, 26)), '_', '1'}};
	for (size_t i = 0; i < length; i++) {
		char c = (char)fuzz_take_byte(input);
		setting->value[i] = c == '\n' || c == '\0' ? 'x' : c;
	}
}

static bool is_bare(const char *value)
{
	static const char blanks[] = " \t\r";
	size_t length = strlen(value);

	if (length == 0)
		return true;
	return strchr("\"' \t\r", value[0]) == NULL && strchr(blanks, value[length - 1]) == NULL;
}

/* Returns false if there is no way to write it. */
static bool put_setting(
	struct fuzz_input *input, struct buffer *text, const struct setting *setting)
{
	static const char *const before[] = {"", " ", "# A_1=comment\n", "\n;\n", " \t \r\n"};
	static const char *const quotes[] = {"", "\"", "'"};
	size_t quote = fuzz_take_below(input, 3);

	if (quote == 0 ? !is_bare(setting->value) : strchr(setting->value, *quotes[quote]) != NULL)
		return false;
	buffer_string(text, before[fuzz_take_below(input, 5)]);
	buffer_string(text, setting->name);
	buffer_string(text, fuzz_take_below(input, 2) == 0 ? "=" : " =\t");
	buffer_string(text, quotes[quote]);
	buffer_string(text, setting->value);
	buffer_string(text, quotes[quote]);
	buffer_string(text, fuzz_take_below(input, 2) == 0 ? "\n" : " \r\n");
	return true;
}

static void check_made(struct fuzz_input *input)
{
	struct buffer text = {0}, expected = {0};
	size_t count = fuzz_take_below(input, MOST + 1);
	enum result result;

	for (size_t i = 0; i < count; i++) {
		struct setting setting;
		make_setting(input, &setting);
		if (put_setting(input, &text, &setting))
			buffer_printf(&expected, "%s=%s\n", setting.name, setting.value);
	}
	buffer_append(&expected, "", 1);
	must(!text.failed && !expected.failed);
	struct buffer told = read_settings(text.bytes, text.length, &result);
	must(result == RESULT_OK && strcmp(told.bytes, expected.bytes) == 0);
	buffer_free(&told);
	buffer_free(&text);
	buffer_free(&expected);
}

/* A quote within quotes of its own kind. */
static void check_misquoted(struct fuzz_input *input)
{
	struct setting one, other;
	struct buffer text = {0};
	enum result result;

	make_setting(input, &one);
	make_setting(input, &other);
	buffer_printf(&text, "%s=\"%s\"%s\"\n", one.name, one.value, other.value);
	must(!text.failed);
	struct buffer told = read_settings(text.bytes, text.length, &result);
	must(result == RESULT_MALFORMED);
	buffer_free(&told);
	buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;) {
		check_made(&input);
		check_misquoted(&input);
	}
	const char *from = fuzz_rest(&input, &rest);
	check_any(from, rest);
	return 0;
}
