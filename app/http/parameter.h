#ifndef ROLLCALL_HTTP_PARAMETER_H
#define ROLLCALL_HTTP_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The parameters behind a media type or a range of them (RFC 9110, section 5.6.6), borrowed from
 * the header field: `;name=value`, where a value is a token or a quoted string.
 */
struct parameter {
	const char *name;
	size_t name_length;
	const char *value; /* without its quotes, with its quoted pairs */
	size_t value_length;
	bool is_quoted;
	bool is_whole; /* it has a value, and the quotes of that are closed */
};

/* Takes the next parameter from `*at`, which moves behind it and the blanks that follow. A
 * semicolon may stand alone. False if there is none: `*at` is then where the parameters end, at a
 * `,`, at the end of the string, or at what should not be there. */
bool parameter_next(const char **at, struct parameter *parameter);

/* Whatever their case. The value's quoted pairs are resolved. */
bool parameter_is_named(const struct parameter *parameter, const char *name);
bool parameter_has_value(const struct parameter *parameter, const char *value);

/* Whether the value is a name of UTF-8 (WHATWG Encoding, section 4.2). */
bool parameter_is_utf8(const struct parameter *parameter);

#endif
