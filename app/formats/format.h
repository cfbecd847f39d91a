#ifndef ROLLCALL_FORMATS_FORMAT_H
#define ROLLCALL_FORMATS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "store/user.h"

/* One user of a list, as the list has it: not yet checked against the rules for names. */
struct entry {
	uint64_t line;    /* of the input, from 1 */
	const char *name; /* any bytes; not terminated; borrowed by the visitor */
	size_t name_length;
	bool has_created;
	int64_t created; /* milliseconds, as in timestamp.h */
	uint64_t number; /* 0: the list has none, or what is none */
};

/* Gets the users of a list in their order, and between them what is no user, with the reason. A
 * reason never repeats what the input holds. */
struct entry_visitor {
	void (*entry)(void *argument, const struct entry *entry);
	void (*invalid)(void *argument, uint64_t line, const char *reason);
	void *argument;
};

/* A way to write a list of users, and to read one. A file each. Read through list_reader.h. */
struct format {
	const char *name; /* as options and the ends of file names have it */

	void (*write_head)(struct buffer *out); /* or NULL, if nothing comes before the users */
	void (*write_user)(struct buffer *out, const struct user *user);

	void *(*open)(const struct entry_visitor *visitor); /* which is borrowed */
	/* Wherever the chunks are cut. RESULT_MALFORMED: it is no such list, and the reason was
	 * shown to the visitor; RESULT_MEMORY. After these only close() may follow. */
	enum result (*feed)(void *reading, const char *bytes, size_t length);
	enum result (*finish)(void *reading);
	void (*close)(void *reading);
};

extern const struct format csv_format;
extern const struct format jsonl_format;

#define FORMAT_NAMES    "csv or jsonl"
#define FORMAT_BAD_TIME "created: expected a time like 2026-01-02T03:04:05.678Z"

/* NULL if there is none. */
const struct format *format_find(const char *name);

/* By how the name of the file ends, in small letters or capitals. NULL if that says nothing. */
const struct format *format_of_file(const char *path);

#endif
