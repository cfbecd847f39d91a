#ifndef ROLLCALL_STORE_INDEX_LOOKALIKES_H
#define ROLLCALL_STORE_INDEX_LOOKALIKES_H

#include <stdbool.h>

#include "store/index/user_index.h"
#include "store/names/username.h"
#include "store/user.h"

/*
 * Finds the user whose name looks like another one, of another script (lookalike.h). It knows the
 * few users whose names are not Latin and look like something else in every letter; it is empty for
 * most lists, and then costs a Latin name nothing. 16 to 32 bytes for each. Loop thread only.
 */
struct lookalikes;

struct lookalikes *lookalikes_open(void);
void lookalikes_close(struct lookalikes *lookalikes); /* NULL is fine */

/* To be called for every user, or none is found. One that is removed from the index later is not
 * found any more. */
void lookalikes_add(struct lookalikes *lookalikes, const struct user *user);

/* Whether a user of the index has a name that looks like this one; `holder` is filled in. A user
 * with a Latin name may not be found if very many Latin names look the same, as for "llllll": the
 * bounds are those of skeleton_latin_keys(). The name is accepted then. */
bool lookalikes_find(const struct lookalikes *lookalikes, const struct user_index *users,
	const struct username *username, struct user *holder) MUST_CHECK;

#endif
