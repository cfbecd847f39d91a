#include "fastcgi/codec.h"

#include <fastcgi.h>
#include <fcgiapp.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limit.h"
#include "base/memory.h"
#include "fastcgi/record.h"
#include "http/meta_variable.h"

/* Debian 13 has it in a package of its own, which a build without sanitizers does not need. */
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size)   ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

/* Bytes for what lives as long as a request: the request and its response, and what is to be
 * remembered of a create. */
#define ROOM 512

struct codec {
	int file;
	char *mapped; /* the first `size` bytes of the file */
	size_t size;
	struct buffer records; /* of the last response */
	struct codec_gateway *spare;
};

struct codec_gateway {
	struct gateway gateway;
	struct codec *codec;
	FCGX_Request fcgx;
	struct codec_receiver receiver;
	struct codec_gateway *next; /* another one to spare */
	alignas(max_align_t) char room[ROOM];
};

static enum result map(struct codec *codec, size_t size)
{
	if (ftruncate(codec->file, (off_t)size) != 0)
		return RESULT_SYSTEM;
	char *mapped =
		codec->mapped == NULL
			? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, codec->file, 0)
			: mremap(codec->mapped, codec->size, size, MREMAP_MAYMOVE);
	if (mapped == MAP_FAILED)
		return RESULT_SYSTEM;
	codec->mapped = mapped;
	codec->size = size;
	return RESULT_OK;
}

/* Keeps the file at least as large as what it has to hold; a power of two, so that it seldom grows.
 */
static enum result reserve(struct codec *codec, size_t size)
{
	size_t larger = codec->size > 0 ? codec->size : 1 << 16;

	while (larger < size)
		larger *= 2;
	return larger > codec->size ? map(codec, larger) : RESULT_OK;
}

static enum result open_file(struct codec *codec)
{
	codec->file = memfd_create("rollcall-codec", MFD_CLOEXEC);
	return codec->file >= 0 ? reserve(codec, 1) : RESULT_SYSTEM;
}

static void close_file(struct codec *codec)
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

	if (open_file(codec) != RESULT_OK || FCGX_Init() != 0) {
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
	while (codec->spare != NULL) {
		struct codec_gateway *next = codec->spare->next;
		free(codec->spare);
		codec->spare = next;
	}
	close_file(codec);
	buffer_free(&codec->records);
	free(codec);
}

static struct codec_gateway *of(struct gateway *gateway)
{
	return (struct codec_gateway *)gateway;
}

/* FCGX_GetParam() takes the first of several, and calls strncmp() for each of the parameters: there
 * are twenty, and half a dozen are asked for. */
static const char *codec_param(struct gateway *gateway, const char *name)
{
	return meta_variable(of(gateway)->fcgx.envp, name, &gateway->arena);
}

/* libfcgi's stream reads ahead from the memory file, which the next request overwrites: a body has
 * to be read before its route returns. */
static size_t codec_read(struct gateway *gateway, char *chunk, size_t size)
{
	FCGX_Request *fcgx = &of(gateway)->fcgx;
	int most = size < 1 << 20 ? (int)size : 1 << 20;
	int length = fcgx->in != NULL ? FCGX_GetStr(chunk, most, fcgx->in) : 0;

	return length > 0 ? (size_t)length : 0;
}

/* libfcgi would write the records into the memory file, from where they would be taken again: three
 * system calls and two copies, a quarter of what a small page costs. */
static void append_end(const struct codec_gateway *this, struct buffer *records)
{
	unsigned id = (unsigned)this->fcgx.requestId;

	fcgi_record_header(records, FCGI_STDOUT, id, 0);
	fcgi_record_end_request(records, id, FCGI_REQUEST_COMPLETE);
}

/* Nothing at all in place of a part: the peer must not take that for the whole. */
static void give(const struct codec_gateway *this, const struct iovec *pieces, size_t count)
{
	struct buffer *records = &this->codec->records;

	this->receiver.deliver(this->receiver.argument, pieces, count);
	if (records->capacity > LIMIT_KEPT_BUFFER)
		buffer_free(records);
}

static struct iovec piece(const char *bytes, size_t length)
{
	return (struct iovec){.iov_base = (char *)bytes, .iov_len = length};
}

/* All that is in the buffer of records. */
static void give_records(const struct codec_gateway *this)
{
	const struct buffer *records = &this->codec->records;
	const struct iovec all = piece(records->bytes, records->length);

	give(this, &all, records->failed ? 0 : 1);
}

/* In one record, around a body that stays where it is. */
static void respond_in_one(struct codec_gateway *this, const char *head, size_t head_length,
	const char *body, size_t body_length)
{
	struct buffer *records = &this->codec->records;

	fcgi_record_header(
		records, FCGI_STDOUT, (unsigned)this->fcgx.requestId, head_length + body_length);
	buffer_append(records, head, head_length);
	size_t before = records->length;
	append_end(this, records);
	if (records->failed) {
		give(this, NULL, 0);
		return;
	}
	const struct iovec pieces[CODEC_PIECES] = {piece(records->bytes, before),
		piece(body, body_length), piece(records->bytes + before, records->length - before)};
	give(this, pieces, 3);
}

