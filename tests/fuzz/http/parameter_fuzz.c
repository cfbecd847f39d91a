/*
 * Parameters of media types, written here in any of the ways that RFC 9110 (section 5.6.6) leaves
 * open and read back as they were: as tokens or quoted, with or without quoted pairs, blanks and
 * empty parameters. Of a text of any kind, what is read lies within it, and reading comes to an
 * end.
 */
#include "http/parameter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "fuzz/fuzz.h"
#include "http/http.h"

#define MOST      6
#define NAME_SIZE 3
#define SIZE      16

struct made {
	char name[NAME_SIZE];
	char value[SIZE];
	bool is_quoted;
};

static bool is_token(const char *text)
{
	return *text != '\0' && text[strspn(text, "!#$%&'*+-.^_`|~0123456789"
						  "abcdefghijklmnopqrstuvwxyz"
						  "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
}

static void put_blanks(struct fuzz_input *input, struct buffer *text)
{
	static const char *const blanks[] = {"", " ", "\t", " \t"};

	buffer_string(text, blanks[fuzz_take_below(input, 4)]);
}

static void put_quoted(struct fuzz_input *input, struct buffer *text, const char *value)
{
	bool has_pairs = fuzz_take_below(input, 2) == 1;

	buffer_string(text, "\"");
	for (; *value != '\0'; value++) {
		if (has_pairs || *value == '"' || *value == '\\')
			buffer_string(text, "\\");
		buffer_append(text, value, 1);
	}
	buffer_string(text, "\"");
}

static void make_one(struct fuzz_input *input, struct buffer *text, struct made *made)
{
	size_t length = fuzz_take_below(input, SIZE);

	*made = (struct made){.name = {(char)('a' + fuzz_take_below(input, 26)), 'x'}};
	for (size_t i = 0; i < length; i++) {
		made->value[i] = (char)fuzz_take_byte(input);
		if (made->value[i] == '\0')
			made->value[i] = 'z';
	}
	made->is_quoted = !is_token(made->value) || fuzz_take_below(input, 2) == 1;
	put_blanks(input, text);
	buffer_string(text, fuzz_take_below(input, 3) == 0 ? "; ;" : ";");
	put_blanks(input, text);
	buffer_string(text, made->name);
	buffer_string(text, "=");
	if (made->is_quoted)
		put_quoted(input, text, made->value);
	else
		buffer_string(text, made->value);
}

/* Whether a value is the other one, whatever the case of its letters. */
static bool is_alike(const char *one, const char *other)
{
	while (*one != '\0' && tolower((unsigned char)*one) == tolower((unsigned char)*other)) {
		one++;
		other++;
	}
	return *one == *other;
}

static void check_made(struct fuzz_input *input)
{
	struct made made[MOST];
	struct parameter parameter;
	struct buffer text = {0};
	size_t count = fuzz_take_below(input, MOST + 1);

	for (size_t i = 0; i < count; i++)
		make_one(input, &text, &made[i]);
	put_blanks(input, &text);
	buffer_append(&text, "", 1);
	must(!text.failed);
	const char *at = text.bytes;
	for (size_t i = 0; i < count; i++) {
		must(parameter_next(&at, &parameter));
		must(parameter.is_whole && parameter.is_quoted == made[i].is_quoted);
		must(parameter_is_named(&parameter, made[i].name));
		for (size_t j = 0; j < count; j++)
			must(parameter_has_value(&parameter, made[j].value) ==
				is_alike(made[i].value, made[j].value));
	}
	must(!parameter_next(&at, &parameter) && *at == '\0');
	buffer_free(&text);
}

static void check_any(const char *text)
{
	const char *end = text + strlen(text), *at = text;
	struct parameter parameter;

	for (const char *before = at; parameter_next(&at, &parameter); before = at) {
		must(at > before && at <= end);
		must(parameter.name > before && parameter.name_length > 0);
		must(parameter.name + parameter.name_length <= at);
		if (parameter.value != NULL)
			must(parameter.value > parameter.name &&
				parameter.value + parameter.value_length <= at);
		must(!parameter.is_whole || parameter.value != NULL);
		parameter_has_value(&parameter, "utf-8");
		parameter_is_utf8(&parameter);
	}
	must(at <= end);
}

/* A Content-Type names a media type in whatever case, with whatever parameters behind it. */
static void check_media_type(const char *text)
{
	struct buffer type = {0};
	const char *parameters = NULL;

	buffer_string(&type, "Application/JSON ");
	size_t length = type.length;
	buffer_string(&type, text);
	buffer_append(&type, "", 1);
	must(!type.failed);
	bool is_json = http_media_type_is(type.bytes, "application/json", &parameters);
	const char *rest = http_skip_blank(type.bytes + length);
	must(is_json == (*rest == '\0' || *rest == ';'));
	must(!is_json || parameters == rest);
	buffer_free(&type);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input);
	const char *from = fuzz_rest(&input, &rest);
	char *text = fuzz_string(from, rest);
	check_any(text);
	check_media_type(text);
	free(text);
	return 0;
}
