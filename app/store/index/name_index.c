/*
 * The users in the order of their names: a B+ tree whose leaves hold positions in the user_table
 * and nothing else, 4 to 8 bytes a user. A key is worked out from the name each time it is
 * compared, which an addition does as often as the number of users has bits.
 *
 * A list is loaded by sorting it once (name_sort) and building the tree from the leaves up. Nothing
 * is ever removed: user_index_settle() loads the order again when users were.
 */
#include "store/index/name_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/index/name_sort.h"
#include "store/names/name_key.h"

#define LEAF_MOST   128 /* positions */
#define INNER_MOST  64  /* children */
#define MOST_LEVELS 16

struct name_leaf {
	struct name_leaf *previous;
	struct name_leaf *next;
	uint32_t count;
	uint32_t positions[LEAF_MOST];
};

union child {
	struct name_leaf *leaf;
	struct inner *inner;
};

/* A child has the names from its first on, up to the first of the next child. */
struct inner {
	uint32_t count;
	uint32_t firsts[INNER_MOST]; /* the first position of each child but the first */
	union child children[INNER_MOST];
};

struct name_index {
	const struct user_table *table;
	union child root;
	size_t levels; /* of inner nodes, above the leaves */
};

/* What to find the place of. */
struct target {
	const char *key;
	size_t key_length;
	size_t position; /* its place among those with the same key */
	bool is_past;    /* its place is behind all keys that begin with this one */
};

/* The child that the way from the root takes at an inner node. */
struct step {
	struct inner *inner;
	size_t index;
};

struct name_index *name_index_open(const struct user_table *table)
{
	struct name_index *order = memory_zeroed(sizeof(*order));

	order->table = table;
	order->root.leaf = memory_zeroed(sizeof(struct name_leaf));
	return order;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, MOST_LEVELS */
static void free_nodes(union child node, size_t levels)
{
	if (levels == 0) {
		free(node.leaf);
		return;
	}
	for (size_t i = 0; i < node.inner->count; i++)
		free_nodes(node.inner->children[i], levels - 1);
	free(node.inner);
}

void name_index_close(struct name_index *order)
{
	if (order == NULL)
		return;
	free_nodes(order->root, order->levels);
	free(order);
}

/* Whether the target stands before the user at a position. */
static bool is_before(const struct name_index *order, const struct target *target, size_t position)
{
	size_t length;
	const char *kept = user_table_kept_key(order->table, position, &length);
	bool is_beginning;
	int comparison =
		name_key_compare(target->key, target->key_length, kept, length, &is_beginning);

	if (target->is_past && is_beginning)
		return false;
	if (comparison != 0)
		return comparison < 0;
	return !target->is_past && target->position <= position;
}

/* The child that has the target, or would have it. */
static size_t child_for(
	const struct name_index *order, const struct inner *inner, const struct target *target)
{
	size_t low = 1, high = inner->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (is_before(order, target, inner->firsts[middle]))
			high = middle;
		else
			low = middle + 1;
	}
	return low - 1;
}

static struct name_leaf *leaf_for(const struct name_index *order, const struct target *target,
	struct step way[static MOST_LEVELS])
{
	union child node = order->root;

	for (size_t level = 0; level < order->levels; level++) {
		size_t index = child_for(order, node.inner, target);
		way[level] = (struct step){.inner = node.inner, .index = index};
		node = node.inner->children[index];
	}
	return node.leaf;
}

static size_t index_for(
	const struct name_index *order, const struct name_leaf *leaf, const struct target *target)
{
	size_t low = 0, high = leaf->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (is_before(order, target, leaf->positions[middle]))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* Moves the second half of a node to a new one behind it. */
static struct name_leaf *split_leaf(struct name_leaf *leaf)
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
	return half;
}

static struct inner *split_inner(struct inner *inner)
{
	struct inner *half = memory_zeroed(sizeof(*half));
	uint32_t kept = inner->count / 2;

	half->count = inner->count - kept;
	memcpy(half->firsts, inner->firsts + kept, half->count * sizeof(*half->firsts));
	memcpy(half->children, inner->children + kept, half->count * sizeof(*half->children));
	inner->count = kept;
	return half;
}

static void insert_child(struct inner *inner, size_t index, union child child, uint32_t first)
{
	size_t behind = inner->count - index;

	memmove(inner->firsts + index + 1, inner->firsts + index, behind * sizeof(*inner->firsts));
	memmove(inner->children + index + 1, inner->children + index,
		behind * sizeof(*inner->children));
	inner->firsts[index] = first;
	inner->children[index] = child;
	inner->count++;
}

/* A new root over the old one and what was split off it. */
static void raise_root(struct name_index *order, union child child, uint32_t first)
{
	struct inner *root = memory_zeroed(sizeof(*root));

	root->children[0] = order->root;
	root->count = 1;
	insert_child(root, 1, child, first);
	order->root.inner = root;
	order->levels++;
}

/* Adds a node behind the one that it was split off, to the lowest of these inner nodes. One that is
 * full is split in its turn. */
static void add_child(struct name_index *order, const struct step *way, size_t levels,
	union child child, uint32_t first)
{
	while (levels > 0) {
		struct inner *inner = way[levels - 1].inner;
		size_t index = way[levels - 1].index + 1;
		struct inner *half = inner->count == INNER_MOST ? split_inner(inner) : NULL;
		if (half != NULL && index > inner->count)
			insert_child(half, index - inner->count, child, first);
		else
			insert_child(inner, index, child, first);
		if (half == NULL)
			return;
		child.inner = half;
		first = half->firsts[0];
		levels--;
	}
	raise_root(order, child, first);
}

