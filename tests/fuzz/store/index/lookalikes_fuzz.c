/*
 * Users that come, go and are renamed, and the one whose name looks like another: found, and only
 * then, if one of all of them does.
 */
#include "store/index/lookalikes.h"

#include <string.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "fuzz/store/lettered_names.h"
#include "store/names/lookalike.h"
#include "store/names/skeleton.h"

#define USERS_MOST 40

/* The plain list beside the index. */
struct listed {
	struct username names[USERS_MOST];
	bool is_there[USERS_MOST]; /* the number of each is one more than its place */
	size_t count;
	struct user_index *users;
	struct lookalikes *lookalikes;
};

static struct user user_at(const struct listed *listed, size_t place)
{
	const struct username *name = &listed->names[place];

	return (struct user){.number = place + 1, .name = name->text, .name_length = name->length};
}

static bool has_key(const struct listed *listed, const struct username *name)
{
	for (size_t i = 0; i < listed->count; i++)
		if (listed->is_there[i] && listed->names[i].key_length == name->key_length &&
			memcmp(listed->names[i].key, name->key, name->key_length) == 0)
			return true;
	return false;
}

static void add_user(struct listed *listed, const struct username *name)
{
	if (listed->count == USERS_MOST || has_key(listed, name))
		return;
	listed->names[listed->count] = *name;
	listed->is_there[listed->count++] = true;
	const struct user user = user_at(listed, listed->count - 1);
	user_index_add(listed->users, &user, name->key, name->key_length);
	lookalikes_add(listed->lookalikes, &user, name->key, name->key_length);
}

static void remove_user(struct listed *listed, size_t place)
{
	const struct user user = user_at(listed, place);
	const struct username *name = &listed->names[place];

	if (!listed->is_there[place])
		return;
	lookalikes_remove(listed->lookalikes, &user, name->key, name->key_length);
	must(user_index_remove(listed->users, user.number));
	listed->is_there[place] = false;
}

static void rename_user(struct listed *listed, size_t place, const struct username *name)
{
	struct user user = user_at(listed, place);
	struct username *old = &listed->names[place];

	if (!listed->is_there[place] || has_key(listed, name))
		return;
	lookalikes_remove(listed->lookalikes, &user, old->key, old->key_length);
	*old = *name;
	user = user_at(listed, place);
	must(user_index_rename(listed->users, &user, name->key, name->key_length));
	lookalikes_add(listed->lookalikes, &user, name->key, name->key_length);
}

/* skeleton_key_cb */
static bool count_try(
	void *argument, const char *name, size_t length, const char *key, size_t key_length)
{
	size_t *count = argument;

	(void)name, (void)length, (void)key, (void)key_length;
	++*count;
	return false;
}

/* Whether all users in ASCII whose name could be meant are tried. */
static bool tries_all(const char *text, size_t length)
{
	struct skeleton skeleton;
	size_t count = 0;

	return skeleton_of(text, length, &skeleton) &&
	       !skeleton_ascii_keys(&skeleton, count_try, &count) && count < SKELETON_ASCII_NAMES;
}

/* Of users whose names look the same, the index knows eight. */
static size_t count_same_look(const struct listed *listed, const struct username *name)
{
	struct looks wanted =
		lookalike_looks(name->text, name->length, name->key, name->key_length, 1);
	size_t count = 0;

	for (size_t i = 0; i < USERS_MOST; i++) {
		const struct username *other = &listed->names[i];
		struct looks looks = lookalike_looks(
			other->text, other->length, other->key, other->key_length, 1);
		count += i < listed->count &&
			 (looks.shown == wanted.shown || looks.small == wanted.small);
	}
	return count;
}

static void check_found(const struct listed *listed, const struct username *name, uint64_t except)
{
	struct user holder;
	bool is_there = false;

	for (size_t i = 0; i < listed->count; i++)
		is_there |= listed->is_there[i] && i + 1 != except &&
			    lookalike_is_pair(name->text, name->length, listed->names[i].text,
				    listed->names[i].length);
	if (!lookalikes_find(listed->lookalikes, name, except, &holder)) {
		must(!is_there || count_same_look(listed, name) >= 8 ||
			!tries_all(name->text, name->length) ||
			!tries_all(name->key, name->key_length));
		return;
	}
	must(holder.number >= 1 && holder.number <= listed->count && holder.number != except);
	must(listed->is_there[holder.number - 1]);
	must(lookalike_is_pair(name->text, name->length, holder.name, holder.name_length));
}

static void run_steps(struct listed *listed, struct fuzz_input *input)
{
	while (input->length > 0) {
		struct username name;
		uint8_t step = fuzz_take_byte(input);
		size_t place = step / 4U % USERS_MOST;
		bool is_there = place < listed->count;
		if (step % 4 == 1) {
			if (is_there)
				remove_user(listed, place);
			continue;
		}
		if (!lettered_names_take(input, &name))
			continue;
		if (step % 4 == 0)
			add_user(listed, &name);
		else if (step % 4 == 2 && is_there)
			rename_user(listed, place, &name);
		check_found(listed, &name, is_there ? place + 1 : 0);
		check_found(listed, &name, 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length < 4096 ? length : 4096};
	static struct listed listed;

	listed.count = 0;
	listed.users = user_index_open();
	listed.lookalikes = lookalikes_open(listed.users);
	run_steps(&listed, &input);
	lookalikes_close(listed.lookalikes);
	user_index_close(listed.users);
	return 0;
}
