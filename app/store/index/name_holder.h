#ifndef ROLLCALL_STORE_INDEX_NAME_HOLDER_H
#define ROLLCALL_STORE_INDEX_NAME_HOLDER_H

#include "base/result.h"
#include "store/index/lookalikes.h"
#include "store/index/user_index.h"
#include "store/names/username.h"

/* Whether a user other than that with the number `except` (0: none) is in the way of a name: has
 * it, RESULT_TAKEN, or one that looks like it, RESULT_ALIKE; `holder` is filled in. Else RESULT_OK.
 */
enum result name_holder_find(const struct user_index *users, const struct lookalikes *lookalikes,
	const struct username *username, uint64_t except, struct user *holder) MUST_CHECK;

#endif
