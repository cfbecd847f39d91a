#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "store/flat_file/record.h"

#define LAST_TIME INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */
#define TIME      "2026-11-24T03:41:41.123Z"

/* CRC-32, bit by bit: not the program's own. before: that of what comes before the bytes; 0 of
 * nothing. */
static uint32_t crc(uint32_t before, const char *bytes, size_t length)
{
	uint32_t value = ~before;

	for (size_t i = 0; i < length; i++) {
		value ^= (unsigned char)bytes[i];
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~value;
}

/* What record_parse() says to a line with this checksum and these fields. Anything past the line is
 * not the parser's to read. */
static enum result parse_with(
	uint32_t checksum, const char *rest, size_t length, struct record *record)
{
	char digits[10];
	char *line = malloc(length + 9);

	assert_non_null(line);
	snprintf(digits, sizeof(digits), "%08x\t", checksum);
	memcpy(line, digits, 9);
	memcpy(line + 9, rest, length);
	enum result result = record_parse(line, length + 9, record);
	free(line);
	return result;
}

/* The same where the checksum is right. */
static enum result parse_sealed(const char *rest, size_t length, struct record *record)
{
	return parse_with(crc(0, rest, length), rest, length, record);
}

static void expect_sealed(const char *rest, enum result wanted)
{
	struct record record;
	enum result result = parse_sealed(rest, strlen(rest), &record);

	if (result != wanted)
		fail_msg("\"%s\" gives %d, not %d", rest, (int)result, (int)wanted);
}

/* A time, a number, a name or an operation in an otherwise good line. */
static void expect_field(
	const char *format, const char *const *values, size_t count, enum result wanted)
{
	char rest[LIMIT_RECORD];
	char *const place = strchr(strcpy(rest, format), '%');
	const size_t before = (size_t)(place - rest);

	for (size_t i = 0; i < count; i++) {
		snprintf(rest + before, sizeof(rest) - before, "%s%s", values[i],
			format + before + 1);
		expect_sealed(rest, wanted);
	}
}

#define EXPECT_FIELD(format, wanted, ...)                                                          \
	expect_field((format), (const char *const[]){__VA_ARGS__},                                 \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), (wanted))

static void expect_round_trip(const struct record *record)
{
	struct buffer line = {0};
	struct record read;

	record_append(&line, record);
	assert_false(line.failed);
	assert_true(line.length < LIMIT_RECORD);
	assert_int_equal(line.bytes[line.length - 1], '\n');
	assert_null(memchr(line.bytes, '\n', line.length - 1));
	assert_int_equal(record_parse(line.bytes, line.length - 1, &read), RESULT_OK);
	assert_int_equal(read.operation, record->operation);
	assert_true(read.number == record->number);
	assert_true(read.time == record->time);
	assert_int_equal(read.name_length, record->name_length);
	assert_memory_equal(read.name, record->name, read.name_length);
	assert_int_equal(record_size(record), line.length);
	buffer_free(&line);
}

/* One byte, which the checksum covers, is enough to be sealed. */
TEST(the_shortest_that_is_sealed)
{
	/* Checksums by Python's zlib.crc32. */
	assert_true(record_is_sealed("83dcefb7\t1", 10));
	assert_false(record_is_sealed("83dcefb7\t2", 10));
	assert_false(record_is_sealed("00000000\t", 9));
}

TEST(one_spelling)
{
	struct buffer lines = {0};

	struct record alice = {.operation = OPERATION_CREATED,
		.number = 1,
		.time = 1795491701123,
		.name = "alice",
		.name_length = 5};
	record_append(&lines, &alice);
	alice.operation = OPERATION_REMOVED;
	alice.time++;
	record_append(&lines, &alice);
	buffer_append(&lines, "", 1);
	/* Checksums by Python's zlib.crc32. */
	assert_string_equal(lines.bytes, "e27d2ad5\t+\t1\t2026-11-24T03:41:41.123Z\talice\n"
					 "33b5c578\t-\t1\t2026-11-24T03:41:41.124Z\talice\n");
	buffer_free(&lines);
}

