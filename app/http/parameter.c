/*
 * Media types and the ranges of Accept have the same parameters, and both are read here. Nothing is
 * copied: a quoted pair is resolved when a value is compared.
 */
#include "http/parameter.h"

#include <string.h>
#include <strings.h>

#include "http/http.h"

static size_t token_length(const char *text);
static const char *take_value(const char *at, struct parameter *parameter);

bool parameter_next(const char **at, struct parameter *parameter)
{
	bool is_separated = false;
	const char *next = http_skip_blank(*at);

	for (; *next == ';'; next = http_skip_blank(next + 1))
		is_separated = true;
	*at = next;
	size_t length = is_separated ? token_length(next) : 0;
	if (length == 0)
		return false;
	*parameter = (struct parameter){.name = next, .name_length = length};
	next += length;
	if (*next == '=')
		next = take_value(next + 1, parameter);
	*at = http_skip_blank(next);
	return true;
}

/* RFC 9110, section 5.6.2. */
static bool is_token_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static size_t token_length(const char *text)
{
	size_t length = 0;

	while (is_token_byte(text[length]))
		length++;
	return length;
}

/* Returns where the value ends. */
static const char *take_value(const char *at, struct parameter *parameter)
{
	parameter->is_quoted = *at == '"';
	if (!parameter->is_quoted) {
		parameter->value = at;
		parameter->value_length = token_length(at);
		parameter->is_whole = parameter->value_length > 0;
		return at + parameter->value_length;
	}
	parameter->value = ++at;
	while (*at != '"' && *at != '\0')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	parameter->value_length = (size_t)(at - parameter->value);
	parameter->is_whole = *at == '"';
	return parameter->is_whole ? at + 1 : at;
}

bool parameter_is_named(const struct parameter *parameter, const char *name)
{
	return strlen(name) == parameter->name_length &&
	       strncasecmp(parameter->name, name, parameter->name_length) == 0;
}

bool parameter_has_value(const struct parameter *parameter, const char *value)
{
	size_t i = 0;

	for (; i < parameter->value_length && *value != '\0'; i++, value++) {
		if (parameter->is_quoted && parameter->value[i] == '\\')
			i++;
		if (strncasecmp(&parameter->value[i], value, 1) != 0)
			return false;
	}
	return i == parameter->value_length && *value == '\0';
}

bool parameter_is_utf8(const struct parameter *parameter)
{
	static const char *const labels[] = {"utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8",
		"unicode20utf8", "x-unicode20utf8"};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (parameter_has_value(parameter, labels[i]))
			return true;
	}
	return false;
}
