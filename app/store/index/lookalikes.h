#ifndef ROLLCALL_STORE_INDEX_LOOKALIKES_H
#define ROLLCALL_STORE_INDEX_LOOKALIKES_H

#include <stdbool.h>

#include "store/index/user_index.h"
#include "store/names/username.h"
#include "store/user.h"

/*
 * Finds the user whose name looks like another one, of another script (lookalike.h). It knows the
 * users whose names can, but for those in ASCII: 4 % of names in Cyrillic, 9 % of those in Greek
 * (of 7,000 names that people have), and of the Latin ones those with accents all of whose letters
 * look like others. Each takes 16 to 43 bytes, or twice that, besides 32 KB for all. It grows in
 * small pieces, so that no single addition is slow. Loop thread only.
 *
 * Of users whose names look the same, as names of one script may, it knows eight: enough to refuse
 * another one. When all eight are removed or renamed, a ninth is found from the next start on.
 */
struct lookalikes;

/* The index has to stay open. */
struct lookalikes *lookalikes_open(const struct user_index *users);
void lookalikes_close(struct lookalikes *lookalikes); /* NULL is fine */

/* To be called for every user of the index, or none is found. The key is name_key_fold() of the
 * name. */
void lookalikes_add(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length);

/* To be called for a user that is removed from the index, or renamed, with its old name. */
void lookalikes_remove(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length);

/* Whether a user of the index other than that with the number `except` (0: none) has a name that
 * looks like this one; `holder` is filled in. A user
 * with a name in ASCII may not be found if very many of those look the same, as for "llllll": the
 * bound is that of skeleton_ascii_keys(). The name is accepted then. */
bool lookalikes_find(const struct lookalikes *lookalikes, const struct username *username,
	uint64_t except, struct user *holder) MUST_CHECK;

#endif
