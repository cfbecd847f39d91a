#ifndef ROLLCALL_STORE_REFUSED_ROW_H
#define ROLLCALL_STORE_REFUSED_ROW_H

#include <stdint.h>

#include "base/reason.h"
#include "store/names/username.h"
#include "store/user.h"

/* Why a row of a list that is imported is refused, in the words of an operator: the same whether
 * the list goes into the file or to the server that has it. */

/* The name is none. Of `username`, it reads what username_parse() sets for the problem. */
void refused_row_name(
	struct reason *reason, enum username_problem problem, const struct username *username);

/* The name is another user's (RESULT_TAKEN), or looks like that of one (RESULT_ALIKE). A holder
 * without a number comes earlier in the list, on this line (0: it is not known). */
void refused_row_held(
	struct reason *reason, enum result result, const struct user *holder, uint64_t line);

#endif
