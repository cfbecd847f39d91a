/*
 * Decimal numbers, read and written without stdio: records, queries and header fields have many of
 * them, strtoull() takes signs, blanks and overflows that they must not have, and printf() is slow
 * by comparison.
 */
#include "base/decimal.h"

#include <string.h>

size_t decimal_parse(const char *text, size_t length, uint64_t *number)
{
	size_t i = 0;

	*number = 0;
	if (length == 0 || text[0] == '0')
		return 0;
	for (; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');
		if (*number > (UINT64_MAX - digit) / 10)
			return 0;
		*number = *number * 10 + digit;
	}
	return i;
}

bool decimal_read(const char *text, uint64_t *number)
{
	const char *digits = text + strspn(text, "0");
	size_t length = strlen(digits);

	*number = 0;
	if (*text == '\0' || strspn(digits, "0123456789") != length)
		return false;
	if (length > 0 && decimal_parse(digits, length, number) == 0)
		*number = UINT64_MAX;
	return true;
}

bool decimal_is_number(const char *text, size_t length, uint64_t most, uint64_t *number)
{
	*number = 0;
	if (length == 1 && *text == '0')
		return true;
	return length > 0 && decimal_parse(text, length, number) == length && *number <= most;
}

/* How many digits it has. */
static size_t count_digits(uint64_t number)
{
	uint64_t least = 10; /* of those with one more */
	size_t count = 1;

	while (number >= least && count < DECIMAL_LENGTH) {
		count++;
		least *= 10;
	}
	return count;
}

void decimal_write_wide(uint64_t number, char *text, size_t width)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";

	for (; width >= 2; width -= 2, number /= 100)
		memcpy(text + width - 2, pairs + number % 100 * 2, 2);
	if (width > 0)
		*text = (char)('0' + number % 10);
}

/* Two digits a step: every request writes some ten numbers. */
size_t decimal_write(uint64_t number, char text[static DECIMAL_LENGTH])
{
	size_t width = count_digits(number);

	decimal_write_wide(number, text, width);
	return width;
}
