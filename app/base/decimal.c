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

size_t decimal_write(uint64_t number, char text[static DECIMAL_LENGTH])
{
	char digits[DECIMAL_LENGTH];
	size_t first = DECIMAL_LENGTH;

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	memcpy(text, digits + first, DECIMAL_LENGTH - first);
	return DECIMAL_LENGTH - first;
}
