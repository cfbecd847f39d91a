/*
 * The code is SipHash-2-4 with 128 bits, a keyed hash for short messages. HMAC-SHA-256 would be no
 * harder to forge by trying, which is all that a client can do, and takes 4,000 instructions more,
 * a fifth of a create.
 */
#include "routes/leave/leave_link.h"

#include <sodium.h>
#include <string.h>

#include "base/decimal.h"

_Static_assert(LEAVE_KEY_BYTES == crypto_shorthash_siphashx24_KEYBYTES, "the key of SipHash");
_Static_assert(LEAVE_CODE_SIZE == sodium_base64_ENCODED_LEN(crypto_shorthash_siphashx24_BYTES,
					  sodium_base64_VARIANT_URLSAFE_NO_PADDING),
	"the length of a code");

/* libsodium's takes 1,200 instructions, 4 % of a create, so that nobody can time it; this is sent
 * to whom it is for, and compared in constant time. */
static void encode(const unsigned char hash[static crypto_shorthash_siphashx24_BYTES],
	char text[static LEAVE_CODE_SIZE])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned held = 0, bits = 0;

	for (size_t i = 0; i < crypto_shorthash_siphashx24_BYTES; i++) {
		held = held << 8 | hash[i];
		for (bits += 8; bits >= 6; bits -= 6)
			*text++ = digits[held >> (bits - 6) & 63];
	}
	*text++ = digits[held << (6 - bits) & 63];
	*text = '\0';
}

void leave_code_make(const unsigned char key[static LEAVE_KEY_BYTES], enum leave_code code,
	const struct user *user, char text[static LEAVE_CODE_SIZE])
{
	const uint64_t message[] = {(uint64_t)code, user->number, (uint64_t)user->created};
	unsigned char bytes[sizeof(message)], hash[crypto_shorthash_siphashx24_BYTES];

	/* The same on machines of either byte order: the key may move to another one. */
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(message[i / 8] >> (i % 8 * 8));
	crypto_shorthash_siphashx24(hash, bytes, sizeof(bytes), key);
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
