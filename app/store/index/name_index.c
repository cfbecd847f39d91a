/*
 * The words of names in order: a B+ tree whose leaves hold entries of 6 bytes and nothing else
 * (name_node). The text of an entry is read from the user_table each time it is compared, which an
 * addition does as often as the number of words has bits.
 *
 * A list is loaded by sorting it once (name_sort) and building the tree from that (name_build).
 *
 * An inner node has the first entry of each child but the first as it is in the leaf: its text is
 * in the user_table no longer than the user is. So a removal of that entry changes the inner node.
 */
#include "store/index/name_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/scratch.h"
#include "store/index/first_letters.h"
#include "store/index/name_build.h"
#include "store/index/name_node.h"
#include "store/index/name_sort.h"
#include "store/names/name_key.h"

#define MOST_LEVELS 16
#define LEAST_ROOM  1024            /* items */
#define MERGED_MOST (LEAF_MOST / 2) /* entries of two leaves that become one */

struct name_index {
	const struct user_table *table;
	enum name_form form;
	struct name_tree tree;
	struct first_letters letters;
};

/* What to find the place of. */
struct target {
	const char *text;
	size_t length;
	const struct name_entry *entry; /* with that text; NULL: the place before all of them */
	bool is_past;                   /* its place is behind all that begin with this text */
	bool is_behind;                 /* its place is behind the entry */
};

/* The child that the way from the root takes at an inner node. */
struct step {
	struct name_inner *inner;
	size_t index;
};

struct name_index *name_index_open(const struct user_table *table, enum name_form form)
{
	struct name_index *order = memory_zeroed(sizeof(*order));

	order->table = table;
	order->form = form;
	order->tree.root.leaf = memory_zeroed(sizeof(struct name_leaf));
	return order;
}

void name_index_close(struct name_index *order)
{
	if (order == NULL)
		return;
	name_tree_free(&order->tree);
	free(order);
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
	if (target->is_past)
		return false;
	if (target->entry == NULL)
		return true;
	uint64_t rank = name_entry_rank(order->table, target->entry);
	uint64_t other = name_entry_rank(order->table, entry);
	return target->is_behind ? rank < other : rank <= other;
}

