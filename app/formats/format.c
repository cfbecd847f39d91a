/*
 * The table of formats for lists of users. import and export find the format by its name or by the
 * end of a file's name; adding one takes a file and a line here.
 */
#include "formats/format.h"

#include <string.h>
#include <strings.h>

static const struct format *const formats[] = {&csv_format, &jsonl_format};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(name, formats[i]->name) == 0)
			return formats[i];
	}
	return NULL;
}

const struct format *format_of_file(const char *path)
{
	const char *end = strrchr(path, '.');

	for (size_t i = 0; i < FORMATS && end != NULL; i++) {
		if (strcasecmp(end + 1, formats[i]->name) == 0)
			return formats[i];
	}
	return NULL;
}
