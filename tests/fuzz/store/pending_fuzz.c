/*
 * Creates that come, wait for each other, are cancelled, taken, stored or refused, in any order:
 * each is told once and only once, with an outcome that fits the user it names, and no two names
 * that are the same or look alike are on their way together. So it is for both kinds of stores: one
 * that knows its users, and one whose server judges each create.
 */
#include "store/pending.h"

#include <string.h>

#include "fuzz/fuzz.h"
#include "store/names/lookalike.h"

#define ASKERS_MOST 64
#define HELD_MOST   (2 * ASKERS_MOST)

/* Several spellings of a few names, and names that look like them. */
static const char *const spelled[] = {"Cop", "cop", "COP", "\u0421\u043e\u0440",
	"\u0441\u043e\u0440", "\u0421\u041e\u0420", "\u0410\u041d\u041d\u0410",
	"\u0430\u043d\u043d\u0430", "AHHA", "ahha", "alice", "ALICE", "\uff41lice", "bob",
	"\u0397\u0395", "HE", "he", "\u041d\u0415", "\u03bf\u03c1", "\u043e\u0440", "op",
	"\u04bb\u0435"};

#define SPELLED (sizeof(spelled) / sizeof(*spelled))

/* Of each of them, and of each two: worked out once, as it takes long. A name is its place here. */
static struct username usernames[SPELLED];
static bool are_same[SPELLED][SPELLED];
static bool are_alike[SPELLED][SPELLED];

enum asker_state { ASKER_NONE, ASKER_WAITS, ASKER_TOLD, ASKER_CANCELLED };

struct world;

/* A caller. */
struct asker {
	struct world *world;
	size_t name;
	struct pending_create *create;
	enum asker_state state;
	bool is_taken; /* it is in the batch */
};

struct world {
	struct pending *pending;
	struct fuzz_input *input;
	bool is_judged; /* by a server, when a batch ends: nothing is looked up before */
	struct asker askers[ASKERS_MOST];
	size_t asked;
	size_t held[HELD_MOST]; /* names of users that are stored */
	size_t held_count;
	struct pending_batch batch;
	bool has_batch;
	bool is_telling;
};

static void compare_all(void)
{
	for (size_t i = 0; i < SPELLED; i++)
		must(username_parse(spelled[i], strlen(spelled[i]), &usernames[i]) ==
			USERNAME_FINE);
	for (size_t i = 0; i < SPELLED; i++) {
		for (size_t j = 0; j < SPELLED; j++) {
			const struct username *a = &usernames[i], *b = &usernames[j];
			are_same[i][j] = a->key_length == b->key_length &&
					 memcmp(a->key, b->key, a->key_length) == 0;
			are_alike[i][j] = lookalike_is_pair(a->text, a->length, b->text, b->length);
		}
	}
}

static size_t name_of(const char *text, size_t length)
{
	size_t name = 0;

	while (name < SPELLED && (usernames[name].length != length ||
					 memcmp(usernames[name].text, text, length) != 0))
		name++;
	must(name < SPELLED);
	return name;
}

static size_t name_of_create(const struct pending_create *create)
{
	return name_of(create->name, create->name_length);
}

/* What keeps a name from being stored. */
static enum result find_holder(const struct world *world, size_t name, struct user *holder)
{
	for (size_t i = 0; i < world->held_count; i++) {
		size_t held = world->held[i];
		*holder = (struct user){.number = i + 1,
			.name = usernames[held].text,
			.name_length = usernames[held].length};
		if (are_same[held][name])
			return RESULT_TAKEN;
		if (are_alike[held][name])
			return RESULT_ALIKE;
	}
	return RESULT_OK;
}

static void hold(struct world *world, size_t name)
{
	struct user holder;

	must(find_holder(world, name, &holder) == RESULT_OK);
	must(world->held_count < HELD_MOST);
	world->held[world->held_count++] = name;
}

/* Callers */

static void ask_again(struct world *world);
static void cancel_some(struct world *world, size_t some);

