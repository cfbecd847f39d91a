#include "base/decimal.h"

#include <string.h>

#include "support/test.h"

static void expect(const char *text, size_t digits, uint64_t wanted)
{
	uint64_t number;

	assert_int_equal(decimal_parse(text, strlen(text), &number), digits);
	if (digits > 0)
		assert_true(number == wanted);
}

TEST(numbers)
{
	expect("1", 1, 1);
	expect("1234567890", 10, 1234567890);
	expect("18446744073709551615", 20, UINT64_MAX);
	expect("42\trest", 2, 42);
	expect("7a", 1, 7);
}

TEST(what_is_none)
{
	expect("", 0, 0);
	expect("0", 0, 0);
	expect("01", 0, 0);
	expect("-1", 0, 0);
	expect(" 1", 0, 0);
	expect("18446744073709551616", 0, 0);
	expect("99999999999999999999999", 0, 0);
}

/* Nothing past the length is looked at. */
TEST(length)
{
	uint64_t number;

	assert_int_equal(decimal_parse("1234", 2, &number), 2);
	assert_int_equal(number, 12);
}

TEST(whole_strings)
{
	static const struct {
		const char *text;
		uint64_t number;
	} read[] = {{"0", 0}, {"00", 0}, {"7", 7}, {"0042", 42},
		{"18446744073709551615", UINT64_MAX}, {"18446744073709551616", UINT64_MAX},
		{"99999999999999999999999", UINT64_MAX}, {"000000000000000000000000000001", 1}};
	static const char *const none[] = {"", "-1", "-0", "+5", " 5", "5 ", "5x", "0x10", "1e3",
		"5\n", "0 ", "99999999999999999999999x", "\u0665"};
	uint64_t number;

	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		assert_true(decimal_read(read[i].text, &number));
		assert_true(number == read[i].number);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(decimal_read(none[i], &number));
}

TEST(numbers_from_clients)
{
	static const struct {
		const char *text;
		bool is_number;
		uint64_t number;
	} rows[] = {{"0", true, 0}, {"1", true, 1}, {"10", true, 10}, {"999", true, 999},
		{"1000", false, 0}, {"18446744073709551616", false, 0}, {"", false, 0},
		{"00", false, 0}, {"01", false, 0}, {"-1", false, 0}, {"-0", false, 0},
		{"+1", false, 0}, {" 1", false, 0}, {"1 ", false, 0}, {"1.0", false, 0},
		{"1e2", false, 0}, {"0x1", false, 0}, {"\u0661", false, 0}};
	uint64_t number;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = rows[i].text;
		if (decimal_is_number(text, strlen(text), 999, &number) != rows[i].is_number)
			fail_msg("%s", text);
		assert_true(!rows[i].is_number || number == rows[i].number);
	}
	assert_false(decimal_is_number("1\0", 2, 999, &number));
}

static void expect_digits(uint64_t number, const char *digits)
{
	char text[DECIMAL_LENGTH];

	assert_int_equal(decimal_write(number, text), strlen(digits));
	assert_memory_equal(text, digits, strlen(digits));
}

TEST(writing)
{
	expect_digits(0, "0");
	expect_digits(9, "9");
	expect_digits(10, "10");
	expect_digits(1234567890, "1234567890");
	expect_digits(UINT64_MAX, "18446744073709551615");
}