TEST(round_trip)
{
	static const uint64_t numbers[] = {1, 9, 10, 4294967296, UINT64_MAX - 1, UINT64_MAX};
	static const int64_t times[] = {0, 1, 999, 951782400000, 1795491701123, LAST_TIME};
	static const char *const names[] = {"a", " ", "~", "Zo\u00eb", "a\u00a0b", "\u05e9\u05dc",
		"\U0010ffff", "a + 1 2026", "a\"b\\c"};

	static const enum operation operations[] = {
		OPERATION_CREATED, OPERATION_REMOVED, OPERATION_RENAMED};

	for (size_t i = 0; i < 6; i++) {
		for (size_t j = 0; j < 6; j++) {
			for (size_t k = 0; k < 9; k++)
				expect_round_trip(&(struct record){.operation = operations[i % 3],
					.number = numbers[i],
					.time = times[j],
					.name = names[k],
					.name_length = strlen(names[k])});
		}
	}
}

TEST(longest_name)
{
	char name[LIMIT_NAME];

	for (size_t i = 0; i < LIMIT_NAME; i += 4)
		memcpy(name + i, "\U00020000", 4);
	expect_round_trip(&(struct record){.operation = OPERATION_CREATED,
		.number = UINT64_MAX,
		.time = LAST_TIME,
		.name = name,
		.name_length = sizeof(name)});
}

TEST(name_is_too_long)
{
	char rest[LIMIT_RECORD * 2];
	const int fields = snprintf(rest, sizeof(rest), "+\t1\t" TIME "\t");
	struct record record;

	memset(rest + fields, 'a', sizeof(rest) - (size_t)fields);
	assert_int_equal(parse_sealed(rest, (size_t)fields + LIMIT_NAME, &record), RESULT_OK);
	/* Each is a byte longer: its checksum goes on from the one before. */
	size_t length = (size_t)fields + LIMIT_NAME;
	uint32_t checksum = crc(0, rest, length);
	for (; length + 1 < sizeof(rest); length++) {
		checksum = crc(checksum, rest + length, 1);
		assert_int_equal(parse_with(checksum, rest, length + 1, &record), RESULT_MALFORMED);
	}
}

/* A good line, with a letter in its checksum: there upper case is one bit away. */
#define GOOD "33cebf30\t+\t3\t2026-11-24T03:41:41.123Z\tZo\u00eb"

TEST(every_single_bit_counts)
{
	const size_t length = strlen(GOOD);
	char line[] = GOOD;
	struct record record;

	assert_int_equal(record_parse(line, length, &record), RESULT_OK);
	for (size_t bit = 0; bit < length * 8; bit++) {
		line[bit / 8] = (char)(line[bit / 8] ^ 1 << bit % 8);
		if (record_parse(line, length, &record) != RESULT_MALFORMED)
			fail_msg("flipping bit %zu of byte %zu is not noticed", bit % 8, bit / 8);
		line[bit / 8] = (char)(line[bit / 8] ^ 1 << bit % 8);
	}
}

TEST(every_byte_counts)
{
	const size_t length = strlen(GOOD);
	struct record record;

	for (size_t i = 0; i < length; i++) {
		char *part = malloc(length);
		assert_non_null(part);
		memcpy(part, GOOD, i);
		assert_int_equal(record_parse(part, i, &record), RESULT_MALFORMED); /* cut off */
		memcpy(part + i, &GOOD[i + 1], length - i - 1);
		assert_int_equal(record_parse(part, length - 1, &record), RESULT_MALFORMED);
		free(part);
	}
	assert_int_equal(record_parse(GOOD "a", length + 1, &record), RESULT_MALFORMED);
	assert_int_equal(record_parse(GOOD, length + 1, &record), RESULT_MALFORMED); /* NUL */
}

TEST(zeros_are_no_record)
{
	const char zeros[LIMIT_RECORD * 2] = {0};
	struct record record;

	for (size_t length = 0; length <= sizeof(zeros); length++)
		assert_int_equal(record_parse(zeros, length, &record), RESULT_MALFORMED);
	assert_int_equal(parse_sealed(zeros, 100, &record), RESULT_MALFORMED);
}

TEST(checksum_has_one_spelling)
{
	char line[] = GOOD;
	struct record record;

	for (size_t i = 0; i < 8; i++) {
		if (line[i] >= 'a' && line[i] <= 'f')
			line[i] = (char)(line[i] - 'a' + 'A');
	}
	assert_string_not_equal(line, GOOD);
	assert_int_equal(record_parse(line, strlen(line), &record), RESULT_MALFORMED);
	/* And a TAB after it. */
	line[8] = ' ';
	assert_int_equal(record_parse(line, strlen(line), &record), RESULT_MALFORMED);
	memcpy(line, GOOD, 8);
	assert_int_equal(record_parse(line, strlen(line), &record), RESULT_MALFORMED);
}

