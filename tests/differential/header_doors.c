/* Header fields: which offer an Accept value takes, and whether an If-None-Match value has a tag.
 */
#include "differential/doors.h"

#include "http/accept_header.h"
#include "http/http.h"

#define OFFERS_MOST 16

/* The value, and the media types on offer. */
static void answer_accept(const struct door_field *fields, size_t count, struct buffer *answer)
{
	const char *offers[OFFERS_MOST];

	for (size_t i = 1; i < count; i++)
		offers[i - 1] = fields[i].bytes;
	door_number(answer, accept_header_choose(fields[0].bytes, offers, count - 1));
}

/* The value, and the entity tag. */
static void answer_etag(const struct door_field *fields, size_t count, struct buffer *answer)
{
	(void)count;
	door_word(answer, http_etag_matches(fields[0].bytes, fields[1].bytes) ? "same" : "other");
}

const struct door header_doors[] = {{"accept", 2, answer_accept}, {"etag", 2, answer_etag}, {0}};
