/*
 * What each kind of option takes, and where it goes: rows say the offset in struct options.
 */
#include "options/option_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "base/text/moment.h"
#include "base/text/plain_text.h"
#include "event_loop/listener.h"
#include "http/origin.h"

char *option_text(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

int64_t option_number(const struct options *options, const struct option_row *row)
{
	return *(const int64_t *)((const char *)options + row->offset);
}

bool option_is_text(const struct option_row *row)
{
	return row->kind != KIND_NUMBER && row->kind != KIND_SWITCH && row->kind != KIND_LEVEL &&
	       row->kind != KIND_TIME;
}

bool option_set_number(struct options *options, const struct option_row *row, int64_t value)
{
	*(int64_t *)((char *)options + row->offset) = value;
	return true;
}

static bool read_number(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason)
{
	uint64_t number;

	if (!decimal_read(value, &number) || number < (uint64_t)row->least ||
		number > (uint64_t)row->most) {
		reason_set(reason, "expected a whole number from %" PRId64 " to %" PRId64,
			row->least, row->most);
		return false;
	}
	return option_set_number(options, row, (int64_t)number);
}

static bool read_level(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason)
{
	for (unsigned i = 0; log_level_name(i) != NULL; i++) {
		if (strcmp(log_level_name(i), value) == 0)
			return option_set_number(options, row, i);
	}
	reason_set(reason, "expected error, warn, info or debug");
	return false;
}

static bool read_switch(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason)
{
	bool is_on = strcmp(value, "on") == 0;

	if (is_on || strcmp(value, "off") == 0)
		return option_set_number(options, row, is_on);
	reason_set(reason, "expected on or off");
	return false;
}

/* What needs no escaping anywhere (RFC 3986, section 2.3): names with a slash before each. */
static bool is_base_path(const char *value)
{
	while (*value == '/') {
		size_t length = strspn(++value, "abcdefghijklmnopqrstuvwxyz"
						"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~");
		if (length == 0 || (*value == '.' && length <= 2 && value[length - 1] == '.'))
			return false; /* "/./" and "/../" mean other paths */
		value += length;
	}
	return *value == '\0';
}

static bool read_text(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason)
{
	if (row->kind == KIND_ADDRESS && listener_check(value, reason) != RESULT_OK)
		return false;
	if (row->kind == KIND_DIRECTORY && *value == '\0') {
		reason_set(reason, "expected a directory");
		return false;
	}
	if (strlen(value) >= (size_t)row->most) {
		reason_set(reason, "too long");
		return false;
	}
	if (row->kind == KIND_BASE_PATH && !is_base_path(value)) {
		reason_set(
			reason, "expected a path such as /signup, of letters, digits and - . _ ~");
		return false;
	}
	if (row->kind == KIND_ORIGIN && *value != '\0' && !origin_is_valid(value)) {
		reason_set(
			reason, "expected an origin such as https://example.org, without a path");
		return false;
	}
	snprintf(option_text(options, row), (size_t)row->most, "%s", value);
	return true;
}

static bool read_time(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason)
{
	int64_t time = 0;

	if (*value != '\0' && !moment_read(value, &time)) {
		reason_set(reason, "expected a time such as 2026-12-05T18:00:00+01:00");
		return false;
	}
	return option_set_number(options, row, time);
}

/* A text that has a default is not to be empty. */
static bool read_plain_text(struct options *options, const struct option_row *row,
	const char *value, struct reason *reason)
{
	const struct plain_text_rule rule = {.most = (size_t)(row->most - 1) / 4,
		.has_lines = row->kind == KIND_LINES,
		.has_escapes = row->kind == KIND_LINES,
		.is_required = *row->text != '\0'};

	return plain_text_read(value, &rule, option_text(options, row), reason);
}

bool option_value_read(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason)
{
	switch (row->kind) {
	case KIND_NUMBER:
		return read_number(options, row, value, reason);
	case KIND_SWITCH:
		return read_switch(options, row, value, reason);
	case KIND_LEVEL:
		return read_level(options, row, value, reason);
	case KIND_TIME:
		return read_time(options, row, value, reason);
	case KIND_TEXT:
	case KIND_LINES:
		return read_plain_text(options, row, value, reason);
	case KIND_ADDRESS:
	case KIND_BASE_PATH:
	case KIND_ORIGIN:
	case KIND_DIRECTORY:
	case KIND_STORE:
	case KIND_FILE:
		break;
	}
	return read_text(options, row, value, reason);
}
