/*
 * A store gives out numbers in the order in which users can be read, and removes nobody here. So
 * its contents at any moment are the first so many of the users that it has in the end, and the
 * number of users in an answer says which moment it is from. That moment is not before the
 * question, if it has all users of whom the witness had been told by then; and not behind the
 * answer, if none of its users was asked for later.
 */
#include "store/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/names/lookalike.h"
#include "support/test.h"

#define AT_ONCE 50

/* What is known at the end. */
struct verdict {
	struct witness *witness;
	struct model model;
	/* For each user the moment of the first create that can have stored it. */
	uint64_t asked_for[MODEL_USERS];
};

static unsigned long long shown(uint64_t number)
{
	return number;
}

/* All users, oldest first. */
static void read_users(struct verdict *verdict)
{
	struct witness *witness = verdict->witness;
	struct model *model = &verdict->model;
	const struct news_note *note;

	witness_settle(witness);
	do {
		uint64_t last = model->count > 0 ? model->users[model->count - 1].number : 0;
		note = witness_newer(witness, last, AT_ONCE);
		if (note == NULL) {
			witness_turn(witness); /* they are being fetched */
			continue;
		}
		assert_in_range(note->news.count, 0, MODEL_USERS - model->count);
		memcpy(model->users + model->count, note->users,
			note->news.count * sizeof(*note->users));
		model->count += note->news.count;
	} while (note == NULL || note->news.has_more);
}

/* One create in which the user came to be: the one that was told so, else one that was cancelled.
 */
static const struct create_note *find_maker(
	const struct verdict *verdict, const struct model_user *user)
{
	const struct create_note *create, *maker = NULL;

	STAILQ_FOREACH(create, &verdict->witness->creates, next)
	{
		bool is_told = create->note.state == NOTE_TOLD && create->result == RESULT_OK;
		if (strcmp(create->wanted.name, user->name) != 0)
			continue;
		if (is_told && create->user.number == user->number)
			return create;
		if (create->note.state == NOTE_CANCELLED && maker == NULL)
			maker = create;
	}
	return maker;
}

/* Whether a user before it has a name that looks like the one of a user. */
static bool is_alike(const struct model *model, size_t at)
{
	const char *name = model->users[at].name;

	for (size_t i = 0; i < at; i++) {
		const char *other = model->users[i].name;
		if (lookalike_is_pair(name, strlen(name), other, strlen(other)))
			return true;
	}
	return false;
}

static void judge_users(struct verdict *verdict)
{
	struct witness *witness = verdict->witness;
	const struct model *model = &verdict->model;

	if (model->count > witness->max_users)
		witness_complain(witness, "%zu users are more than there may be", model->count);
	for (size_t i = 0; i < model->count; i++) {
		const struct model_user *user = &model->users[i];
		const struct create_note *maker = find_maker(verdict, user);
		if (user->number <= (i > 0 ? user[-1].number : 0))
			witness_complain(witness, "user %llu is out of order", shown(user->number));
		if (model_by_key(model, i, user->key) != NULL)
			witness_complain(witness, "%s is there twice", user->name);
		if (is_alike(model, i))
			witness_complain(witness, "%s looks like another user", user->name);
		if (maker == NULL)
			witness_complain(witness, "nobody asked for user %llu, %s",
				shown(user->number), user->name);
		else
			verdict->asked_for[i] = maker->note.began;
	}
}

/* The position behind a user, by which the witness can have been told of it. */
static void judge_told(const struct verdict *verdict, const struct create_note *create)
{
	struct witness *witness = verdict->witness;
	const struct model *model = &verdict->model;
	const struct model_user *user = model_by_key(model, model->count, create->wanted.key);
	unsigned long long began = create->note.began;

	if (user == NULL || !model_user_is(user, &create->user)) {
		witness_complain(witness, "%s of %llu was told of user %llu, %s, but %s has it",
			create->wanted.name, began, shown(create->user.number), create->user.name,
			user != NULL ? user->name : "nobody");
		return;
	}
	const struct create_note *maker = find_maker(verdict, user);
	if (maker == NULL)
		return; /* has been complained of */
	if ((maker == create) != (create->result == RESULT_OK))
		witness_complain(witness, "%s of %llu was told %s: the one of %llu made the user",
			create->wanted.name, began,
			create->result == RESULT_OK ? "that it is stored" : "that it is taken",
			shown(maker->note.began));
	if (maker->note.began > create->note.ended)
		witness_complain(witness, "%s of %llu is taken by one that began later",
			create->wanted.name, began);
}