void name_index_add(struct name_index *order, size_t position, const char *key, size_t key_length)
{
	const struct target target = {.key = key, .key_length = key_length, .position = position};
	struct step way[MOST_LEVELS];

	struct name_leaf *leaf = leaf_for(order, &target, way);
	if (leaf->count == LEAF_MOST) {
		struct name_leaf *half = split_leaf(leaf);
		add_child(
			order, way, order->levels, (union child){.leaf = half}, half->positions[0]);
		leaf = leaf_for(order, &target, way);
	}
	size_t index = index_for(order, leaf, &target);
	memmove(leaf->positions + index + 1, leaf->positions + index,
		(leaf->count - index) * sizeof(*leaf->positions));
	leaf->positions[index] = (uint32_t)position;
	leaf->count++;
}

/* A node of the level that is being built, and the first position in it. */
struct branch {
	union child node;
	uint32_t first;
};

/* Where part number `index` begins when so many are divided into equal `parts`. */
static size_t start_of_part(size_t count, size_t parts, size_t index)
{
	return count * index / parts;
}

static struct name_leaf *build_leaf(
	const struct name_item *items, size_t count, struct name_leaf *previous)
{
	struct name_leaf *leaf = memory_zeroed(sizeof(*leaf));

	for (size_t i = 0; i < count; i++)
		leaf->positions[i] = items[i].position;
	leaf->count = (uint32_t)count;
	leaf->previous = previous;
	if (previous != NULL)
		previous->next = leaf;
	return leaf;
}

static struct inner *build_inner(const struct branch *branches, size_t count)
{
	struct inner *inner = memory_zeroed(sizeof(*inner));

	for (size_t i = 0; i < count; i++)
		insert_child(inner, i, branches[i].node, branches[i].first);
	return inner;
}

/* Replaces these branches by the level above them. Returns how many that has. */
static size_t build_level(struct branch *branches, size_t count)
{
	size_t parts = (count + INNER_MOST - 1) / INNER_MOST;

	for (size_t i = 0; i < parts; i++) {
		size_t start = start_of_part(count, parts, i),
		       end = start_of_part(count, parts, i + 1);
		uint32_t first = branches[start].first;
		branches[i].node.inner = build_inner(branches + start, end - start);
		branches[i].first = first;
	}
	return parts;
}

static void build_tree(struct name_index *order, const struct name_item *items, size_t count)
{
	size_t parts = (count + LEAF_MOST - 1) / LEAF_MOST;
	struct name_leaf *leaf = NULL;

	parts = parts > 0 ? parts : 1;
	struct branch *branches = memory_resized(NULL, parts, sizeof(*branches));
	for (size_t i = 0; i < parts; i++) {
		size_t start = start_of_part(count, parts, i),
		       end = start_of_part(count, parts, i + 1);
		leaf = build_leaf(items + start, end - start, leaf);
		branches[i].node.leaf = leaf;
		branches[i].first = count > 0 ? items[start].position : 0;
	}
	for (; parts > 1; order->levels++)
		parts = build_level(branches, parts);
	order->root = branches[0].node;
	free(branches);
}

/* An item for every user. */
static struct name_item *make_items(const struct user_table *table)
{
	size_t count = user_table_count(table);
	struct name_item *items = memory_resized(NULL, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = name_item(table, i);
	return items;
}

void name_index_load(struct name_index *order)
{
	size_t count = user_table_count(order->table);
	struct name_item *items = make_items(order->table);

	free_nodes(order->root, order->levels);
	order->levels = 0;
	name_sort(order->table, items, count);
	build_tree(order, items, count);
	free(items);
}

static struct name_place place_for(const struct name_index *order, const struct target *target)
{
	struct step way[MOST_LEVELS];
	const struct name_leaf *leaf = leaf_for(order, target, way);

	return (struct name_place){.leaf = leaf, .index = index_for(order, leaf, target)};
}

struct name_place name_index_seek(
	const struct name_index *order, const char *key, size_t key_length)
{
	return place_for(order, &(struct target){.key = key, .key_length = key_length});
}

struct name_place name_index_seek_position(const struct name_index *order, size_t position)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length = user_table_key(order->table, position, key);

	return place_for(order,
		&(struct target){.key = key, .key_length = key_length, .position = position});
}

struct name_place name_index_seek_past(
	const struct name_index *order, const char *key, size_t key_length)
{
	return place_for(
		order, &(struct target){.key = key, .key_length = key_length, .is_past = true});
}

bool name_index_next(struct name_place *place, size_t *position)
{
	if (place->index == place->leaf->count) {
		if (place->leaf->next == NULL)
			return false;
		*place = (struct name_place){.leaf = place->leaf->next};
	}
	*position = place->leaf->positions[place->index++];
	return true;
}

bool name_index_previous(struct name_place *place, size_t *position)
{
	if (place->index == 0) {
		if (place->leaf->previous == NULL)
			return false;
		place->leaf = place->leaf->previous;
		place->index = place->leaf->count;
	}
	*position = place->leaf->positions[--place->index];
	return true;
}
