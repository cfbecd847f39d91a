/*
 * libfcgi's streams hand out the content of records: FCGX_GetStr() reads one, and has its
 * fillBuffProc called for more. libfcgi's own fills it from a socket, for which it waits. Here a
 * whole request is in memory before it is decoded, and fill_stream() points the stream to the
 * content of its records, one after the other.
 *
 * So FCGX_Accept_r() is not needed, which would allocate three streams and each parameter by
 * itself: two fifths of what a small page cost (docs/performance.md). Responses are put into
 * records here, around a head and a body that stay where they are; a stream of libfcgi would copy
 * both.
 */
#include "fastcgi/codec.h"

#include <assert.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "fastcgi/params.h"
#include "fastcgi/record.h"

struct codec {
	FCGX_Stream in;      /* PARAMS, then STDIN */
	unsigned type;       /* which of the two is read */
	unsigned id;         /* of the request */
	const char *records; /* those of it that are not read yet */
	size_t left;         /* bytes of them */
	struct buffer text;  /* the parameters, as they came but for NULs behind the values */
	struct buffer list;  /* of them: struct meta_variable */
	bool has_request;
};

static const struct meta_variable no_params[1];

struct codec *codec_open(void)
{
	return memory_zeroed(sizeof(struct codec));
}

void codec_close(struct codec *codec)
{
	if (codec == NULL)
		return;
	ASAN_UNPOISON_MEMORY_REGION(codec->text.bytes, codec->text.capacity);
	buffer_free(&codec->text);
	buffer_free(&codec->list);
	free(codec);
}

/* The next record, if that is whole and of this type: its content begins where it returns. NULL if
 * not. */
static const char *take_record(struct codec *codec, unsigned type, struct fcgi_record *record)
{
	const char *header = codec->records;

	if (codec->left < FCGI_RECORD_HEADER)
		return NULL;
	*record = fcgi_record_read((const unsigned char *)header);
	size_t length = FCGI_RECORD_HEADER + record->length + record->padding;
	if (record->version != FCGI_VERSION_1 || record->type != type || codec->left < length)
		return NULL;
	codec->records += length;
	codec->left -= length;
	return header + FCGI_RECORD_HEADER;
}

/* fillBuffProc, as libfcgi has it: sets what is to be read next, from `rdNext` to `stop`; or
 * `isClosed`, at the end of the stream and after an error. */
static void fill_stream(FCGX_Stream *stream)
{
	struct codec *codec = stream->data;
	struct fcgi_record record;
	const char *content = take_record(codec, codec->type, &record);

	if (content == NULL || record.id != codec->id) {
		stream->FCGI_errno = FCGX_PROTOCOL_ERROR;
		stream->isClosed = true;
		return;
	}
	stream->rdNext = (unsigned char *)content;
	stream->stop = stream->rdNext + record.length;
	stream->isClosed = record.length == 0;
}

static void open_stream(struct codec *codec, unsigned type)
{
	codec->type = type;
	codec->in = (FCGX_Stream){.isReader = true, .fillBuffProc = fill_stream, .data = codec};
}

static size_t read_stream(struct codec *codec, char *bytes, size_t size)
{
	return (size_t)FCGX_GetStr(bytes, size < INT_MAX ? (int)size : INT_MAX, &codec->in);
}

static bool decode_begin(struct codec *codec)
{
	struct fcgi_record record = {0};
	const FCGI_BeginRequestBody *body =
		(const void *)take_record(codec, FCGI_BEGIN_REQUEST, &record);

	codec->id = record.id;
	return body != NULL && record.length == sizeof(*body) && body->roleB1 == 0 &&
	       body->roleB0 == FCGI_RESPONDER;
}

/* How many bytes PARAMS are. */
static size_t measure_params(const struct codec *codec)
{
	struct codec ahead = {.records = codec->records, .left = codec->left};
	struct fcgi_record record;
	size_t length = 0;

	while (take_record(&ahead, FCGI_PARAMS, &record) != NULL && record.length > 0)
		length += record.length;
	return length;
}

/* It asks for a byte more than there is, to read the end, too. */
static enum result decode_params(struct codec *codec)
{
	size_t most = measure_params(codec) + 1;

