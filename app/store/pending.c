/*
 * The queue has the first create for each name, and a first one has those that wait for its
 * outcome. A table of buckets finds the first for a name: until it is told, since a name that is on
 * its way to the disk is not in the store yet, and must not be stored twice. It also finds the
 * oldest of those that wait for another name: so a name takes one seat, however often it was sent.
 * Its spellings can look like different names: then each of those has one that waits with a seat.
 *
 * Names that look alike have different keys, and lie in different buckets. They are rare: all
 * buckets are looked through for them, and only while a name is under way that could be one of a
 * pair.
 *
 * A first create that was taken cannot be taken back: cancelled, it loses its callback and goes on.
 */
#include "store/pending.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/scratch.h"
#include "store/names/name_key.h"

#define BUCKETS 1024

struct pending {
	struct pending_batch queue; /* firsts that are not taken yet */
	size_t count;
	size_t names;  /* firsts among them, and those that wait for another name */
	size_t others; /* of them, those that are LOOKALIKE_OTHER */
	bool is_to_sift;
	LIST_HEAD(bucket, pending_create) buckets[BUCKETS];
};

struct pending *pending_open(void)
{
	struct pending *pending = memory_zeroed(sizeof(*pending));

	TAILQ_INIT(&pending->queue); /* lists begin as zeros */
	return pending;
}

void pending_close(struct pending *pending)
{
	free(pending);
}

size_t pending_count(const struct pending *pending)
{
	return pending->count;
}

size_t pending_names(const struct pending *pending)
{
	return pending->names;
}

bool pending_is_queued(const struct pending *pending)
{
	return !TAILQ_EMPTY(&pending->queue);
}

static struct bucket *bucket_of(struct pending *pending, const char *key, size_t key_length)
{
	return &pending->buckets[XXH3_64bits(key, key_length) % BUCKETS];
}

static bool has_same_key(const struct pending_create *create, const char *key, size_t key_length)
{
	return create->key_length == key_length && memcmp(create->key, key, key_length) == 0;
}

static void take_seat(struct pending *pending, struct pending_create *create)
{
	LIST_INSERT_HEAD(bucket_of(pending, create->key, create->key_length), create, bucket);
	create->has_seat = true;
	pending->names += create->state != PENDING_SETTLED;
}

static void leave_seat(struct pending *pending, struct pending_create *create)
{
	if (!create->has_seat)
		return;
	LIST_REMOVE(create, bucket);
	create->has_seat = false;
	pending->names -= create->state != PENDING_SETTLED;
}

/* A name that is settled is in the bucket until it is told. */
bool pending_has(struct pending *pending, const struct username *username)
{
	const struct bucket *bucket = bucket_of(pending, username->key, username->key_length);
	struct pending_create *create;

	LIST_FOREACH (create, bucket, bucket) {
		if (has_same_key(create, username->key, username->key_length))
			return true;
	}
	return false;
}

static void look_at(struct pending_create *create)
{
	if (!create->has_looks)
		create->looks = lookalike_looks(
			create->name, create->name_length, create->key, create->key_length, 0);
	create->has_looks = true;
}

static bool is_pair(struct pending_create *a, struct pending_create *b)
{
	look_at(a);
	look_at(b);
	return ((a->looks.shown != 0 && a->looks.shown == b->looks.shown) ||
		       (a->looks.small != 0 && a->looks.small == b->looks.small)) &&
	       lookalike_is_pair(a->name, a->name_length, b->name, b->name_length);
}

/* The first that has the name of `create`; else one that looks like it and that another create of
 * the name waits for already; else NULL. */
static struct pending_create *find_same(struct pending *pending, struct pending_create *create)
{
	const struct bucket *bucket = bucket_of(pending, create->key, create->key_length);
	struct pending_create *other, *first = NULL;

	LIST_FOREACH (other, bucket, bucket) {
		if (!has_same_key(other, create->key, create->key_length))
			continue;
		if (other->first == NULL)
			return other;
		if (is_pair(other->first, create))
			first = other->first;
	}
	return first;
}

/* The first whose name looks like that of `create`, or NULL. */
static struct pending_create *find_alike(struct pending *pending, struct pending_create *create)
{
	size_t others = pending->others - (create->lookalike == LOOKALIKE_OTHER);
	struct pending_create *first;

	if (create->lookalike == LOOKALIKE_NONE ||
		(create->lookalike == LOOKALIKE_LATIN && others == 0))
		return NULL;
	for (size_t i = 0; i < BUCKETS; i++) {
		LIST_FOREACH (first, &pending->buckets[i], bucket) {
			if (first->first == NULL && first->lookalike != LOOKALIKE_NONE &&
				is_pair(first, create))
				return first;
		}
	}
	return NULL;
}

