/*
 * Conditions, and the reader of inputs. Bytes are taken from the front: what libFuzzer changes at
 * the end of an input leaves the beginning as it was.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void must_hold(bool holds, const char *condition, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: must hold: %s\n", file, line, condition);
	abort();
}

uint8_t fuzz_take_byte(struct fuzz_input *input)
{
	if (input->length == 0)
		return 0;
	input->length--;
	return *input->bytes++;
}

size_t fuzz_take_below(struct fuzz_input *input, size_t limit)
{
	size_t number = 0;

	for (size_t most = limit - 1; most > 0; most >>= 8)
		number = number << 8 | fuzz_take_byte(input);
	return number % limit;
}

bool fuzz_is_made(struct fuzz_input *input)
{
	return fuzz_take_below(input, 2) == 1;
}

const char *fuzz_take_text(struct fuzz_input *input, size_t *length)
{
	const char *text = (const char *)input->bytes;

	*length = input->length > 0 ? strnlen(text, input->length) : 0;
	size_t taken = *length < input->length ? *length + 1 : *length;
	input->length -= taken;
	if (taken > 0)
		input->bytes += taken;
	return text;
}

const char *fuzz_rest(struct fuzz_input *input, size_t *length)
{
	*length = input->length;
	input->length = 0;
	return (const char *)input->bytes;
}

static char *copy_of(const char *bytes, size_t length, size_t size)
{
	char *copy = malloc(size);

	must(copy != NULL || size == 0);
	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *fuzz_copy(const char *bytes, size_t length)
{
	return copy_of(bytes, length, length);
}

char *fuzz_string(const char *bytes, size_t length)
{
	char *copy = copy_of(bytes, length, length + 1);

	copy[length] = '\0';
	return copy;
}
