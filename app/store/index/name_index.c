/*
 * The words of names in order: a B+ tree whose leaves hold entries of 6 bytes and nothing else. The
 * text of an entry is read from the user_table each time it is compared, which an addition does as
 * often as the number of words has bits.
 *
 * A list is loaded by sorting it once (name_sort) and building the tree from the leaves up. Nothing
 * is ever removed: user_index_settle() loads the order again when users were.
 */
#include "store/index/name_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/index/first_letters.h"
#include "store/index/name_sort.h"
#include "store/names/name_key.h"

#define LEAF_MOST   128 /* entries */
#define INNER_MOST  64  /* children */
#define MOST_LEVELS 16
#define LEAST_ROOM  1024 /* items */

struct name_leaf {
	struct name_leaf *previous;
	struct name_leaf *next;
	uint32_t count;
	uint32_t positions[LEAF_MOST]; /* of entries, */
	uint16_t words[LEAF_MOST];     /* and their other part */
};

union child {
	struct name_leaf *leaf;
	struct inner *inner;
};

/* A child has the names from its first on, up to the first of the next child. */
struct inner {
	uint32_t count;
	struct name_entry firsts[INNER_MOST]; /* the first entry of each child but the first */
	union child children[INNER_MOST];
};

struct name_index {
	const struct user_table *table;
	enum name_form form;
	union child root;
	size_t levels; /* of inner nodes, above the leaves */
	struct first_letters letters;
};

/* What to find the place of. */
struct target {
	const char *text;
	size_t length;
	uint64_t rank; /* its place among those with the same text */
	bool is_past;  /* its place is behind all that begin with this text */
};

/* The child that the way from the root takes at an inner node. */
struct step {
	struct inner *inner;
	size_t index;
};

struct name_index *name_index_open(const struct user_table *table, enum name_form form)
{
	struct name_index *order = memory_zeroed(sizeof(*order));

	order->table = table;
	order->form = form;
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

static struct name_entry entry_in(const struct name_leaf *leaf, size_t index)
{
	return (struct name_entry){.position = leaf->positions[index], .word = leaf->words[index]};
}

/* Whether the target stands before an entry. */
static bool is_before(
	const struct name_index *order, const struct target *target, const struct name_entry *entry)
{
	size_t length;
	const char *text = name_entry_text(order->table, order->form, entry, &length);
	bool is_beginning;
	int comparison =
		name_key_compare(target->text, target->length, text, length, &is_beginning);

	if (target->is_past && is_beginning)
		return false;
	if (comparison != 0)
		return comparison < 0;
	return !target->is_past && target->rank <= name_entry_rank(order->table, entry);
}

/* The child that has the target, or would have it. */
static size_t child_for(
	const struct name_index *order, const struct inner *inner, const struct target *target)
{
	size_t low = 1, high = inner->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (is_before(order, target, &inner->firsts[middle]))
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
		const struct name_entry entry = entry_in(leaf, middle);
		if (is_before(order, target, &entry))
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
	memcpy(half->words, leaf->words + leaf->count, half->count * sizeof(*half->words));
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

static void insert_child(
	struct inner *inner, size_t index, union child child, struct name_entry first)
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
static void raise_root(struct name_index *order, union child child, struct name_entry first)
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
	union child child, struct name_entry first)
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

static void insert_entry(struct name_leaf *leaf, size_t index, const struct name_entry *entry)
{
	size_t behind = leaf->count - index;

	memmove(leaf->positions + index + 1, leaf->positions + index,
		behind * sizeof(*leaf->positions));
	memmove(leaf->words + index + 1, leaf->words + index, behind * sizeof(*leaf->words));
	leaf->positions[index] = entry->position;
	leaf->words[index] = entry->word;
	leaf->count++;
}

static void add_entry(
	struct name_index *order, const struct target *target, const struct name_entry *entry)
{
	struct step way[MOST_LEVELS];
	struct name_leaf *leaf = leaf_for(order, target, way);