/* With no more room than the name needs: there are as many of these as requests that wait. */
static struct pending_create *copy_username(const struct username *username)
{
	struct pending_create *create =
		memory_resized(NULL, 1, sizeof(*create) + username->length + username->key_length);
	char *key = create->bytes + username->length;

	*create = (struct pending_create){.name = create->bytes,
		.name_length = username->length,
		.key = key,
		.key_length = username->key_length,
		.lookalike = username->lookalike};
	memcpy(create->bytes, username->text, username->length);
	memcpy(key, username->key, username->key_length);
	TAILQ_INIT(&create->waiting);
	return create;
}

/* Behind the create that it has to wait for; or as a first, into the queue before `place`, NULL: at
 * its end. */
static void enqueue(
	struct pending *pending, struct pending_create *create, struct pending_create *place)
{
	create->first = find_same(pending, create);
	if (create->first == NULL) {
		create->first = find_alike(pending, create);
		take_seat(pending, create);
	}
	if (create->first != NULL)
		TAILQ_INSERT_TAIL(&create->first->waiting, create, next);
	else if (place != NULL)
		TAILQ_INSERT_BEFORE(place, create, next);
	else
		TAILQ_INSERT_TAIL(&pending->queue, create, next);
}

struct pending_create *pending_add(struct pending *pending, const struct username *username,
	store_outcome_cb *created, void *argument)
{
	struct pending_create *create = copy_username(username);

	create->created = created;
	create->argument = argument;
	pending->count++;
	pending->others += create->lookalike == LOOKALIKE_OTHER;
	enqueue(pending, create, NULL);
	return create;
}

static bool is_like(struct pending_create *create, struct pending_create *other)
{
	return has_same_key(create, other->key, other->key_length) ||
	       (create->lookalike != LOOKALIKE_NONE && other->lookalike != LOOKALIKE_NONE &&
		       is_pair(create, other));
}

bool pending_has_like(struct pending *pending, const struct username *username)
{
	if (pending_has(pending, username))
		return true;
	struct pending_create *asked = copy_username(username);
	bool has_like = false;

	for (size_t i = 0; i < BUCKETS && !has_like && username->lookalike != LOOKALIKE_NONE; i++) {
		struct pending_create *create;
		LIST_FOREACH (create, &pending->buckets[i], bucket)
			has_like |= is_like(create, asked);
	}
	free(asked);
	return has_like;
}

static void settle(struct pending *pending, struct pending_create *create)
{
	if (create->state != PENDING_SETTLED) {
		pending->count--;
		pending->names -= create->has_seat;
		pending->others -= create->lookalike == LOOKALIKE_OTHER;
	}
	create->state = PENDING_SETTLED;
}

static void forget(struct pending *pending, struct pending_create *create)
{
	settle(pending, create);
	free(create);
}

/* Takes a first out of the queue. Those that waited for it are looked at again, in their order: the
 * next for the same name takes its place, unless it has to wait for a name that looks like its own.
 */
static void remove_first(struct pending *pending, struct pending_create *create)
{
	struct pending_create *other;

	leave_seat(pending, create);
	while ((other = TAILQ_FIRST(&create->waiting)) != NULL) {
		TAILQ_REMOVE(&create->waiting, other, next);
		leave_seat(pending, other);
		enqueue(pending, other, create);
		pending->is_to_sift |= other->first == NULL;
	}
	TAILQ_REMOVE(&pending->queue, create, next);
}

/* Takes off a create that waits. Its seat, if it has one, goes to the next for the same name, which
 * waits for the same first. */
static void remove_waiting(struct pending *pending, struct pending_create *create)
{
	struct pending_create *other = create;

	while (create->has_seat && (other = TAILQ_NEXT(other, next)) != NULL) {
		if (has_same_key(other, create->key, create->key_length)) {
			leave_seat(pending, create);
			take_seat(pending, other);
		}
	}
	leave_seat(pending, create);
	TAILQ_REMOVE(&create->first->waiting, create, next);
}

void pending_cancel(struct pending *pending, struct pending_create *create)
{
	if (create->first == NULL && create->state != PENDING_WAITING) {
		create->created = NULL;
		return;
	}
	if (create->first != NULL)
		remove_waiting(pending, create);
	else
		remove_first(pending, create);
	forget(pending, create);
}

void pending_take(struct pending *pending, struct pending_batch *batch)
{
	struct pending_create *create;

	TAILQ_FOREACH (create, &pending->queue, next)
		create->state = PENDING_TAKEN;
	TAILQ_CONCAT(batch, &pending->queue, next);
}

struct pending_create *pending_take_first(struct pending *pending, struct pending_batch *batch)
{
	struct pending_create *create = TAILQ_FIRST(&pending->queue);

