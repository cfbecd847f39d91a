#ifndef ROLLCALL_STORE_INDEX_NAME_BUILD_H
#define ROLLCALL_STORE_INDEX_NAME_BUILD_H

#include <stddef.h>

#include "store/index/name_node.h"
#include "store/index/name_sort.h"

/* A tree of words that are sorted. Without any, it has one empty leaf. */
struct name_tree name_build(const struct name_item *items, size_t count);

#endif
