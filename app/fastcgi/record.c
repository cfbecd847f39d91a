/*
 * The header of a FastCGI record, read and written in this one place: framing reads what a web
 * server sends, codec writes what it gets, and client does both from the other side.
 */
#include "fastcgi/record.h"

#include <fastcgi.h>

_Static_assert(FCGI_RECORD_HEADER == FCGI_HEADER_LEN, "the header of the specification");

struct fcgi_record fcgi_record_read(const unsigned char header[static FCGI_RECORD_HEADER])
{
	return (struct fcgi_record){.version = header[0],
		.type = header[1],
		.id = (unsigned)header[2] << 8 | header[3],
		.length = (size_t)header[4] << 8 | header[5],
		.padding = header[6]};
}

void fcgi_record_header(struct buffer *out, unsigned type, unsigned id, size_t length)
{
	const unsigned char header[FCGI_HEADER_LEN] = {FCGI_VERSION_1, (unsigned char)type,
		(unsigned char)(id >> 8), (unsigned char)id, (unsigned char)(length >> 8),
		(unsigned char)length};

	buffer_append(out, header, sizeof(header));
}

void fcgi_record_set_length(char *header, size_t length)
{
	header[4] = (char)(length >> 8);
	header[5] = (char)length;
}

void fcgi_record_stream(
	struct buffer *out, unsigned type, unsigned id, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t piece = length < FCGI_RECORD_CONTENT ? length : FCGI_RECORD_CONTENT;
		fcgi_record_header(out, type, id, piece);
		buffer_append(out, bytes, piece);
		bytes += piece;
		length -= piece;
	}
}

void fcgi_record_end_request(struct buffer *out, unsigned id, unsigned protocol_status)
{
	const unsigned char body[8] = {0, 0, 0, 0, (unsigned char)protocol_status};

	fcgi_record_header(out, FCGI_END_REQUEST, id, sizeof(body));
	buffer_append(out, body, sizeof(body));
}