/* The child that has the target, or would have it. */
static size_t child_for(
	const struct name_index *order, const struct name_inner *inner, const struct target *target)
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
	union name_node node = order->tree.root;

	for (size_t level = 0; level < order->tree.levels; level++) {
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
		const struct name_entry entry = name_leaf_entry(leaf, middle);
		if (is_before(order, target, &entry))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* A new root over the old one and what was split off it. */
static void raise_root(struct name_index *order, union name_node child, struct name_entry first)
{
	struct name_inner *root = memory_zeroed(sizeof(*root));

	root->children[0] = order->tree.root;
	root->count = 1;
	name_inner_insert(root, 1, child, first);
	order->tree.root.inner = root;
	order->tree.levels++;
}

/* Adds a node behind the one that it was split off, to the lowest of these inner nodes. One that is
 * full is split in its turn. */
static void add_child(struct name_index *order, const struct step *way, size_t levels,
	union name_node child, struct name_entry first)
{
	while (levels > 0) {
		struct name_inner *inner = way[levels - 1].inner;
		size_t index = way[levels - 1].index + 1;
		struct name_inner *half =
			inner->count == INNER_MOST ? name_inner_split(inner) : NULL;
		if (half != NULL && index > inner->count)
			name_inner_insert(half, index - inner->count, child, first);
		else
			name_inner_insert(inner, index, child, first);
		if (half == NULL)
			return;
		child.inner = half;
		first = half->firsts[0];
		levels--;
	}
	raise_root(order, child, first);
}

static void add_entry(struct name_index *order, const struct target *target)
{
	struct step way[MOST_LEVELS];
	struct name_leaf *leaf = leaf_for(order, target, way);

	if (leaf->count == LEAF_MOST) {
		struct name_leaf *half = name_leaf_split(leaf);
		add_child(order, way, order->tree.levels, (union name_node){.leaf = half},
			name_leaf_entry(half, 0));
		leaf = leaf_for(order, target, way);
	}
	name_leaf_insert(leaf, index_for(order, leaf, target), target->entry);
}

void name_index_add(struct name_index *order, size_t position)
{
	SCRATCH struct name_entry entries[NAME_WORDS_MOST];
	SCRATCH char text[LIMIT_NAME_BASE];
	size_t length;
	size_t count = name_entries(order->table, position, order->form, text, &length, entries);

	for (size_t i = 0; i < count; i++) {
		/* As it is kept: names are mostly written alike. */
		struct target target = {.entry = &entries[i]};
		target.text =
			name_entry_text(order->table, order->form, &entries[i], &target.length);
		add_entry(order, &target);
		first_letters_add(
			&order->letters, text + name_entry_offset(&entries[i]), target.length);
	}
}

/* Items of all words, with the beginnings of their texts. */
struct items {
	struct name_item *items;
	size_t count;
	size_t room;
};

static void append_items(struct items *items, struct name_index *order, size_t position)
{
	SCRATCH struct name_entry entries[NAME_WORDS_MOST];
	SCRATCH char text[LIMIT_NAME_BASE];
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

	name_tree_free(&order->tree);
	order->letters = (struct first_letters){0};
	for (size_t i = 0; (i = user_table_next(order->table, i)) < user_table_count(order->table);
		i++)
		append_items(&items, order, i);
	name_sort(order->table, order->form, items.items, items.count);
	order->tree = name_build(items.items, items.count);
	free(items.items);
}

const char *name_index_letters(const struct name_index *order)
{
	return order->letters.text;
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
	struct target target = {.entry = entry};

	target.text = name_entry_text(order->table, order->form, entry, &target.length);
	return place_for(order, &target);
}

/* The leaf's first entry is another one now: the inner node that has it as such is the lowest in
 * which the way does not take the first child. */
static void renew_first(const struct step *way, size_t levels, struct name_entry first)
{
	while (levels > 0 && way[levels - 1].index == 0)
		levels--;
	if (levels > 0)
		way[levels - 1].inner->firsts[way[levels - 1].index] = first;
}

/* Takes a child that is no more out of the lowest of these inner nodes; one that is left empty goes
 * as well. */
static void remove_child(struct name_index *order, const struct step *way, size_t levels)
{
	for (; levels > 0; levels--) {
		struct name_inner *inner = way[levels - 1].inner;
		size_t index = way[levels - 1].index;
		name_inner_remove(inner, index);
		if (inner->count > 0) {
			if (index == 0)
				renew_first(way, levels - 1, inner->firsts[0]);
			break;
		}
		assert(levels > 1); /* the root has two children at least */
		free(inner);
	}
	while (order->tree.levels > 0 && order->tree.root.inner->count == 1) {
		struct name_inner *root = order->tree.root.inner;
		order->tree.root = root->children[0];
		order->tree.levels--;
		free(root);
	}
}

/* After a removal from this leaf. An empty one goes, unless it is the only one. */
static void shrink_leaf(
	struct name_index *order, struct name_leaf *leaf, struct step way[static MOST_LEVELS])
{
	size_t levels = order->tree.levels;

	if (levels == 0)
		return;
	struct step *last = &way[levels - 1];
	if (leaf->count == 0) {
		name_leaf_free(leaf);
	} else if (last->index + 1 < last->inner->count &&
		   leaf->count + leaf->next->count <= MERGED_MOST) {
		name_leaf_merge(leaf);
		last->index++;
	} else {
		return;
	}
	remove_child(order, way, levels);
}

static void remove_entry(struct name_index *order, const struct target *target, size_t to)
{
	struct step way[MOST_LEVELS];
	struct name_leaf *leaf = leaf_for(order, target, way);
	size_t index = index_for(order, leaf, target) - 1;

	(void)to;

	name_leaf_remove(leaf, index);
	if (index == 0 && leaf->count > 0)
		renew_first(way, order->tree.levels, name_leaf_entry(leaf, 0));
	shrink_leaf(order, leaf, way);
}

static bool has_word(const struct name_index *order, const char *beginning, size_t length)
{
	struct name_place place = name_index_seek(order, beginning, length);
	struct name_entry entry;
	size_t text_length;

	if (!name_place_next(&place, &entry))
		return false;
	const char *text = name_entry_text(order->table, order->form, &entry, &text_length);
	return text_length >= length && name_key_is_lowered(beginning, length, text, length);
}

/* Of too many letters only the first were kept: there is room for the one behind them. */
static void find_next_letter(struct name_index *order)
{
	struct first_letters *letters = &order->letters;
	struct name_place place;
	struct name_entry entry;
	char last[UTF8_MOST];
	size_t length;

	if (!utf8_encode(&letters->points[letters->count - 1], 1, last, sizeof(last), &length))
		return;
	place = name_index_seek_past(order, last, length);
	while (letters->count < LIMIT_LETTERS_KEPT && name_place_next(&place, &entry)) {
		const char *text = name_entry_text(order->table, order->form, &entry, &length);
		first_letters_add(letters, text, length);
	}
}

/* The letter that a word begins with goes with the last such word. */
static void forget_letter(struct name_index *order, const char *word, size_t length)
{
	struct first_letters *letters = &order->letters;
	size_t letter = first_letters_length(word, length);

	if (letter == 0 || has_word(order, word, letter))
		return;
	bool was_full = letters->count == LIMIT_LETTERS_KEPT;
	first_letters_remove(letters, word, letter);
	if (was_full && letters->count < LIMIT_LETTERS_KEPT)
		find_next_letter(order);
}

/* It is the same entry, with the other position. */
static void move_entry(struct name_index *order, const struct target *target, size_t to)
{
	struct step way[MOST_LEVELS];
	struct name_leaf *leaf = leaf_for(order, target, way);
	size_t index = index_for(order, leaf, target) - 1;

	leaf->positions[index] = (uint32_t)to;
	if (index == 0)
		renew_first(way, order->tree.levels, name_leaf_entry(leaf, 0));
}

typedef void entry_cb(struct name_index *order, const struct target *target, size_t to);

static size_t for_each_entry(struct name_index *order, size_t position, entry_cb *change, size_t to,
	char text[static LIMIT_NAME_BASE], size_t *length,
	struct name_entry entries[static NAME_WORDS_MOST])
{
	size_t count = name_entries(order->table, position, order->form, text, length, entries);

	for (size_t i = 0; i < count; i++) {
		size_t offset = name_entry_offset(&entries[i]);
		const struct target target = {.text = text + offset,
			.length = *length - offset,
			.entry = &entries[i],
			.is_behind = true};
		change(order, &target, to);
	}
	return count;
}

void name_index_move(struct name_index *order, size_t from, size_t to)
{
	SCRATCH struct name_entry entries[NAME_WORDS_MOST];
	SCRATCH char text[LIMIT_NAME_BASE];
	size_t length;

	for_each_entry(order, from, move_entry, to, text, &length, entries);
}

void name_index_remove(struct name_index *order, size_t position)
{
	SCRATCH struct name_entry entries[NAME_WORDS_MOST];
	SCRATCH char text[LIMIT_NAME_BASE];
	size_t length;
	size_t count = for_each_entry(order, position, remove_entry, 0, text, &length, entries);

	for (size_t i = 0; i < count; i++) {
		size_t offset = name_entry_offset(&entries[i]);
		forget_letter(order, text + offset, length - offset);
	}
}
