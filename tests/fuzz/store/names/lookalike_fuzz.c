/*
 * Names that look alike, of any two texts: a name looks like itself, in whichever way it is
 * composed; two names are a pair either way round, and only with a hash in common, which is what
 * the store finds them by; and a name in ASCII is among those that are tried for its skeleton.
 */
#include "store/names/lookalike.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "store/names/name_key.h"
#include "store/names/skeleton.h"

struct looked_at {
	const char *text;
	size_t length;
	char key[LIMIT_NAME_KEY];
	size_t key_length;
	enum lookalike lookalike;
	struct looks looks;
	struct skeleton skeleton;
	bool has_skeleton;
};

static bool look_at_text(struct looked_at *name, const char *text, size_t length)
{
	name->text = text;
	name->length = length;
	if (name_key_fold(text, length, name->key, &name->key_length) != RESULT_OK)
		return false;
	name->lookalike = lookalike_of(text, length, name->key, name->key_length);
	name->looks = lookalike_looks(text, length, name->key, name->key_length, 1);
	name->has_skeleton = skeleton_of(text, length, &name->skeleton);
	return true;
}

static void check_composed_skeleton(const struct looked_at *name)
{
	static const utf8proc_option_t forms[] = {
		UTF8PROC_STABLE | UTF8PROC_COMPOSE, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct skeleton skeleton;
		utf8proc_uint8_t *made;
		utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)name->text,
			(utf8proc_ssize_t)name->length, &made, forms[i]);
		must(length >= 0);
		must(skeleton_of((const char *)made, (size_t)length, &skeleton));
		must(skeleton_is_same(&skeleton, &name->skeleton));
		must(skeleton_hash(&skeleton, 7) == skeleton_hash(&name->skeleton, 7));
		free(made);
	}
}

/* The names that are tried. */
struct tries {
	const struct looked_at *name;
	size_t count;
	bool has_key;
};

/* skeleton_key_cb */
static bool check_ascii_name(
	void *argument, const char *name, size_t length, const char *key, size_t key_length)
{
	struct tries *tries = argument;
	const struct looked_at *wanted = tries->name;
	struct skeleton skeleton;
	struct looked_at tried;

	must(utf8_is_ascii(name, length));
	must(skeleton_of(name, length, &skeleton));
	must(skeleton_is_same(&skeleton, &wanted->skeleton));
	must(look_at_text(&tried, name, length));
	must(tried.key_length == key_length && memcmp(tried.key, key, key_length) == 0);
	tries->count++;
	tries->has_key |=
		key_length == wanted->key_length && memcmp(key, wanted->key, key_length) == 0;
	return false;
}

static void check_ascii_names(const struct looked_at *name)
{
	struct tries tries = {.name = name};

	must(!skeleton_ascii_keys(&name->skeleton, check_ascii_name, &tries));
	must(tries.count <= SKELETON_ASCII_NAMES);
	if (name->length > 0 && utf8_is_ascii(name->text, name->length) &&
		name->skeleton.count <= 128 && tries.count < SKELETON_ASCII_NAMES)
		must(tries.has_key);
}

/* The hashes that a store keeps, and looks for. */
static bool have_look_in_common(const struct looked_at *a, const struct looked_at *b)
{
	return (a->looks.shown != 0 && a->looks.shown == b->looks.shown) ||
	       (a->looks.small != 0 && a->looks.small == b->looks.small);
}

static void check_pair(const struct looked_at *a, const struct looked_at *b)
{
	bool is_pair = lookalike_is_pair(a->text, a->length, b->text, b->length);

	must(is_pair == lookalike_is_pair(b->text, b->length, a->text, a->length));
	if (!is_pair)
		return;
	must(a->lookalike != LOOKALIKE_NONE && b->lookalike != LOOKALIKE_NONE);
	must(a->lookalike == LOOKALIKE_OTHER || b->lookalike == LOOKALIKE_OTHER);
	must(have_look_in_common(a, b));
	must((lookalike_scripts(a->text, a->length) & lookalike_scripts(b->text, b->length)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	struct looked_at first, second;
	size_t first_length, second_length;
	const char *one = fuzz_take_text(&input, &first_length);
	const char *other = fuzz_take_text(&input, &second_length);

	if (!look_at_text(&first, one, first_length))
		return 0;
	if (first.has_skeleton) {
		check_composed_skeleton(&first);
		check_ascii_names(&first);
	}
	must(lookalike_scripts(one, first_length) >= 0);
	must((first.lookalike == LOOKALIKE_NONE) <= (first.looks.shown == 0));
	check_pair(&first, &first);
	if (look_at_text(&second, other, second_length))
		check_pair(&first, &second);
	return 0;
}
