#include "crash/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

/* Letters of one, two and four bytes. */
static const char *const letters[] = {"a", "\xc3\xa9", "\xf0\xa0\x80\x80"};

void names_make(struct dice *dice, unsigned number, struct username *username)
{
	const char *letter = letters[dice_roll(dice, 3)];
	size_t length = dice_once_in(dice, 2) ? 0 : (size_t)dice_roll(dice, 58);
	struct buffer text = {0};

	buffer_printf(&text, "u%u", number);
	for (size_t i = 0; i < length; i++)
		buffer_string(&text, letter);
	if (username_parse(text.bytes, text.length, username) != USERNAME_FINE) {
		fprintf(stderr, "not a name: %.*s\n", (int)text.length, text.bytes);
		abort();
	}
	buffer_free(&text);
}