/* The witness was told of a user whose name looks like the one that it wanted. */
static void judge_alike(const struct verdict *verdict, const struct create_note *create)
{
	const struct model *model = &verdict->model;
	const struct model_user *user = model_by_key(model, model->count, create->user.key);
	const char *name = create->wanted.name;

	if (user == NULL || !model_user_is(user, &create->user) ||
		!lookalike_is_pair(name, strlen(name), user->name, strlen(user->name)))
		witness_complain(verdict->witness,
			"%s of %llu was told of %s, which it is not like", name,
			shown(create->note.began), create->user.name);
}

/* Numbers go with time, where one create was over when another one began. */
static void judge_order(const struct verdict *verdict, const struct create_note *create)
{
	const struct create_note *other;

	STAILQ_FOREACH(other, &verdict->witness->creates, next)
	if (other->note.state == NOTE_TOLD && other->result == RESULT_OK &&
		other->note.ended < create->note.began && other->user.number >= create->user.number)
		witness_complain(verdict->witness,
			"user %llu was stored before user %llu was asked for",
			shown(other->user.number), shown(create->user.number));
}

static void judge_creates(const struct verdict *verdict)
{
	struct witness *witness = verdict->witness;
	const struct create_note *create;

	STAILQ_FOREACH(create, &witness->creates, next)
	{
		if (create->note.state != NOTE_TOLD)
			continue;
		if (create->result == RESULT_OK || create->result == RESULT_TAKEN)
			judge_told(verdict, create);
		else if (create->result == RESULT_ALIKE)
			judge_alike(verdict, create);
		else if (create->result != RESULT_NO_SEAT ||
			 create->most_users < witness->max_users)
			witness_complain(witness, "%s of %llu was refused: %d", create->wanted.name,
				shown(create->note.began), (int)create->result);
		if (create->result == RESULT_OK)
			judge_order(verdict, create);
	}
}

/* Whether what the first `count` users were was so at a moment of that time. */
static void judge_moment(
	const struct verdict *verdict, const struct note *note, size_t count, const char *what)
{
	struct witness *witness = verdict->witness;
	const struct model *model = &verdict->model;

	if (count < model->count && model->users[count].number <= note->known)
		witness_complain(witness, "%s of %llu is of an old moment: user %llu is missing",
			what, shown(note->began), shown(model->users[count].number));
	for (size_t i = 0; i < count; i++)
		if (verdict->asked_for[i] > note->ended)
			witness_complain(witness, "%s of %llu has user %llu, who came later", what,
				shown(note->began), shown(model->users[i].number));
}

static void judge_page(const struct verdict *verdict, const struct answer_note *answer)
{
	static const char *const sides[] = {"nobody", "others"};
	struct witness *witness = verdict->witness;
	unsigned long long began = answer->note.began;
	struct model_page page;

	model_answer(&verdict->model, answer->view.users, &answer->question, &page);
	if (answer->count != page.count) {
		witness_complain(witness, "the answer of %llu has %zu users, not %zu", began,
			answer->count, page.count);
		return;
	}
	for (size_t i = 0; i < page.count; i++)
		if (!model_user_is(&answer->users[i], page.users[i]))
			witness_complain(witness, "the answer of %llu has user %llu, not %llu",
				began, shown(answer->users[i].number),
				shown(page.users[i]->number));
	if (answer->has_previous != page.has_previous)
		witness_complain(witness, "the answer of %llu says that %s come before it", began,
			sides[answer->has_previous]);
	if (answer->has_next != page.has_next)
		witness_complain(witness, "the answer of %llu says that %s come behind it", began,
			sides[answer->has_next]);
	if (answer->found != page.found)
		witness_complain(witness, "the answer of %llu says that %zu are found, not %zu",
			began, answer->found, page.found);
}

static void judge_beside(const struct verdict *verdict, const struct answer_note *answer)
{
	const struct model_user *beside =
		model_by_number(&verdict->model, answer->view.users, answer->question.beside);

	if (answer->has_beside != (beside != NULL) ||
		(beside != NULL && !model_user_is(beside, &answer->beside)))
		witness_complain(verdict->witness, "the answer of %llu has %s beside it, not %s",
			shown(answer->note.began),
			answer->has_beside ? answer->beside.name : "nobody",
			beside != NULL ? beside->name : "nobody");
}

