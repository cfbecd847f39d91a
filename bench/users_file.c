/*
 * users_file COUNT FILE: writes a flat file of that many users, and says how many bytes their names
 * have. They are such as people choose: one in twenty has a letter that is not ASCII.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "measure.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"

#define FIRST_CREATED INT64_C(1764000000000) /* 2025-11-24T16:00:00.000Z */
#define BETWEEN       137                    /* milliseconds from one to the next */
#define CHUNK         (1 << 20)

static const char *const given[] = {"anna", "Ben", "chiara", "David", "emma", "Felix", "grace",
	"Hugo", "ines", "Jonas", "katja", "Liam", "maria", "Noah", "olga", "Peter", "Zoë", "rosa",
	"Sven", "tara"};
static const char *const family[] = {"Andersen", "bauer", "Costa", "dubois", "Eriksson", "fischer",
	"Garcia", "hoffmann", "Ivanov", "jensen", "Kowalski", "lopez", "Meyer", "novak", "Okafor",
	"petrov", "Quinn", "rossi", "Smith", "tanaka", "Ueda", "vogel", "Weber"};

#define GIVEN  (sizeof(given) / sizeof(*given))
#define FAMILY (sizeof(family) / sizeof(*family))

/* Returns the length of the name. */
static size_t append_user(struct buffer *lines, uint64_t number)
{
	char name[64];
	const char *first = given[number % GIVEN];
	const char *last = family[number / GIVEN % FAMILY];
	int length = snprintf(
		name, sizeof(name), "%s.%s %" PRIu64, first, last, number / GIVEN / FAMILY);

	record_append(lines, &(struct record){.operation = OPERATION_CREATED,
				     .number = number,
				     .time = FIRST_CREATED + (int64_t)number * BETWEEN,
				     .name = name,
				     .name_length = (size_t)length});
	return (size_t)length;
}

static void put(struct buffer *lines, FILE *file)
{
	if (lines->failed || fwrite(lines->bytes, 1, lines->length, file) != lines->length)
		measure_failed("users_file");
	buffer_clear(lines);
}

int main(int count, char **arguments)
{
	struct buffer lines = {0};
	size_t name_bytes = 0;

	if (count != 3) {
		fputs("usage: users_file COUNT FILE\n", stderr);
		return 2;
	}
	uint64_t users = strtoull(arguments[1], NULL, 10);
	FILE *file = fopen(arguments[2], "w");
	if (file == NULL)
		measure_failed(arguments[2]);
	header_append(&lines, 0);
	for (uint64_t number = 1; number <= users; number++) {
		name_bytes += append_user(&lines, number);
		if (lines.length >= CHUNK)
			put(&lines, file);
	}
	put(&lines, file);
	if (fflush(file) != 0 || fsync(fileno(file)) != 0 || fclose(file) != 0)
		measure_failed(arguments[2]);
	buffer_free(&lines);
	printf("%zu\n", name_bytes);
	return 0;
}
