/*
 * differential_doors DOOR: reads inputs and prints what the program makes of them (doors.h). Each
 * field is handed over in memory of just its size, so that a sanitizer sees what reads past it.
 */
#include "differential/doors.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MOST 16

static const struct door *const tables[] = {
	form_doors, list_doors, json_doors, header_doors, name_doors, record_doors};

void door_fail(const char *why)
{
	fprintf(stderr, "differential_doors: %s\n", why);
	exit(2);
}

void door_word(struct buffer *answer, const char *word)
{
	if (answer->length > 0)
		buffer_string(answer, " ");
	buffer_string(answer, word);
}

void door_bytes(struct buffer *answer, const char *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	door_word(answer, "=");
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		const char pair[2] = {digits[byte >> 4], digits[byte & 15]};
		buffer_append(answer, pair, sizeof(pair));
	}
}

void door_number(struct buffer *answer, uint64_t number)
{
	door_word(answer, "");
	buffer_number(answer, number);
}

static unsigned digit_of(char c)
{
	if (!isxdigit((unsigned char)c))
		door_fail("an input is not hexadecimal");
	return (unsigned)(isdigit((unsigned char)c) ? c - '0'
						    : tolower((unsigned char)c) - 'a' + 10);
}

/* The field that begins here; returns where its digits end. */
static const char *take_field(const char *at, struct door_field *field)
{
	size_t length = strcspn(at, " \n");
	char *bytes = malloc(length / 2 + 1);

	if (bytes == NULL || length % 2 != 0)
		door_fail("an input cannot be read");
	for (size_t i = 0; i < length; i += 2)
		bytes[i / 2] = (char)(digit_of(at[i]) << 4 | digit_of(at[i + 1]));
	bytes[length / 2] = '\0';
	*field = (struct door_field){bytes, length / 2};
	return at + length;
}

static void answer_line(const struct door *door, const char *line)
{
	struct door_field fields[FIELDS_MOST];
	struct buffer answer = {0};
	size_t count = 0;

	for (const char *at = line;; at++) {
		at = take_field(at, &fields[count++]);
		if (*at != ' ')
			break;
		if (count == FIELDS_MOST)
			door_fail("an input has too many fields");
	}
	if (count < door->fields)
		door_fail("an input has too few fields");
	door->answer(fields, count, &answer);
	buffer_string(&answer, "\n");
	if (answer.failed || fwrite(answer.bytes, 1, answer.length, stdout) != answer.length)
		door_fail("an answer cannot be written");
	for (size_t i = 0; i < count; i++)
		free((char *)fields[i].bytes);
	buffer_free(&answer);
}

static const struct door *find_door(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		for (const struct door *door = tables[i]; door->name != NULL; door++) {
			if (strcmp(door->name, name) == 0)
				return door;
		}
	}
	door_fail("there is no such door");
}

int main(int argc, char **argv)
{
	const struct door *door = find_door(argc == 2 ? argv[1] : "");
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0)
		answer_line(door, line);
	free(line);
	if (ferror(stdin) || fflush(stdout) != 0)
		door_fail("the inputs cannot be read, or the answers not written");
	return 0;
}
