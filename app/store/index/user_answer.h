#ifndef ROLLCALL_STORE_INDEX_USER_ANSWER_H
#define ROLLCALL_STORE_INDEX_USER_ANSWER_H

#include "store/index/user_index.h"
#include "store/store.h"

/* Answers a question of store.h about the users of an index, before it returns. */
void user_answer(struct user_index *index, const struct store_view *view,
	const struct store_question *question, store_answered_cb *answered, void *argument);

/* As store_newer() has it. */
void user_answer_newer(const struct user_index *index, uint64_t position, struct user *found,
	size_t most, struct store_news *news);

#endif
