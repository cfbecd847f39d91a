/*
 * Which user keeps a name from being given to another one: a question to two indexes, asked of
 * every name before that.
 */
#include "store/index/name_holder.h"

enum result name_holder_find(const struct user_index *users, const struct lookalikes *lookalikes,
	const struct username *username, uint64_t except, struct user *holder)
{
	if (user_index_find(users, username->key, username->key_length, holder) &&
		holder->number != except)
		return RESULT_TAKEN;
	return lookalikes_find(lookalikes, username, except, holder) ? RESULT_ALIKE : RESULT_OK;
}
