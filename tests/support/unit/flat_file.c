#include "support/unit/flat_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/flat_file/header.h"
#include "store/flat_file/record.h"
#include "support/test.h"

#define CREATED INT64_C(1764000000000) /* 2025-11-24T16:00:00.000Z */

void flat_file_make(struct flat_file *file)
{
	temporary_directory_make(&file->directory);
	snprintf(file->path, sizeof(file->path), "%s/users.log", file->directory.path);
}

void flat_file_remove(struct flat_file *file)
{
	temporary_directory_remove(&file->directory);
}

void flat_file_write(const char *path, const char *bytes, size_t length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	assert_true(file >= 0);
	assert_int_equal(write(file, bytes, length), length);
	assert_int_equal(close(file), 0);
}

void flat_file_lock(const struct flat_file *file, const char *line)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/users.lock", file->directory.path);
	flat_file_write(path, line, strlen(line));
}

void flat_file_read(const char *path, struct buffer *bytes)
{
	char chunk[4096];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	assert_true(file >= 0);
	buffer_clear(bytes);
	while ((got = read(file, chunk, sizeof(chunk))) > 0)
		buffer_append(bytes, chunk, (size_t)got);
	assert_int_equal(got, 0);
	assert_int_equal(close(file), 0);
}

size_t flat_file_count(const struct flat_file *file, const char *prefix, char *path, size_t size)
{
	DIR *directory = opendir(file->directory.path);
	size_t count = 0;

	assert_non_null(directory);
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		count++;
		if (path != NULL)
			snprintf(path, size, "%s/%s", file->directory.path, entry->d_name);
	}
	closedir(directory);
	return count;
}

void flat_file_header(struct buffer *bytes)
{
	header_append(bytes, 0);
}

static void add(struct buffer *bytes, enum operation operation, uint64_t number, const char *name)
{
	record_append(bytes, &(struct record){.operation = operation,
				     .number = number,
				     .time = CREATED + (int64_t)(number % 1000000),
				     .name = name,
				     .name_length = strlen(name)});
}

void flat_file_created(struct buffer *bytes, uint64_t number, const char *name)
{
	add(bytes, OPERATION_CREATED, number, name);
}

void flat_file_removed(struct buffer *bytes, uint64_t number, const char *name)
{
	add(bytes, OPERATION_REMOVED, number, name);
}

void flat_file_renamed(struct buffer *bytes, uint64_t number, const char *name)
{
	add(bytes, OPERATION_RENAMED, number, name);
}

void flat_file_users(struct buffer *bytes, uint64_t count)
{
	char name[32];

	flat_file_header(bytes);
	for (uint64_t number = 1; number <= count; number++) {
		snprintf(name, sizeof(name), "user%llu", (unsigned long long)number);
		flat_file_created(bytes, number, name);
	}
}

size_t flat_file_line(const struct buffer *bytes, size_t line)
{
	size_t offset = 0;

	while (--line > 0) {
		const char *end = memchr(bytes->bytes + offset, '\n', bytes->length - offset);
		assert_non_null(end);
		offset = (size_t)(end - bytes->bytes) + 1;
	}
	return offset;
}
