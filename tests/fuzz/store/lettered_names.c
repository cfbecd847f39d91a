#include "fuzz/store/lettered_names.h"

#include <string.h>

/* Latin, Cyrillic and Greek letters that look alike, their other cases, accents, a letter that a
 * search types otherwise, and what parts words. */
static const char *const letters[] = {"a", "c", "e", "o", "p", "x", "A", "C", "E", "H", "K", "O",
	"P", "l", "I", "1", "0", "rn", "m", "\u0430", "\u0441", "\u0435", "\u043e", "\u0440",
	"\u0445", "\u0410", "\u0421", "\u0415", "\u041d", "\u041a", "\u041e", "\u0420", "\u03bf",
	"\u039f", "\u0391", "\u0397", "\u03c1", "\u0301", "\u0308", "\u00e9", "\u00f8", "\u00df",
	"\uff41", "\u0131", "b", "ab", "b ", " ", " ", " ", "-", ".", "'", "\u2019", "_", "2",
	"\u0663", "\u05d0", "\u0e01", "\ud55c", "\u304c", "\u4e00", "\u30fb", "\u200d"};

bool lettered_names_take(struct fuzz_input *input, struct username *name)
{
	char text[LIMIT_NAME];
	size_t length = 0;

	for (;;) {
		uint8_t byte = fuzz_take_byte(input);
		const char *letter = letters[(byte - 1U) % (sizeof(letters) / sizeof(*letters))];
		if (byte == 0 || length + strlen(letter) > sizeof(text))
			break;
		memcpy(text + length, letter, strlen(letter));
		length += strlen(letter);
	}
	return username_parse(text, length, name) == USERNAME_FINE;
}
