#ifndef ROLLCALL_STORE_INDEX_NAME_NODE_H
#define ROLLCALL_STORE_INDEX_NAME_NODE_H

#include <stddef.h>
#include <stdint.h>

#include "store/index/name_entry.h"

/* The nodes of the B+ tree of a name_index. Inserting needs room. */

#define LEAF_MOST  128 /* entries */
#define INNER_MOST 64  /* children */

struct name_leaf {
	struct name_leaf *previous;
	struct name_leaf *next;
	uint32_t count;
	uint32_t positions[LEAF_MOST]; /* of entries, */
	uint16_t words[LEAF_MOST];     /* and their other part */
};

union name_node {
	struct name_leaf *leaf;
	struct name_inner *inner;
};

/* A child has the names from its first on, up to the first of the next child. */
struct name_inner {
	uint32_t count;
	struct name_entry firsts[INNER_MOST]; /* the first entry of each child but the first */
	union name_node children[INNER_MOST];
};

struct name_tree {
	union name_node root;
	size_t levels; /* of inner nodes, above the leaves */
};

static inline struct name_entry name_leaf_entry(const struct name_leaf *leaf, size_t index)
{
	return (struct name_entry){.position = leaf->positions[index], .word = leaf->words[index]};
}

void name_leaf_insert(struct name_leaf *leaf, size_t index, const struct name_entry *entry);
void name_inner_insert(
	struct name_inner *inner, size_t index, union name_node child, struct name_entry first);

void name_leaf_remove(struct name_leaf *leaf, size_t index);
void name_inner_remove(struct name_inner *inner, size_t index);

/* Moves all entries of the leaf behind this one to its end, and frees that. */
void name_leaf_merge(struct name_leaf *leaf);

/* Frees an empty leaf, which has neighbours. */
void name_leaf_free(struct name_leaf *leaf);

/* Moves the second half of a node to a new one behind it. Of an inner node, that has as `firsts[0]`
 * what the node had there. */
struct name_leaf *name_leaf_split(struct name_leaf *leaf);
struct name_inner *name_inner_split(struct name_inner *inner);

/* Frees all nodes. */
void name_tree_free(struct name_tree *tree);

#endif