/* store_outcome_cb. It may begin another create, or cancel one. */
static void on_told(void *argument, enum result result, const struct user *user)
{
	struct asker *asker = argument;
	struct world *world = asker->world;

	must(asker->state == ASKER_WAITS && world->is_telling);
	asker->state = ASKER_TOLD;
	must((user != NULL) ==
		(result == RESULT_OK || result == RESULT_TAKEN || result == RESULT_ALIKE));
	if (user != NULL) {
		size_t told = name_of(user->name, user->name_length);
		bool is_same = are_same[told][asker->name];
		must(result != RESULT_TAKEN || is_same);
		must(result != RESULT_ALIKE || (!is_same && are_alike[told][asker->name]));
		must(result != RESULT_OK || told == asker->name);
	}
	uint8_t step = fuzz_take_byte(world->input);
	if (step % 4 == 1)
		ask_again(world);
	else if (step % 4 == 2)
		cancel_some(world, step / 4);
}

static void ask_again(struct world *world)
{
	size_t name = fuzz_take_below(world->input, SPELLED);
	struct asker *asker = &world->askers[world->asked];
	struct user holder;

	if (world->asked == ASKERS_MOST)
		return;
	if (!world->is_judged && find_holder(world, name, &holder) != RESULT_OK)
		return;
	world->asked++;
	asker->name = name;
	asker->world = world;
	asker->state = ASKER_WAITS;
	asker->is_taken = false;
	asker->create = pending_add(world->pending, &usernames[name], on_told, asker);
	must(pending_has(world->pending, &usernames[name]));
}

static void cancel_some(struct world *world, size_t some)
{
	for (size_t i = 0; i < world->asked; i++) {
		struct asker *asker = &world->askers[(some + i) % world->asked];
		if (asker->state != ASKER_WAITS)
			continue;
		asker->state = ASKER_CANCELLED;
		pending_cancel(world->pending, asker->create);
		return;
	}
}

/* What is under way, by the plain list */

/* Those that are cancelled stay on their way once they are taken. */
static bool is_live(const struct asker *asker)
{
	return asker->state == ASKER_WAITS || (asker->state == ASKER_CANCELLED && asker->is_taken);
}

static bool is_live_name(const struct world *world, size_t most, size_t name)
{
	for (size_t i = 0; i < most; i++)
		if (is_live(&world->askers[i]) && are_same[world->askers[i].name][name])
			return true;
	return false;
}

static bool is_live_look(const struct world *world, size_t name)
{
	for (size_t i = 0; i < world->asked; i++)
		if (is_live(&world->askers[i]) && are_alike[world->askers[i].name][name])
			return true;
	return false;
}

/* Of one of them: a look at all for each step would take all the time. */
static void check_name(const struct world *world, size_t name)
{
	bool has = is_live_name(world, world->asked, name);
	bool has_like = pending_has_like(world->pending, &usernames[name]);

	must(pending_has(world->pending, &usernames[name]) == has);
	must(has_like >= has && has_like <= (has || is_live_look(world, name)));
}

static void check_counts(const struct world *world)
{
	size_t live = 0, names = 0;

	for (size_t i = 0; i < world->asked; i++) {
		const struct asker *asker = &world->askers[i];
		live += is_live(asker);
		names += is_live(asker) && !is_live_name(world, i, asker->name);
	}
	must(pending_count(world->pending) == live);
	must(pending_names(world->pending) >= names && pending_names(world->pending) <= live);
	must(pending_is_queued(world->pending) <= (live > 0));
	/* Without a batch nobody waits for anything but the queue. */
	must(world->has_batch || pending_is_queued(world->pending) == (live > 0));
}

/* Batches */

static void mark_taken(struct world *world, const struct pending_create *create)
{
	for (size_t i = 0; i < world->asked; i++) {
		struct asker *asker = &world->askers[i];
		if (asker->state != ASKER_WAITS || asker->create != create)
			continue;
		must(!asker->is_taken);
		asker->is_taken = true;
		return;
	}
	must(false); /* a create is that of a caller */
}

/* No two names of it are the same or look alike. */
static void check_batch(struct world *world)
{
	struct pending_create *create, *other;
	struct user holder;

	TAILQ_FOREACH (create, &world->batch, next) {
		size_t name = name_of_create(create);
		mark_taken(world, create);
		must(world->is_judged || find_holder(world, name, &holder) == RESULT_OK);
		for (other = TAILQ_NEXT(create, next); other != NULL;
			other = TAILQ_NEXT(other, next)) {
			size_t other_name = name_of_create(other);
			must(!are_same[name][other_name] && !are_alike[name][other_name]);
		}
	}
}

/* pending_holder_cb */
static enum result holder_of(
	void *argument, const struct pending_create *create, struct user *holder)
{
	return find_holder(argument, name_of_create(create), holder);
}

