/*
 * Base forms, character by character. What becomes of each is worked out by the library once and
 * then kept, as in folding.c: opening a list makes the base form of every name. Nothing is put in
 * canonical order again: marks that are out of it after a decomposition are dropped, and those that
 * stay need only be the same in a name and in what is typed for it.
 */
#include "store/names/base_form.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/code_point_map.h"
#include "store/names/code_points.h"

#define PARTS_MOST 4  /* code points that NFD makes of one */
#define VOICING    8  /* combining class of the voicing marks of kana */
#define BYTES_MOST 12 /* the same in UTF-8; what replaces a letter is not longer than it */

struct base_letter {
	uint8_t byte_count;
	bool is_accented; /* it is not what NFD makes of the character */
	bool is_in_word;
	char bytes[BYTES_MOST];
};

static struct code_point_map base_letters;

/* Letters that NFD leaves as they are, with what they are typed as without their keyboard. */
static const struct {
	utf8proc_int32_t letter;
	char base[3];
} replaced[] = {
	{0x00e6, "ae"}, /* æ */
	{0x00f0, "d"},  /* ð */
	{0x00f8, "o"},  /* ø */
	{0x00fe, "th"}, /* þ */
	{0x0111, "d"},  /* đ */
	{0x0127, "h"},  /* ħ */
	{0x0131, "i"},  /* ı */
	{0x0142, "l"},  /* ł */
	{0x014b, "n"},  /* ŋ */
	{0x0153, "oe"}, /* œ */
	{0x0167, "t"},  /* ŧ */
	{0x0180, "b"},  /* ƀ */
	{0x0199, "k"},  /* ƙ */
	{0x01b4, "y"},  /* ƴ */
	{0x0253, "b"},  /* ɓ */
	{0x0257, "d"},  /* ɗ */
	{0x0259, "e"},  /* ə */
	{0x0268, "i"},  /* ɨ */
};

/* Accents above, below and through letters, and the points of Hebrew, Arabic and Syriac. Other
 * classes, and 0, have marks that are letters of their own. */
static bool is_diacritic(utf8proc_int32_t c)
{
	utf8proc_propval_t class = utf8proc_get_property(c)->combining_class;

	return (class >= 200 && class <= 240) || (class >= 10 && class <= 36);
}

static bool is_letter_mark_or_digit(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) ||
	       c == 0x200c || c == 0x200d;
}

/* What a letter is replaced by, or NULL. */
static const char *find_replacement(utf8proc_int32_t c)
{
	for (size_t i = 0; i < sizeof(replaced) / sizeof(*replaced); i++)
		if (replaced[i].letter == c)
			return replaced[i].base;
	return NULL;
}

static void append_part(struct base_letter *letter, utf8proc_int32_t c)
{
	const char *replacement = is_diacritic(c) ? "" : find_replacement(c);
	char *end = letter->bytes + letter->byte_count;
	size_t length;

	if (replacement == NULL) {
		if (utf8_encode(&c, 1, end, BYTES_MOST - letter->byte_count, &length))
			letter->byte_count = (uint8_t)(letter->byte_count + length);
		return;
	}
	letter->is_accented = true;
	length = strlen(replacement);
	memcpy(end, replacement, length);
	letter->byte_count = (uint8_t)(letter->byte_count + length);
}

static struct base_letter *make_base_letter(utf8proc_int32_t point)
{
	struct base_letter *letter = memory_zeroed(sizeof(*letter));
	SCRATCH utf8proc_int32_t parts[PARTS_MOST];
	/* Fails for none but surrogates, which no text has. */
	utf8proc_ssize_t count = code_points_decompose(
		point, parts, PARTS_MOST, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);

	letter->is_in_word = is_letter_mark_or_digit(point);
	/* か is not the beginning of が. */
	if (count > 1 && parts[count - 1] >> CODE_POINT_CLASS_SHIFT == VOICING) {
		parts[0] = point;
		count = 1;
	}
	for (utf8proc_ssize_t i = 0; i < count && count <= PARTS_MOST; i++)
		append_part(letter, parts[i] & CODE_POINT_MASK);
	return letter;
}

static const struct base_letter *base_letter_of(utf8proc_int32_t point)
{
	const void **letter = code_point_map_at(&base_letters, point);

	if (*letter == NULL)
		*letter = make_base_letter(point);
	return *letter;
}

bool base_form_is_in_word(utf8proc_int32_t point)
{
	return base_letter_of(point)->is_in_word;
}

/* What stands between words in ASCII. */
static bool stands_between(char c)
{
	static const uint64_t separators = 1 | UINT64_C(1) << ('\'' - ' ') |
					   UINT64_C(1) << ('-' - ' ') | UINT64_C(1) << ('.' - ' ') |
					   UINT64_C(1) << ('_' - ' ');
	unsigned at = (unsigned)(unsigned char)c - ' ';

	return at < 64 && (separators >> at & 1) != 0;
}

bool base_form_has_row(const char *key, size_t length)
{
	bool is_behind = false;

	for (size_t i = 0; i < length; i++) {
		bool is_one = stands_between(key[i]);
		if (is_one && is_behind)
			return true;
		is_behind = is_one;
	}
	return false;
}

/* Of several characters between words one space is left: "j r" finds J. R. Returns the length. */
static size_t fold_rows(char *base, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (used > 0 && stands_between(base[i]) && stands_between(base[used - 1]))
			base[used - 1] = ' ';
		else
			base[used++] = base[i];
	}
	return used;
}

/* Copies ASCII, which is its own base form. Returns how much there is of it. */
static size_t copy_base_letters(const char *key, size_t length, char *base)
{
	size_t i = 0;

	for (; i < length && code_point_is_ascii((unsigned char)key[i]); i++)
		base[i] = key[i];
	return i;
}

size_t base_form_make(
	const char *key, size_t key_length, char base[static LIMIT_NAME_BASE], size_t *accented)
{
	size_t used = copy_base_letters(key, key_length, base);

	*accented = 0;
	for (size_t at = used; at < key_length;) {
		utf8proc_int32_t point;
		size_t step = utf8_decode(key + at, key_length - at, &point);
		/* A key is UTF-8. */
		const struct base_letter *letter = base_letter_of(step > 0 ? point : 0);
		if (letter->byte_count > LIMIT_NAME_BASE - used)
			break;
		memcpy(base + used, letter->bytes, letter->byte_count);
		used += letter->byte_count;
		at += step > 0 ? step : 1;
		if (letter->is_accented)
			*accented = at;
	}
	return fold_rows(base, used);
}
