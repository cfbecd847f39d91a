#include "http.h"

#include <string.h>
#include <strings.h>

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
	{413, "Content Too Large"},
	{415, "Unsupported Media Type"},
	{422, "Unprocessable Content"},
	{431, "Request Header Fields Too Large"},
	{500, "Internal Server Error"},
	{503, "Service Unavailable"},
};

const char *http_reason(unsigned status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Unknown";
}

bool http_media_type_is(const char *content_type, const char *media_type, const char **parameters)
{
	size_t length = strlen(media_type);

	if (content_type == NULL || strncasecmp(content_type, media_type, length) != 0)
		return false;
	const char *rest = content_type + length;
	rest += strspn(rest, " \t");
	if (*rest != '\0' && *rest != ';')
		return false;
	*parameters = rest;
	return true;
}

static const char *without_weakness(const char *etag)
{
	return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

bool http_etag_matches(const char *if_none_match, const char *etag)
{
	const char *wanted = without_weakness(etag);
	size_t length = strlen(wanted);
	const char *list = if_none_match;

	while (list != NULL && *list != '\0') {
		list += strspn(list, ", \t");
		if (*list == '*')
			return true;
		const char *candidate = without_weakness(list);
		if (*candidate != '"')
			return false;
		const char *end = strchr(candidate + 1, '"');
		if (end == NULL)
			return false;
		if ((size_t)(end + 1 - candidate) == length &&
			memcmp(candidate, wanted, length) == 0)
			return true;
		list = end + 1;
	}
	return false;
}