	if (leaf->count == LEAF_MOST) {
		struct name_leaf *half = split_leaf(leaf);
		add_child(
			order, way, order->levels, (union child){.leaf = half}, entry_in(half, 0));
		leaf = leaf_for(order, target, way);
	}
	insert_entry(leaf, index_for(order, leaf, target), entry);
}

void name_index_add(struct name_index *order, size_t position)
{
	struct name_entry entries[NAME_WORDS_MOST];
	char text[LIMIT_NAME_BASE];
	size_t length;
	size_t count = name_entries(order->table, position, order->form, text, &length, entries);

	for (size_t i = 0; i < count; i++) {
		size_t offset = name_entry_offset(&entries[i]);
		const struct target target = {.text = text + offset,
			.length = length - offset,
			.rank = name_entry_rank(order->table, &entries[i])};
		add_entry(order, &target, &entries[i]);
		first_letters_add(&order->letters, target.text, target.length);
	}
}

/* A node of the level that is being built, and the first entry in it. */
struct branch {
	union child node;
	struct name_entry first;
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
		insert_entry(leaf, i, &items[i].entry);
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
		struct name_entry first = branches[start].first;
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
		branches[i].first = count > 0 ? items[start].entry : (struct name_entry){0};
	}
	for (; parts > 1; order->levels++)
		parts = build_level(branches, parts);
	order->root = branches[0].node;
	free(branches);
}

/* Items of all words, with the beginnings of their texts. */
struct items {
	struct name_item *items;
	size_t count;
	size_t room;
};

static void append_items(struct items *items, struct name_index *order, size_t position)
{
	struct name_entry entries[NAME_WORDS_MOST];
	char text[LIMIT_NAME_BASE];
	size_t length;
	size_t count = name_entries(order->table, position, order->form, text, &length, entries);

	if (items->room - items->count < count) {
		items->room = items->room + items->room / 2 + LEAST_ROOM;
		items->items = memory_resized(items->items, items->room, sizeof(*items->items));
	}
	for (size_t i = 0; i < count; i++) {
		size_t offset = name_entry_offset(&entries[i]);
		items->items[items->count++] = name_item(&entries[i], text, length);
		first_letters_add(&order->letters, text + offset, length - offset);
	}
}

void name_index_load(struct name_index *order)
{
	struct items items = {0};

	free_nodes(order->root, order->levels);
	order->levels = 0;
	order->letters = (struct first_letters){0};
	for (size_t i = 0; i < user_table_count(order->table); i++)
		append_items(&items, order, i);
	name_sort(order->table, order->form, items.items, items.count);
	build_tree(order, items.items, items.count);
	free(items.items);
}

const char *name_index_letters(const struct name_index *order)
{
	return order->letters.text;
}

bool name_place_is(const struct name_place *place, const struct name_place *other)
{
	return place->leaf == other->leaf && place->index == other->index;
}

static struct name_place place_for(const struct name_index *order, const struct target *target)
{
	struct step way[MOST_LEVELS];
	const struct name_leaf *leaf = leaf_for(order, target, way);

	return (struct name_place){.leaf = leaf, .index = index_for(order, leaf, target)};
}

struct name_place name_index_seek(const struct name_index *order, const char *text, size_t length)
{
	return place_for(order, &(struct target){.text = text, .length = length});
}

struct name_place name_index_seek_past(
	const struct name_index *order, const char *text, size_t length)
{
	return place_for(order, &(struct target){.text = text, .length = length, .is_past = true});
}

struct name_place name_index_seek_entry(
	const struct name_index *order, const struct name_entry *entry)
{
	char text[LIMIT_NAME_BASE];
	size_t length;
	const char *kept = name_entry_text(order->table, order->form, entry, &length);

	name_key_lower(kept, length, text);
	return place_for(order, &(struct target){.text = text,
					.length = length,
					.rank = name_entry_rank(order->table, entry)});
}

bool name_index_next(struct name_place *place, struct name_entry *entry)
{
	if (place->index == place->leaf->count) {
		if (place->leaf->next == NULL)
			return false;
		*place = (struct name_place){.leaf = place->leaf->next};
	}
	*entry = entry_in(place->leaf, place->index++);
	return true;
}

/* Between two leaves the place is the end of the first of them, as for all others here. */
bool name_index_previous(struct name_place *place, struct name_entry *entry)
{
	if (place->index == 0)
		return false;
	*entry = entry_in(place->leaf, --place->index);
	if (place->index == 0 && place->leaf->previous != NULL)
		*place = (struct name_place){
			.leaf = place->leaf->previous, .index = place->leaf->previous->count};
	return true;
}
