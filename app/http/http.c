/*
 * What several files need of HTTP: reason phrases, media types, entity tags. Values of header
 * fields are read as they stand, without a copy.
 */
#include "http/http.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/meters/meters.h"

static const struct {
	unsigned status;
	const char *reason;
} reasons[] = {
	{200, "OK"},
	{201, "Created"},
	{204, "No Content"},
	{303, "See Other"},
	{304, "Not Modified"},
	{400, "Bad Request"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{409, "Conflict"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{415, "Unsupported Media Type"},
	{422, "Unprocessable Content"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{503, "Service Unavailable"},
};

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

static_assert(REASONS < METERS_STATUSES, "the meters have a place for each status, and one more");

const char *http_reason(unsigned status)
{
	for (size_t i = 0; i < REASONS; i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

size_t http_status_place(unsigned status)
{
	size_t place = 0;

	while (place < REASONS && reasons[place].status != status)
		place++;
	return place;
}

unsigned http_status_at(size_t place)
{
	return place < REASONS ? reasons[place].status : 0;
}

const char *http_skip_blank(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

bool http_media_type_is(const char *content_type, const char *media_type, const char **parameters)
{
	size_t length = strlen(media_type);

	if (content_type == NULL || strncasecmp(content_type, media_type, length) != 0)
		return false;
	const char *rest = http_skip_blank(content_type + length);
	if (*rest != '\0' && *rest != ';')
		return false;
	*parameters = rest;
	return true;
}

static const char *without_weakness(const char *etag)
{
	return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

/* Where the entity tag that begins here ends (section 8.8.3), NULL if none does. */
static const char *end_of_etag(const char *etag)
{
	if (*etag != '"')
		return NULL;
	do
		etag++;
	while ((unsigned char)*etag > ' ' && *etag != '"' && *etag != 127);
	return *etag == '"' ? etag + 1 : NULL;
}

static bool is_list_of_etag(const char *list, const char *etag, size_t length)
{
	do {
		const char *candidate = without_weakness(list + strspn(list, ", \t"));
		const char *end = end_of_etag(candidate);
		if (end == NULL)
			return false;
		if ((size_t)(end - candidate) == length && memcmp(candidate, etag, length) == 0)
			return true;
		list = http_skip_blank(end);
	} while (*list == ',');
	return false;
}

bool http_etag_matches(const char *if_none_match, const char *etag)
{
	const char *wanted = without_weakness(etag);

	if (if_none_match == NULL)
		return false;
	const char *list = http_skip_blank(if_none_match);
	if (*list == '*')
		return *http_skip_blank(list + 1) == '\0';
	return is_list_of_etag(list, wanted, strlen(wanted));
}

/* RFC 9110, section 5.5. */
static bool is_value_byte(unsigned char byte)
{
	return byte >= ' ' ? byte != 127 : byte == '\t';
}

#define EIGHT_TIMES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is below ' ', which a TAB is, too, or 127. */
static bool has_control(const char *bytes)
{
	uint64_t eight, others;

	memcpy(&eight, bytes, sizeof(eight));
	others = eight ^ EIGHT_TIMES(127);
	return ((((eight - EIGHT_TIMES(' ')) & ~eight) | ((others - EIGHT_TIMES(1)) & ~others)) &
		       EIGHT_TIMES(128)) != 0;
}

/* Most values have no control bytes at all. One by one their bytes took 800 instructions of a
 * create, 3 %. */
bool http_is_value(const char *value, size_t length)
{
	size_t i = 0;

	while (i + sizeof(uint64_t) <= length && !has_control(value + i))
		i += sizeof(uint64_t);
	while (i < length && is_value_byte((unsigned char)value[i]))
		i++;
	return i == length;
}