TEST(operation)
{
	EXPECT_FIELD("%\t1\t" TIME "\talice", RESULT_OK, "+", "-");
	EXPECT_FIELD("%\t1\t" TIME "\talice", RESULT_MALFORMED, "", "*", "++", "+-", " +", "+ ",
		"0", "\uff0b", "\t+", "+\t");
}

TEST(number)
{
	EXPECT_FIELD("+\t%\t" TIME "\talice", RESULT_OK, "1", "9", "10", "100000000000",
		"18446744073709551615");
	EXPECT_FIELD("+\t%\t" TIME "\talice", RESULT_MALFORMED, "", "0", "00", "01", "0001", "-1",
		"+1", " 1", "1 ", "1a", "a", "0x1", "1.0", "1e3", "1,000", "18446744073709551616",
		"18446744073709551617", "18446744073709551625", "28446744073709551615",
		"99999999999999999999", "100000000000000000000000000000000000000", "1\t2", "\u0661",
		"\uff11");
}

TEST(time)
{
	EXPECT_FIELD("+\t1\t%\talice", RESULT_OK, TIME, "1970-01-01T00:00:00.000Z",
		"9999-12-31T23:59:59.999Z", "2028-02-29T23:59:59.999Z", "2000-02-29T00:00:00.000Z");
	EXPECT_FIELD("+\t1\t%\talice", RESULT_MALFORMED, "", "1969-12-31T23:59:59.999Z",
		"0000-01-01T00:00:00.000Z", "1900-01-01T00:00:00.000Z", "2026-02-29T00:00:00.000Z",
		"2100-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",
		"2026-01-00T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
		"2026-01-01T00:60:00.000Z", "2026-01-01T00:00:60.000Z", "2026-01-01T00:00:61.000Z",
		"2026-01-01T00:00:00Z", "2026-01-01T00:00:00.00Z", "2026-01-01T00:00:00.0000Z",
		"2026-01-01T00:00:00,000Z", "2026-01-01t00:00:00.000Z", "2026-01-01T00:00:00.000z",
		"2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00.000+00:00", " " TIME, TIME " ",
		"2026-01-01T00:00:00.00aZ", "-026-01-01T00:00:00.000Z", "+026-01-01T00:00:00.000Z",
		"1795491701123");
}

TEST(name)
{
	EXPECT_FIELD("+\t1\t" TIME "\t%", RESULT_OK, "a", " a ", "a\u00a0", "\u05d0", "\u200f",
		"<script>", "\U0001f600");
	EXPECT_FIELD("+\t1\t" TIME "\t%", RESULT_MALFORMED, "", "\xff", "a\x80", "a\xc3",
		"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\t", "a\tb", "\ta",
		"a\x7f", "\x7f", "a\xc2\x80", "a\xc2\x85z", "a\xc2\x9f");
}

TEST(name_without_control_bytes)
{
	char rest[] = "+\t1\t" TIME "\talice";
	const size_t length = strlen(rest);
	struct record record;

	for (size_t place = length - 5; place < length; place++) {
		char before = rest[place];
		for (char c = 0; c < ' '; c++) {
			rest[place] = c;
			assert_int_equal(parse_sealed(rest, length, &record), RESULT_MALFORMED);
		}
		rest[place] = before;
	}
	assert_int_equal(parse_sealed(rest, length, &record), RESULT_OK);
}

TEST(fields_are_separated_by_single_tabs)
{
	char rest[] = "+\t1\t" TIME "\talice";

	for (char *tab = strchr(rest, '\t'); tab != NULL; tab = strchr(tab + 1, '\t')) {
		*tab = ' ';
		expect_sealed(rest, RESULT_MALFORMED);
		*tab = '\t';
	}
	expect_sealed("+\t\t1\t" TIME "\talice", RESULT_MALFORMED);
	expect_sealed("+\t1\t\t" TIME "\talice", RESULT_MALFORMED);
	expect_sealed("+\t1\t" TIME "\t\talice", RESULT_MALFORMED);
	expect_sealed("+\t1\t" TIME "alice", RESULT_MALFORMED);
	expect_sealed("+\t1\t" TIME "\t", RESULT_MALFORMED);
	expect_sealed("+\t1\t" TIME, RESULT_MALFORMED);
	expect_sealed("+\t1\talice\t" TIME, RESULT_MALFORMED);
	expect_sealed("1\t+\t" TIME "\talice", RESULT_MALFORMED);
	expect_sealed("+\t1111111111111111111\t" TIME "\t", RESULT_MALFORMED);
}