	buffer_clear(&codec->text);
	buffer_clear(&codec->list);
	if (!buffer_reserve(&codec->text, most) ||
		!buffer_reserve(&codec->list, PARAMS_LIST_SIZE(most)))
		return RESULT_MEMORY;
	open_stream(codec, FCGI_PARAMS);
	size_t length = read_stream(codec, codec->text.bytes, most);
	if (FCGX_GetError(&codec->in) != 0 ||
		!params_split(codec->text.bytes, length,
			(struct meta_variable *)(void *)codec->list.bytes))
		return RESULT_MALFORMED;
	return RESULT_OK;
}

enum result codec_decode(struct codec *codec, const char *records, size_t length)
{
	assert(!codec->has_request);
	ASAN_UNPOISON_MEMORY_REGION(codec->text.bytes, codec->text.capacity);
	codec->records = records;
	codec->left = length;
	enum result result = decode_begin(codec) ? decode_params(codec) : RESULT_MALFORMED;
	codec->has_request = true;
	open_stream(codec, FCGI_STDIN);
	if (result != RESULT_OK)
		codec_forget(codec);
	return result;
}

const struct meta_variable *codec_params(const struct codec *codec)
{
	return codec->has_request ? (const struct meta_variable *)(const void *)codec->list.bytes
				  : no_params;
}

size_t codec_read(struct codec *codec, char *chunk, size_t size)
{
	return codec->has_request ? read_stream(codec, chunk, size) : 0;
}

void codec_forget(struct codec *codec)
{
	codec->has_request = false;
	if (codec->list.capacity > LIMIT_KEPT_BUFFER || codec->text.capacity > LIMIT_KEPT_BUFFER) {
		buffer_free(&codec->text);
		buffer_free(&codec->list);
	}
	ASAN_POISON_MEMORY_REGION(codec->text.bytes, codec->text.capacity);
}

static void append_end(struct buffer *out, unsigned id)
{
	fcgi_record_header(out, FCGI_STDOUT, id, 0);
	fcgi_record_end_request(out, id, FCGI_REQUEST_COMPLETE);
}

static struct iovec piece_of(const struct buffer *out, size_t from, size_t to)
{
	return (struct iovec){.iov_base = out->bytes + from, .iov_len = to - from};
}

/* All that is in the buffer. */
static size_t one_piece(const struct buffer *out, struct iovec *pieces)
{
	if (out->failed)
		return 0;
	pieces[0] = piece_of(out, 0, out->length);
	return 1;
}

/* In one record, around a head and a body that stay where they are. */
static size_t encode_around(struct buffer *out, unsigned id, const struct iovec *head,
	const struct iovec *body, struct iovec *pieces)
{
	fcgi_record_header(out, FCGI_STDOUT, id, head->iov_len + body->iov_len);
	size_t before = out->length;
	append_end(out, id);
	if (out->failed)
		return 0;
	pieces[0] = piece_of(out, 0, before);
	pieces[1] = *head;
	pieces[2] = *body;
	pieces[3] = piece_of(out, before, out->length);
	return 4;
}

size_t codec_encode(struct buffer *out, unsigned id, const struct iovec *head,
	const struct iovec *body, struct iovec pieces[static CODEC_PIECES])
{
	buffer_clear(out);
	if (body->iov_len > 0 && head->iov_len + body->iov_len <= FCGI_RECORD_CONTENT)
		return encode_around(out, id, head, body, pieces);
	fcgi_record_stream(out, FCGI_STDOUT, id, head->iov_base, head->iov_len);
	fcgi_record_stream(out, FCGI_STDOUT, id, body->iov_base, body->iov_len);
	append_end(out, id);
	return one_piece(out, pieces);
}

size_t codec_encode_part(struct buffer *out, unsigned id, const char *bytes, size_t length,
	struct iovec pieces[static CODEC_PIECES])
{
	buffer_clear(out);
	fcgi_record_stream(out, FCGI_STDOUT, id, bytes, length);
	return one_piece(out, pieces);
}

size_t codec_encode_end(struct buffer *out, unsigned id, struct iovec pieces[static CODEC_PIECES])
{
	buffer_clear(out);
	append_end(out, id);
	return one_piece(out, pieces);
}
