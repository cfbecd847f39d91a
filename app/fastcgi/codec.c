/*
 * libfcgi reads a request from a file descriptor, and waits when it must. Here that descriptor is a
 * file in memory, which holds a whole request before libfcgi reads it, so it never waits.
 *
 * Responses are put into records here. libfcgi would write them into the memory file, from where
 * they would be taken again: three system calls and two copies, a quarter of what a small page
 * costs.
 */
#include "fastcgi/codec.h"

#include <assert.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "fastcgi/record.h"

struct codec {
	int file;
	char *mapped; /* the first `size` bytes of the file */
	size_t size;
	FCGX_Request request;
};

static char *no_params[] = {NULL};

static bool map_file(struct codec *codec, size_t size)
{
	if (ftruncate(codec->file, (off_t)size) != 0)
		return false;
	char *mapped =
		codec->mapped == NULL
			? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, codec->file, 0)
			: mremap(codec->mapped, codec->size, size, MREMAP_MAYMOVE);
	if (mapped == MAP_FAILED)
		return false;
	codec->mapped = mapped;
	codec->size = size;
	return true;
}

/* Keeps the file at least as large as what it has to hold; a power of two, so that it seldom grows.
 */
static bool reserve_file(struct codec *codec, size_t size)
{
	size_t larger = codec->size > 0 ? codec->size : 1 << 16;

	while (larger < size)
		larger *= 2;
	return larger <= codec->size || map_file(codec, larger);
}

static bool open_memory_file(struct codec *codec)
{
	codec->file = memfd_create("rollcall-codec", MFD_CLOEXEC);
	return codec->file >= 0 && reserve_file(codec, 1);
}

static void close_memory_file(struct codec *codec)
{
	if (codec->mapped != NULL)
		munmap(codec->mapped, codec->size);
	if (codec->file >= 0)
		close(codec->file);
	codec->file = -1;
	codec->mapped = NULL;
	codec->size = 0;
}

enum result codec_open(struct codec **opened)
{
	struct codec *codec = memory_zeroed(sizeof(*codec));

	codec->request.envp = no_params;
	if (!open_memory_file(codec) || FCGX_Init() != 0) {
		codec_close(codec);
		return RESULT_SYSTEM;
	}
	*opened = codec;
	return RESULT_OK;
}

void codec_close(struct codec *codec)
{
	if (codec == NULL)
		return;
	codec_forget(codec);
	close_memory_file(codec);
	free(codec);
}

/* Puts a request where libfcgi reads next: at the end of the file, so that the one read that most
 * requests need copies no more than that. */
static enum result place_records(struct codec *codec, const char *records, size_t length)
{
	if (codec->file < 0 && !open_memory_file(codec))
		return RESULT_SYSTEM;
	if (!reserve_file(codec, length))
		return RESULT_MEMORY;
	size_t start = codec->size - length;
	memcpy(codec->mapped + start, records, length);
	return lseek(codec->file, (off_t)start, SEEK_SET) >= 0 ? RESULT_OK : RESULT_SYSTEM;
}

/*
 * FCGX_Accept_r would close the descriptor of a connection that is not kept, and accept a new one
 * in place of one that fails: it is told that the connection is kept, and given no socket to accept
 * from. A request cut short in its PARAMS is a success to it, so the stream is asked as well.
 */
static enum result accept_from_memory(struct codec *codec)
{
	FCGX_Request *request = &codec->request;

	if (FCGX_InitRequest(request, -1, 0) != 0)
		return RESULT_SYSTEM;
	request->ipcFd = codec->file;
	request->keepConnection = 1;
	if (FCGX_Accept_r(request) == 0 && FCGX_GetError(request->in) == 0) {
		/* Nothing is ever written through these. Freed now, they save the allocator 90 of
		 * the 14,000 instructions of a request, against freeing them with the rest. */
		FCGX_FreeStream(&request->out);
		FCGX_FreeStream(&request->err);
		return RESULT_OK;
	}
	if (request->ipcFd >= 0)
		return RESULT_MALFORMED;
	/* It has closed the memory file. */
	codec->file = -1;
	close_memory_file(codec);
	return open_memory_file(codec) ? RESULT_MALFORMED : RESULT_SYSTEM;
}

enum result codec_decode(struct codec *codec, const char *records, size_t length)
{
	assert(codec->request.in == NULL);
	enum result result = length > 0 ? place_records(codec, records, length) : RESULT_MALFORMED;
	if (result != RESULT_OK)
		return result;
	result = accept_from_memory(codec);
	if (result != RESULT_OK)
		codec_forget(codec);
	return result;
}

char *const *codec_params(const struct codec *codec)
{
	return codec->request.envp;
}

size_t codec_read(struct codec *codec, char *chunk, size_t size)
{
	FCGX_Stream *in = codec->request.in;
	int most = size < 1 << 20 ? (int)size : 1 << 20;
	int length = in != NULL ? FCGX_GetStr(chunk, most, in) : 0;

	return length > 0 ? (size_t)length : 0;
}

/* libfcgi holds a request in dozens of blocks of memory, 17 KB in all. Freed here, before the
 * request waits for the disk, they serve the next request out of the processor's cache: a create
 * with 256 clients took 18 µs in place of 22 (docs/performance.md). */
void codec_forget(struct codec *codec)
{
	FCGX_Free(&codec->request, 0);
	codec->request.envp = no_params;
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