static void take_batch(struct world *world, size_t most)
{
	if (world->has_batch)
		return;
	world->is_telling = true;
	if (!world->is_judged)
		pending_sift(world->pending, holder_of, world);
	world->is_telling = false;
	TAILQ_INIT(&world->batch);
	if (most == 0) {
		pending_take(world->pending, &world->batch);
		must(!pending_is_queued(world->pending));
	}
	for (; most > 0; most--)
		if (pending_take_first(world->pending, &world->batch) == NULL)
			break;
	world->has_batch = !TAILQ_EMPTY(&world->batch);
	check_batch(world);
}

static void tell_next(struct world *world, struct pending_create *create, enum result outcome)
{
	size_t name = name_of_create(create);
	struct user holder;

	create->number = world->held_count + 1;
	const struct user user = pending_user(create);
	if (outcome != RESULT_OK) {
		pending_finish(world->pending, create, outcome, NULL);
		return;
	}
	enum result result = find_holder(world, name, &holder);
	if (result == RESULT_OK) {
		if (world->is_judged)
			hold(world, name);
		pending_finish(world->pending, create, RESULT_OK, &user);
	} else {
		pending_refuse(world->pending, create, result, &holder);
	}
}

/* In a store that knows its users all of them are stored before the first is told. */
static void tell_stored(struct world *world)
{
	struct pending_create *create;

	TAILQ_FOREACH (create, &world->batch, next) {
		size_t name = name_of_create(create);
		hold(world, name);
	}
	pending_settle(world->pending, &world->batch);
	while ((create = TAILQ_FIRST(&world->batch)) != NULL) {
		const struct user user = pending_user(create);
		TAILQ_REMOVE(&world->batch, create, next);
		pending_finish(world->pending, create, RESULT_OK, &user);
	}
}

static void end_batch(struct world *world, enum result outcome)
{
	struct pending_create *create;

	if (!world->has_batch)
		return;
	world->is_telling = true;
	if (world->is_judged || outcome != RESULT_OK) {
		if (!world->is_judged)
			pending_settle(world->pending, &world->batch);
		while ((create = TAILQ_FIRST(&world->batch)) != NULL) {
			TAILQ_REMOVE(&world->batch, create, next);
			tell_next(world, create, outcome);
		}
	} else {
		tell_stored(world);
	}
	world->is_telling = false;
	world->has_batch = false;
	for (size_t i = 0; i < world->asked; i++) {
		must(!world->askers[i].is_taken || world->askers[i].state != ASKER_WAITS);
		world->askers[i].is_taken = false;
	}
}

/* A user gets a name by another way than a create: an import, or a renaming. */
static void hold_other(struct world *world)
{
	size_t name = fuzz_take_below(world->input, SPELLED);
	struct user holder;

	if (world->has_batch || world->held_count >= ASKERS_MOST ||
		find_holder(world, name, &holder) != RESULT_OK)
		return;
	hold(world, name);
	pending_want_sift(world->pending);
}

static void run_step(struct world *world)
{
	static const enum result outcomes[] = {
		RESULT_OK, RESULT_OK, RESULT_FULL, RESULT_UNAVAILABLE};
	uint8_t step = fuzz_take_byte(world->input);

	switch (step % 8) {
	case 0:
	case 1:
	case 2:
		ask_again(world);
		break;
	case 3:
		if (world->asked > 0)
			cancel_some(world, step / 8);
		break;
	case 4:
		take_batch(world, 0);
		break;
	case 5:
		take_batch(world, step / 8 % 4);
		break;
	case 6:
		end_batch(world, outcomes[step / 8 % 4]);
		break;
	default:
		hold_other(world);
	}
	check_counts(world);
	check_name(world, world->input->length % SPELLED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct world world;
	struct fuzz_input input = {bytes, length < 512 ? length : 512};

	if (usernames[0].length == 0)
		compare_all();
	world.asked = world.held_count = 0;
	world.has_batch = world.is_telling = false;
	world.input = &input;
	world.is_judged = fuzz_take_below(&input, 2) == 1;
	world.pending = pending_open();
	while (input.length > 0)
		run_step(&world);
	do {
		end_batch(&world, RESULT_OK);
		take_batch(&world, 0);
	} while (world.has_batch);
	for (size_t i = 0; i < world.asked; i++)
		must(world.askers[i].state != ASKER_WAITS);
	must(pending_count(world.pending) == 0 && pending_names(world.pending) == 0);
	pending_close(world.pending);
	return 0;
}