static void codec_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length)
{
	struct codec_gateway *this = of(gateway);
	struct buffer *records = &this->codec->records;
	unsigned id = (unsigned)this->fcgx.requestId;

	buffer_clear(records);
	if (body_length > 0 && head_length + body_length <= FCGI_RECORD_CONTENT) {
		respond_in_one(this, head, head_length, body, body_length);
		return;
	}
	fcgi_record_stream(records, FCGI_STDOUT, id, head, head_length);
	fcgi_record_stream(records, FCGI_STDOUT, id, body, body_length);
	append_end(this, records);
	give_records(this);
}

static bool codec_stream(struct gateway *gateway, const char *bytes, size_t length)
{
	struct codec_gateway *this = of(gateway);
	struct buffer *records = &this->codec->records;

	buffer_clear(records);
	fcgi_record_stream(records, FCGI_STDOUT, (unsigned)this->fcgx.requestId, bytes, length);
	const struct iovec part = piece(records->bytes, records->length);
	return this->receiver.deliver_part(this->receiver.argument, &part, records->failed ? 0 : 1);
}

static void codec_end(struct gateway *gateway)
{
	struct codec_gateway *this = of(gateway);
	struct buffer *records = &this->codec->records;

	buffer_clear(records);
	append_end(this, records);
	give_records(this);
}

/* libfcgi holds a request in dozens of blocks of memory, 17 KB in all. Those of one that waits for
 * the disk, or goes on for hours, serve the next ones, and are still in the processor's cache. */
static void codec_settle(struct gateway *gateway)
{
	static char *nothing[] = {NULL};
	FCGX_Request *fcgx = &of(gateway)->fcgx;

	FCGX_Free(fcgx, 0);
	fcgx->envp = nothing;
}

/* Address sanitizer finds uses of a block that is to spare as it finds those of one that is free:
 * what its last request had in it is poison. Without it these do nothing. */
static void poison(struct codec_gateway *this)
{
	ASAN_POISON_MEMORY_REGION(this, offsetof(struct codec_gateway, next));
	ASAN_POISON_MEMORY_REGION(this->room, sizeof(this->room));
}

static void unpoison(struct codec_gateway *this)
{
	ASAN_UNPOISON_MEMORY_REGION(this, sizeof(*this));
}

static void codec_release(struct gateway *gateway)
{
	struct codec_gateway *this = of(gateway);

	FCGX_Free(&this->fcgx, 0);
	arena_end(&gateway->arena);
	gateway->operations = NULL; /* a second release must not go unnoticed */
	this->next = this->codec->spare;
	this->codec->spare = this;
	poison(this);
}

static const struct gateway_operations operations = {
	.param = codec_param,
	.read = codec_read,
	.respond = codec_respond,
	.stream = codec_stream,
	.end = codec_end,
	.settle = codec_settle,
	.release = codec_release,
};

/*
 * FCGX_Accept_r would close the descriptor of a connection that is not kept, and accept a new one
 * in place of one that fails: it is told that the connection is kept, and given no socket to accept
 * from. A request cut short in its PARAMS is a success to it, so the stream is asked as well.
 */
static enum result accept_from_memory(struct codec *codec, FCGX_Request *fcgx)
{
	if (FCGX_InitRequest(fcgx, -1, 0) != 0)
		return RESULT_SYSTEM;
	fcgx->ipcFd = codec->file;
	fcgx->keepConnection = 1;
	if (FCGX_Accept_r(fcgx) == 0 && FCGX_GetError(fcgx->in) == 0) {
		/* Nothing is ever written through these. */
		FCGX_FreeStream(&fcgx->out);
		FCGX_FreeStream(&fcgx->err);
		return RESULT_OK;
	}
	if (fcgx->ipcFd >= 0)
		return RESULT_MALFORMED;
	/* It has closed the memory file. */
	codec->file = -1;
	close_file(codec);
	return open_file(codec) == RESULT_OK ? RESULT_MALFORMED : RESULT_SYSTEM;
}

/* There are as many as there were requests under way at once; the last one to be released is still
 * in the processor's cache. */
static struct codec_gateway *open_gateway(struct codec *codec)
{
	struct codec_gateway *this = codec->spare;

	if (this != NULL) {
		codec->spare = this->next;
		unpoison(this);
	} else {
		this = memory_zeroed(sizeof(*this));
	}
	this->gateway = (struct gateway){.operations = &operations};
	arena_begin(&this->gateway.arena, this->room, sizeof(this->room));
	this->codec = codec;
	return this;
}

/* Puts a request where libfcgi reads next: at the end of the file, so that the one read that most
 * requests need copies no more than that. */
static enum result place(struct codec *codec, const char *records, size_t length)
{
	if (codec->file < 0 && open_file(codec) != RESULT_OK)
		return RESULT_SYSTEM;
	if (reserve(codec, length) != RESULT_OK)
		return RESULT_MEMORY;
	size_t start = codec->size - length;
	memcpy(codec->mapped + start, records, length);
	return lseek(codec->file, (off_t)start, SEEK_SET) >= 0 ? RESULT_OK : RESULT_SYSTEM;
}

enum result codec_decode(struct codec *codec, const char *records, size_t length,
	const struct codec_receiver *receiver, struct gateway **gateway)
{
	enum result result = length > 0 ? place(codec, records, length) : RESULT_MALFORMED;

	if (result != RESULT_OK)
		return result;
	struct codec_gateway *this = open_gateway(codec);
	this->receiver = *receiver;
	result = accept_from_memory(codec, &this->fcgx);
	if (result != RESULT_OK) {
		codec_release(&this->gateway);
		return result;
	}
	*gateway = &this->gateway;
	return RESULT_OK;
}
