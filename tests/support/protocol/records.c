#include "support/protocol/records.h"

#include <fastcgi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define PADDING_BYTE 0xff

void records_header(struct buffer *out, unsigned version, unsigned type, unsigned id, size_t length,
	unsigned padding)
{
	const unsigned char header[FCGI_HEADER_LEN] = {(unsigned char)version, (unsigned char)type,
		(unsigned char)(id >> 8), (unsigned char)id, (unsigned char)(length >> 8),
		(unsigned char)length, (unsigned char)padding};

	buffer_append(out, header, sizeof(header));
}

void records_append(struct buffer *out, unsigned type, unsigned id, const void *content,
	size_t length, unsigned padding)
{
	unsigned char filling[255];

	memset(filling, PADDING_BYTE, sizeof(filling));
	records_header(out, FCGI_VERSION_1, type, id, length, padding);
	buffer_append(out, content, length);
	buffer_append(out, filling, padding);
}

void records_begin(struct buffer *out, unsigned id, unsigned role, unsigned flags)
{
	const unsigned char body[8] = {
		(unsigned char)(role >> 8), (unsigned char)role, (unsigned char)flags};

	records_append(out, FCGI_BEGIN_REQUEST, id, body, sizeof(body), 0);
}

void records_stream(struct buffer *out, unsigned type, unsigned id, const void *bytes,
	size_t length, size_t piece, unsigned padding)
{
	const char *next = bytes;

	if (piece == 0)
		piece = FCGI_MAX_LENGTH;
	while (length > 0) {
		size_t part = length < piece ? length : piece;
		records_append(out, type, id, next, part, padding);
		next += part;
		length -= part;
	}
	records_append(out, type, id, "", 0, padding);
}

void records_long_length(struct buffer *params, size_t length)
{
	const unsigned char bytes[4] = {(unsigned char)(length >> 24 | 0x80),
		(unsigned char)(length >> 16), (unsigned char)(length >> 8), (unsigned char)length};

	buffer_append(params, bytes, sizeof(bytes));
}

static void append_length(struct buffer *params, size_t length)
{
	unsigned char byte = (unsigned char)length;

	if (length < 128)
		buffer_append(params, &byte, 1);
	else
		records_long_length(params, length);
}

void records_pair(struct buffer *params, const char *name, const char *value)
{
	append_length(params, strlen(name));
	append_length(params, strlen(value));
	buffer_string(params, name);
	buffer_string(params, value);
}

void records_long_pair(struct buffer *params, const char *name, const char *value)
{
	records_long_length(params, strlen(name));
	records_long_length(params, strlen(value));
	buffer_string(params, name);
	buffer_string(params, value);
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text != NULL ? text : otherwise;
}

void records_pairs(struct buffer *params, const struct web_request *request)
{
	char length[24] = "";

	if (request->before != NULL)
		buffer_append(params, request->before->bytes, request->before->length);
	if (request->body != NULL)
		snprintf(length, sizeof(length), "%zu", strlen(request->body));
	records_pair(params, "REQUEST_METHOD", text_or(request->method, "GET"));
	records_pair(params, "DOCUMENT_URI", text_or(request->path, "/"));
	records_pair(params, "QUERY_STRING", text_or(request->query, ""));
	records_pair(params, "CONTENT_TYPE",
		request->body != NULL ? "application/x-www-form-urlencoded" : "");
	records_pair(params, "CONTENT_LENGTH", text_or(request->content_length, length));
	records_pair(params, "HTTP_HOST", "rollcall.test");
	records_pair(params, "HTTP_SEC_FETCH_SITE", "same-origin");
	records_pair(params, "REQUEST_ID", text_or(request->request_id, "protocol-test"));
	if (request->after != NULL)
		buffer_append(params, request->after->bytes, request->after->length);
}

void records_request(struct buffer *out, const struct web_request *request)
{
	struct buffer params = {0};
	unsigned id = request->id != 0 ? request->id : 1;
	const char *body = text_or(request->body, "");
	const unsigned char begin[8] = {0, FCGI_RESPONDER, request->closing ? 0 : FCGI_KEEP_CONN};

	records_pairs(&params, request);
	records_append(out, FCGI_BEGIN_REQUEST, id, begin, sizeof(begin), request->padding);
	records_stream(out, FCGI_PARAMS, id, params.bytes, params.length, request->piece,
		request->padding);
	records_stream(out, FCGI_STDIN, id, body, strlen(body), request->piece, request->padding);
	buffer_free(&params);
}

void records_sign_up(struct buffer *out, const char *name, unsigned number)
{
	char form[128];

	snprintf(form, sizeof(form), "username=%s-%u", name, number);
	records_request(out, &(struct web_request){RECORDS_CREATE_USER(form)});
}

char *records_filler(size_t length)
{
	char *text = malloc(length + 1);

	assert_non_null(text);
	memset(text, 'x', length);
	text[length] = '\0';
	return text;
}
