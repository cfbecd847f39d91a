/*
 * Nodes of the tree of names. A leaf has the parts of its entries in two arrays: an entry takes 6
 * bytes in these, and would take 8 as a struct.
 */
#include "store/index/name_node.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void name_leaf_insert(struct name_leaf *leaf, size_t index, const struct name_entry *entry)
{
	size_t behind = leaf->count - index;

	memmove(leaf->positions + index + 1, leaf->positions + index,
		behind * sizeof(*leaf->positions));
	memmove(leaf->words + index + 1, leaf->words + index, behind * sizeof(*leaf->words));
	leaf->positions[index] = entry->position;
	leaf->words[index] = entry->word;
	leaf->count++;
}

void name_inner_insert(
	struct name_inner *inner, size_t index, union name_node child, struct name_entry first)
{
	size_t behind = inner->count - index;

	memmove(inner->firsts + index + 1, inner->firsts + index, behind * sizeof(*inner->firsts));
	memmove(inner->children + index + 1, inner->children + index,
		behind * sizeof(*inner->children));
	inner->firsts[index] = first;
	inner->children[index] = child;
	inner->count++;
}

void name_leaf_remove(struct name_leaf *leaf, size_t index)
{
	size_t behind = leaf->count - index - 1;

	memmove(leaf->positions + index, leaf->positions + index + 1,
		behind * sizeof(*leaf->positions));
	memmove(leaf->words + index, leaf->words + index + 1, behind * sizeof(*leaf->words));
	leaf->count--;
}

void name_inner_remove(struct name_inner *inner, size_t index)
{
	size_t behind = inner->count - index - 1;

	memmove(inner->firsts + index, inner->firsts + index + 1, behind * sizeof(*inner->firsts));
	memmove(inner->children + index, inner->children + index + 1,
		behind * sizeof(*inner->children));
	inner->count--;
}

void name_leaf_free(struct name_leaf *leaf)
{
	if (leaf->previous != NULL)
		leaf->previous->next = leaf->next;
	if (leaf->next != NULL)
		leaf->next->previous = leaf->previous;
	free(leaf);
}

void name_leaf_merge(struct name_leaf *leaf)
{
	struct name_leaf *other = leaf->next;

	memcpy(leaf->positions + leaf->count, other->positions,
		other->count * sizeof(*other->positions));
	memcpy(leaf->words + leaf->count, other->words, other->count * sizeof(*other->words));
	leaf->count += other->count;
	name_leaf_free(other);
}

struct name_leaf *name_leaf_split(struct name_leaf *leaf)
{
	struct name_leaf *half = memory_zeroed(sizeof(*half));

	half->previous = leaf;
	half->next = leaf->next;
	leaf->next = half;
	if (half->next != NULL)
		half->next->previous = half;
	half->count = leaf->count / 2;
	leaf->count -= half->count;
	memcpy(half->positions, leaf->positions + leaf->count,
		half->count * sizeof(*half->positions));
	memcpy(half->words, leaf->words + leaf->count, half->count * sizeof(*half->words));
	return half;
}

struct name_inner *name_inner_split(struct name_inner *inner)
{
	struct name_inner *half = memory_zeroed(sizeof(*half));
	uint32_t kept = inner->count / 2;

	half->count = inner->count - kept;
	memcpy(half->firsts, inner->firsts + kept, half->count * sizeof(*half->firsts));
	memcpy(half->children, inner->children + kept, half->count * sizeof(*half->children));
	inner->count = kept;
	return half;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, MOST_LEVELS */
static void free_nodes(union name_node node, size_t levels)
{
	if (levels == 0) {
		free(node.leaf);
		return;
	}
	for (size_t i = 0; i < node.inner->count; i++)
		free_nodes(node.inner->children[i], levels - 1);
	free(node.inner);
}

void name_tree_free(struct name_tree *tree)
{
	free_nodes(tree->root, tree->levels);
}
