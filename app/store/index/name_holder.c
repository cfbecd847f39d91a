/*
 * Which user keeps a name from being given to another one: a question to two indexes, asked of
 * every name before that.
 */
#include "store/index/name_holder.h"

/* Lists that were made with older tables of Unicode may have two users with the same key. */
static bool is_key_of_another(const struct user_index *users, const struct username *username,
	uint64_t except, struct user *holder)
{
	struct user found[2];

	if (!user_index_find(users, username->key, username->key_length, holder))
		return false;
	if (holder->number != except)
		return true;
	size_t count = user_index_find_all(users, username->key, username->key_length, found, 2);
	for (size_t i = 0; i < count && i < 2; i++) {
		if (found[i].number != except) {
			*holder = found[i];
			return true;
		}
	}
	return false;
}

enum result name_holder_find(const struct user_index *users, const struct lookalikes *lookalikes,
	const struct username *username, uint64_t except, struct user *holder)
{
	if (is_key_of_another(users, username, except, holder))
		return RESULT_TAKEN;
	return lookalikes_find(lookalikes, username, except, holder) ? RESULT_ALIKE : RESULT_OK;
}
