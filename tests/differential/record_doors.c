/* FastCGI records: the request that the bytes of a connection are, and the records of a response.
 */
#include "differential/doors.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "fastcgi/codec.h"
#include "fastcgi/framing.h"

static const struct framing_limits limits = {
	.params = LIMIT_PARAMS, .body = LIMIT_BODY, .connections = 1, .drain = LIMIT_DRAIN};

static void answer_param(const struct meta_variable *param, struct buffer *answer)
{
	struct buffer pair = {0};

	buffer_append(&pair, param->name, param->name_length);
	buffer_string(&pair, "=");
	buffer_string(&pair, param->value);
	door_bytes(answer, pair.bytes, pair.length);
	buffer_free(&pair);
}

static void answer_decoded(const struct buffer *records, struct buffer *answer)
{
	struct buffer body = {0};
	struct codec *codec = codec_open();
	char chunk[4096];
	size_t length;

	if (codec_decode(codec, records->bytes, records->length) != RESULT_OK)
		door_fail("a request that the framing takes cannot be decoded");
	for (const struct meta_variable *param = codec_params(codec); param->name != NULL; param++)
		answer_param(param, answer);
	while ((length = codec_read(codec, chunk, sizeof(chunk))) > 0)
		buffer_append(&body, chunk, length);
	door_word(answer, "body");
	door_bytes(answer, body.bytes, body.length);
	codec_close(codec);
	buffer_free(&body);
}

/* `request`, its id and flag, its parameters and its body; or what became of it. */
static void answer_request(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct framing *framing = framing_open(&limits);
	size_t at = 0, used;

	(void)count;
	while (at < fields[0].length) {
		enum framing_event event =
			framing_feed(framing, fields[0].bytes + at, fields[0].length - at, &used);
		at += used;
		if (event == FRAMING_MORE)
			continue;
		if (event != FRAMING_REQUEST || at < fields[0].length) {
			door_word(answer, "not_one_request");
			break;
		}
		door_word(answer, "request");
		door_number(answer, framing_id(framing));
		door_word(answer, framing_is_kept(framing) ? "kept" : "closed");
		door_number(answer, framing_refused(framing));
		answer_decoded(framing_request(framing), answer);
	}
	if (answer->length == 0)
		door_word(answer, "more");
	framing_close(framing);
}

/* The records of a response with these two, to request 1. */
static void answer_response(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct buffer out = {0}, whole = {0};
	struct iovec pieces[CODEC_PIECES];
	const struct iovec head = {(char *)fields[0].bytes, fields[0].length};
	const struct iovec body = {(char *)fields[1].bytes, fields[1].length};
	size_t pieces_count = codec_encode(&out, 1, &head, &body, pieces);

	(void)count;
	for (size_t i = 0; i < pieces_count; i++)
		buffer_append(&whole, pieces[i].iov_base, pieces[i].iov_len);
	door_bytes(answer, whole.bytes, whole.length);
	buffer_free(&out);
	buffer_free(&whole);
}

const struct door record_doors[] = {
	{"request", 1, answer_request}, {"response", 2, answer_response}, {0}};
