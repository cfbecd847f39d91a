/*
 * What begins a create or another change: whether it can be stored at all, as far as that is known
 * at once. The rest shows when it goes into a batch (group_commit.c, changes.c).
 */
#include "base/limit.h"
#include "store/flat_file/flat_file_state.h"
#include "store/flat_file/list_import.h"
#include "store/index/name_holder.h"

uint64_t flat_file_seats(const struct flat_file_store *flat)
{
	const struct sheet_settings *settings = &flat->sheet->settings;

	return sheet_settings_has(settings, SHEET_SETTING_SEATS) ? settings->seats
								 : flat->limits.seats;
}

uint64_t flat_file_waited_seats(const struct flat_file_store *flat)
{
	bool waits = sheet_settings_has(&flat->sheet->settings, SHEET_SETTING_WAITING_LIST)
			     ? flat->sheet->settings.has_waiting_list
			     : flat->limits.has_waiting_list;

	return waits ? flat_file_seats(flat) : 0;
}

/* Whether one more user could be stored after all that are under way. */
static bool has_seat(const struct flat_file_store *flat)
{
	uint64_t coming = group_commit_names(flat->commit) + list_import_coming(flat->import);
	uint64_t users = user_index_count(flat->users) + coming;
	uint64_t seats = flat_file_seats(flat);
	bool is_full = seats != 0 && flat_file_waited_seats(flat) == 0 && users >= seats;

	return users < flat->limits.max_users && !is_full &&
	       group_commit_next_number(flat->commit) + coming <= LIMIT_PLACE;
}

enum result flat_file_begin_create(struct store *store, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job, struct user *holder)
{
	struct flat_file_store *flat = flat_file_of(store);

	/* Not even whether the name is taken is certain before. */
	if (flat->is_to_mend)
		return RESULT_UNAVAILABLE;
	enum result result = name_holder_find(flat->users, flat->lookalikes, username, 0, holder);
	if (result != RESULT_OK)
		return result;
	if (flat->state == RESULT_UNAVAILABLE)
		return RESULT_UNAVAILABLE;
	if (group_commit_count(flat->commit) >= LIMIT_PENDING)
		return RESULT_LIMIT;
	if (!has_seat(flat) && !group_commit_has(flat->commit, username))
		return RESULT_NO_SEAT;
	*job = (struct store_job *)group_commit_add(flat->commit, username, created, argument);
	return RESULT_OK;
}

/* Whether a change can be begun; of a user, also whether there is one. */
static enum result check_begun(const struct flat_file_store *flat, uint64_t number)
{
	struct user user;

	/* Not even whether there is such a user is certain before. */
	if (flat->is_to_mend)
		return RESULT_UNAVAILABLE;
	if (number != 0 && !user_index_user(flat->users, number, &user))
		return RESULT_MISSING;
	if (flat->state == RESULT_UNAVAILABLE)
		return RESULT_UNAVAILABLE;
	return group_commit_count(flat->commit) >= LIMIT_PENDING ? RESULT_LIMIT : RESULT_OK;
}

enum result flat_file_begin_removal(struct store *store, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job)
{
	struct flat_file_store *flat = flat_file_of(store);
	enum result result = number != 0 ? check_begun(flat, number) : RESULT_MISSING;

	if (result != RESULT_OK)
		return result;
	*job = changes_add(flat->changes, OPERATION_REMOVED, number, NULL, removed, argument);
	group_commit_wake(flat->commit);
	return RESULT_OK;
}

enum result flat_file_begin_renaming(struct store *store, uint64_t number,
	const struct username *username, store_outcome_cb *renamed, void *argument,
	struct store_job **job, struct user *holder)
{
	struct flat_file_store *flat = flat_file_of(store);
	enum result result = number != 0 ? check_begun(flat, number) : RESULT_MISSING;

	if (result == RESULT_OK)
		result = changes_check_name(flat->changes, number, username, holder);
	if (result != RESULT_OK)
		return result;
	*job = changes_add(flat->changes, OPERATION_RENAMED, number, username, renamed, argument);
	group_commit_wake(flat->commit);
	return RESULT_OK;
}

enum result flat_file_begin_setting(struct store *store, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job)
{
	struct flat_file_store *flat = flat_file_of(store);
	enum result result = check_begun(flat, 0);

	if (result == RESULT_OK)
		result = changes_add_sheet(flat->changes, changes, set, argument, job);
	if (result == RESULT_OK)
		group_commit_wake(flat->commit);
	return result;
}

/* on_part of list_import.h */
static void on_part_imported(void *argument)
{
	struct flat_file_store *flat = argument;

	flat_file_renew_view(flat);
}

/* on_over of list_import.h: live lists hear of all of it at once. */
static void on_import_over(void *argument)
{
	struct flat_file_store *flat = argument;

	flat->import = NULL;
	flat_file_tell_watcher(flat);
}

enum result flat_file_begin_import(struct store *store, struct store_import **import)
{
	struct flat_file_store *flat = flat_file_of(store);

	if (flat->is_to_mend || flat->state == RESULT_UNAVAILABLE)
		return RESULT_UNAVAILABLE;
	if (flat->import != NULL)
		return RESULT_BUSY;
	flat->import = list_import_open(&(struct list_import_settings){.store = store,
		.users = flat->users,
		.lookalikes = flat->lookalikes,
		.commit = flat->commit,
		.journal = flat->journal,
		.most = &flat->limits.max_users,
		.on_part = on_part_imported,
		.on_over = on_import_over,
		.argument = flat});
	*import = list_import_store_import(flat->import);
	return RESULT_OK;
}
