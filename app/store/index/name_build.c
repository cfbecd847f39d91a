/*
 * Builds the tree of all names from the leaves up, level by level, each node as full as its
 * neighbours.
 */
#include "store/index/name_build.h"

#include <stdlib.h>

#include "base/memory.h"

/* A node of the level that is being built, and the first entry in it. */
struct branch {
	union name_node node;
	struct name_entry first;
};

/* Where part number `index` begins when so many are divided into equal `parts`. */
static size_t start_of_part(size_t count, size_t parts, size_t index)
{
	return count * index / parts;
}

/* Of the items from `start` to `end`. There may be none at all, and no array of them. */
static struct name_leaf *build_leaf(
	const struct name_item *items, size_t start, size_t end, struct name_leaf *previous)
{
	struct name_leaf *leaf = memory_zeroed(sizeof(*leaf));

	for (size_t i = start; i < end; i++)
		name_leaf_insert(leaf, i - start, &items[i].entry);
	leaf->previous = previous;
	if (previous != NULL)
		previous->next = leaf;
	return leaf;
}

static struct name_inner *build_inner(const struct branch *branches, size_t count)
{
	struct name_inner *inner = memory_zeroed(sizeof(*inner));

	for (size_t i = 0; i < count; i++)
		name_inner_insert(inner, i, branches[i].node, branches[i].first);
	return inner;
}

/* Replaces these branches by the level above them. Returns how many that has. */
static size_t build_level(struct branch *branches, size_t count)
{
	size_t parts = (count + INNER_MOST - 1) / INNER_MOST;

	for (size_t i = 0; i < parts; i++) {
		size_t start = start_of_part(count, parts, i),
		       end = start_of_part(count, parts, i + 1);
		struct name_entry first = branches[start].first;
		branches[i].node.inner = build_inner(branches + start, end - start);
		branches[i].first = first;
	}
	return parts;
}

struct name_tree name_build(const struct name_item *items, size_t count)
{
	size_t parts = (count + LEAF_MOST - 1) / LEAF_MOST;
	struct name_leaf *leaf = NULL;
	struct name_tree tree = {0};

	parts = parts > 0 ? parts : 1;
	struct branch *branches = memory_resized(NULL, parts, sizeof(*branches));
	for (size_t i = 0; i < parts; i++) {
		size_t start = start_of_part(count, parts, i),
		       end = start_of_part(count, parts, i + 1);
		leaf = build_leaf(items, start, end, leaf);
		branches[i].node.leaf = leaf;
		branches[i].first = count > 0 ? items[start].entry : (struct name_entry){0};
	}
	for (; parts > 1; tree.levels++)
		parts = build_level(branches, parts);
	tree.root = branches[0].node;
	free(branches);
	return tree;
}