	if (create == NULL)
		return NULL;
	create->state = PENDING_TAKEN;
	TAILQ_REMOVE(&pending->queue, create, next);
	TAILQ_INSERT_TAIL(batch, create, next);
	return create;
}

void pending_settle(struct pending *pending, const struct pending_batch *batch)
{
	struct pending_create *create, *other;

	TAILQ_FOREACH (create, batch, next) {
		settle(pending, create);
		TAILQ_FOREACH (other, &create->waiting, next)
			settle(pending, other);
	}
}

struct user pending_user(const struct pending_create *create)
{
	return (struct user){.number = create->number,
		.created = create->time,
		.name = create->name,
		.name_length = create->name_length};
}

static void tell_create(struct pending_create *create, enum result result, const struct user *user)
{
	if (create->created != NULL)
		create->created(create->argument, result, user);
}

/* Of a create that waited for one that is stored. */
static enum result refusal_of(
	const struct pending_create *create, const struct pending_create *other)
{
	return has_same_key(create, other->key, other->key_length) ? RESULT_TAKEN : RESULT_ALIKE;
}

/* A callback may cancel others, but only those that still wait: each is taken off before it is
 * told. It may begin another create for one of the names, which waits for none of these. */
void pending_finish(struct pending *pending, struct pending_create *create, enum result result,
	const struct user *user)
{
	struct pending_create *other;

	leave_seat(pending, create);
	TAILQ_FOREACH (other, &create->waiting, next)
		leave_seat(pending, other);
	tell_create(create, result, user);
	while ((other = TAILQ_FIRST(&create->waiting)) != NULL) {
		TAILQ_REMOVE(&create->waiting, other, next);
		tell_create(other, result == RESULT_OK ? refusal_of(create, other) : result, user);
		forget(pending, other);
	}
	forget(pending, create);
}

/* RESULT_OK: the user keeps nobody from the name of this create. */
static enum result refusal_by(const struct pending_create *create, const struct user *holder)
{
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (name_key_fold(holder->name, holder->name_length, key, &key_length) == RESULT_OK &&
		has_same_key(create, key, key_length))
		return RESULT_TAKEN;
	return create->lookalike != LOOKALIKE_NONE &&
			       lookalike_is_pair(create->name, create->name_length, holder->name,
				       holder->name_length)
		       ? RESULT_ALIKE
		       : RESULT_OK;
}

/* Those that go on are in the queue before the first is told, as a callback may cancel them. */
void pending_refuse(struct pending *pending, struct pending_create *create, enum result result,
	const struct user *holder)
{
	struct pending_create *other, *next;

	leave_seat(pending, create);
	TAILQ_FOREACH (other, &create->waiting, next)
		leave_seat(pending, other);
	for (other = TAILQ_FIRST(&create->waiting); other != NULL; other = next) {
		next = TAILQ_NEXT(other, next);
		if (refusal_by(other, holder) == RESULT_OK) {
			TAILQ_REMOVE(&create->waiting, other, next);
			enqueue(pending, other, NULL);
		}
	}
	tell_create(create, result, holder);
	while ((other = TAILQ_FIRST(&create->waiting)) != NULL) {
		TAILQ_REMOVE(&create->waiting, other, next);
		tell_create(other, refusal_by(other, holder), holder);
		forget(pending, other);
	}
	forget(pending, create);
}

/* All are off the queue before the first is told: its callback may begin and cancel others. */
static void sift_queue(struct pending *pending, pending_holder_cb *holder_of, void *argument)
{
	struct pending_batch held = TAILQ_HEAD_INITIALIZER(held);
	struct pending_create *create = TAILQ_FIRST(&pending->queue), *kept = NULL;
	struct user holder;

	while (create != NULL) {
		if (holder_of(argument, create, &holder) == RESULT_OK) {
			kept = create;
		} else {
			remove_first(pending, create);
			settle(pending, create);
			TAILQ_INSERT_TAIL(&held, create, next);
		}
		create = kept != NULL ? TAILQ_NEXT(kept, next) : TAILQ_FIRST(&pending->queue);
	}
	pending->is_to_sift = false;
	while ((create = TAILQ_FIRST(&held)) != NULL) {
		TAILQ_REMOVE(&held, create, next);
		enum result result = holder_of(argument, create, &holder);
		pending_finish(pending, create, result, &holder);
	}
}

void pending_want_sift(struct pending *pending)
{
	pending->is_to_sift = true;
}

void pending_sift(struct pending *pending, pending_holder_cb *holder_of, void *argument)
{
	while (pending->is_to_sift)
		sift_queue(pending, holder_of, argument);
}