static void judge_answer(const struct verdict *verdict, const struct answer_note *answer)
{
	const struct store_view *view = &answer->view;
	struct witness *witness = verdict->witness;
	const struct model *model = &verdict->model;
	unsigned long long began = answer->note.began;

	if (answer->result != RESULT_OK) {
		witness_complain(witness, "the question of %llu was refused: %d", began,
			(int)answer->result);
	} else if (view->users > model->count) {
		witness_complain(witness, "the answer of %llu counts users who never were", began);
	} else if (view->newest != (view->users > 0 ? model->users[view->users - 1].number : 0)) {
		witness_complain(witness, "in the answer of %llu user %llu is the newest of %llu",
			began, shown(view->newest), shown(view->users));
	} else {
		judge_moment(verdict, &answer->note, view->users, "the answer");
		judge_beside(verdict, answer);
		if (answer->question.most > 0)
			judge_page(verdict, answer);
		else if (answer->count > 0)
			witness_complain(witness, "the answer of %llu has users, unasked", began);
	}
}

/* Equal contents have equal revisions as long as the store is open, others never. */
static void judge_revisions(struct witness *witness, const struct answer_note *answer)
{
	const struct store_view *view = &answer->view;
	const struct answer_note *other = answer;
	size_t length = strnlen(view->revision, sizeof(view->revision));

	if (length == 0 || length == sizeof(view->revision) ||
		strspn(view->revision, "0123456789abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != length) {
		witness_complain(witness, "no revision: \"%.64s\"", view->revision);
		return;
	}
	while ((other = STAILQ_NEXT(other, next)) != NULL) {
		if (other->note.state != NOTE_TOLD)
			continue;
		bool is_same =
			strncmp(view->revision, other->view.revision, sizeof(view->revision)) == 0;
		if (view->users == other->view.users ? !is_same && answer->opening == other->opening
						     : is_same)
			witness_complain(witness,
				"the answers of %llu and %llu have %s revisions, of %llu and %llu "
				"users",
				shown(answer->note.began), shown(other->note.began),
				is_same ? "equal" : "different", shown(view->users),
				shown(other->view.users));
	}
}

static void judge_news(const struct verdict *verdict, const struct news_note *note)
{
	struct witness *witness = verdict->witness;
	const struct model *model = &verdict->model;
	unsigned long long began = note->note.began;
	size_t end = 0;

	while (end < model->count && model->users[end].number <= note->position)
		end++;
	for (size_t i = 0; i < note->news.count; i++, end++)
		if (end == model->count || !model_user_is(&note->users[i], &model->users[end])) {
			witness_complain(witness, "the news of %llu have user %llu out of turn",
				began, shown(note->users[i].number));
			return;
		}
	if (note->news.has_more && end == model->count)
		witness_complain(witness, "the news of %llu announce users who never were", began);
	else if (note->news.has_more)
		end++;
	judge_moment(verdict,
		&(struct note){.began = note->note.began,
			.ended = note->note.ended,
			.known = note->news.has_more ? 0 : note->note.known},
		end, "the news");
}

static void judge_notes(struct verdict *verdict)
{
	struct witness *witness = verdict->witness;
	const struct answer_note *answer;
	const struct news_note *news;

	judge_users(verdict);
	judge_creates(verdict);
	STAILQ_FOREACH(answer, &witness->answers, next)
	if (answer->note.state == NOTE_TOLD) {
		judge_answer(verdict, answer);
		judge_revisions(witness, answer);
	}
	STAILQ_FOREACH(news, &witness->all_news, next)
	judge_news(verdict, news);
}

void judge(struct witness *witness)
{
	struct verdict *verdict = memory_zeroed(sizeof(*verdict));

	verdict->witness = witness;
	if (witness->complaint[0] == '\0') {
		witness_reopen(witness);
		read_users(verdict);
	}
	if (witness->complaint[0] == '\0')
		judge_notes(verdict);
	free(verdict);
	if (witness->complaint[0] != '\0')
		fail_msg("seed %llu: %s", shown(witness->seed), witness->complaint);
}
