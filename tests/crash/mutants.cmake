# The proof can fail. Each mutant is the store with one thing taken out or put in the wrong order: a copy of one source
# with one text replaced, linked in place of it. crash.mutant.NAME passes if the crash test finds a promise broken.

# rollcall_mutant(NAME FILE TEXT REPLACEMENT): in app/store/FILE, where TEXT must be found exactly once.
function(rollcall_mutant name file text replacement)
	set(source ${PROJECT_SOURCE_DIR}/app/store/${file})
	set(mutant ${CMAKE_CURRENT_BINARY_DIR}/mutants/${name}/${file})
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
	file(READ ${source} content)
	string(FIND "${content}" "${text}" first)
	string(FIND "${content}" "${text}" last REVERSE)
	if(first EQUAL -1 OR NOT first EQUAL last)
		message(FATAL_ERROR "mutant ${name}: not found exactly once in ${source}:\n${text}")
	endif()
	string(REPLACE "${text}" "${replacement}" content "${content}")
	file(CONFIGURE OUTPUT ${mutant} CONTENT "${content}" @ONLY)

	# Its object comes before the library, so that the library's own is not taken.
	add_executable(crash_mutant_${name} crash_test.c ${mutant})
	target_link_libraries(crash_mutant_${name} PRIVATE rollcall_crash PkgConfig::UTF8PROC)
	add_test(NAME crash.mutant.${name} COMMAND crash_mutant_${name})
	set_tests_properties(crash.mutant.${name} PROPERTIES LABELS crash TIMEOUT 900
		ENVIRONMENT "${environment}" PASS_REGULAR_EXPRESSION "a promise was broken")
endfunction()

# Acknowledged means on disk.
rollcall_mutant(append_without_sync flat_file/journal.c [[
	if (journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	journal->times = (struct journal_times){written - began, meters_clock() - written};
]] [[
	journal->times = (struct journal_times){written - began, meters_clock() - written};
]])
rollcall_mutant(sync_before_write flat_file/journal.c [[
	if (vfs_write(journal->vfs, journal->file, lines, length, journal->length) != 0)
		return cut_back(journal);
	uint64_t written = meters_clock();
	/* Never tried again after a failure: the kernel may have dropped the pages and would report
	 * success. */
	if (journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
]] [[
	if (journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	uint64_t written = meters_clock();
	if (vfs_write(journal->vfs, journal->file, lines, length, journal->length) != 0)
		return cut_back(journal);
]])
rollcall_mutant(answer_before_write flat_file/group_commit.c [[
	TAILQ_CONCAT(&commit->changes, &arrived->changes, next);
	hand_over(commit, append_batch, "append");
]] [[
	TAILQ_CONCAT(&commit->changes, &arrived->changes, next);
	commit->next_number = commit->batch_end;
	commit->settings.on_stored(commit->settings.argument, &commit->batch, &commit->changes);
	tell_all(commit, &commit->batch, &commit->changes, RESULT_OK);
	hand_over(commit, append_batch, "append");
]])

rollcall_mutant(change_told_before_write flat_file/group_commit.c [[
	TAILQ_CONCAT(&commit->changes, &arrived->changes, next);
	hand_over(commit, append_batch, "append");
]] [[
	changes_tell(changes, &arrived->changes, RESULT_OK);
	hand_over(commit, append_batch, "append");
]])
rollcall_mutant(renaming_not_written flat_file/changes.c [[
	TAILQ_FOREACH (change, batch, next) {
		if (change->operation == OPERATION_SET)
]] [[
	TAILQ_FOREACH (change, batch, next) {
		if (change->operation == OPERATION_RENAMED)
			continue;
		if (change->operation == OPERATION_SET)
]])

# A program that does not know an operation refuses the file, and every other program finds all of it.
rollcall_mutant(version_not_raised flat_file/rewrite.c [[
	if (version > header->version)
]] [[
	if (version > HEADER_VERSION_LAST)
]])
rollcall_mutant(raised_without_lines flat_file/rewrite.c [[
	atomic_file_copy(replacement, file, raising->start, length);
	atomic_file_write(replacement, raising->lines);
]] [[
	atomic_file_copy(replacement, file, raising->start, length);
]])
rollcall_mutant(settings_not_compacted flat_file/rewrite.c [[
	setting_text_append(lines, settings, timestamp_now());
]] [[
	setting_text_append(lines, &(struct sheet_settings){0}, timestamp_now());
]])

# A failed fdatasync is final.
rollcall_mutant(sync_tried_again flat_file/journal.c [[
	if (journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	journal->times = (struct journal_times){written - began, meters_clock() - written};
]] [[
	if (journal->vfs->sync(journal->vfs, journal->file) != 0 &&
		journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	journal->times = (struct journal_times){written - began, meters_clock() - written};
]])
rollcall_mutant(failed_sync_forgotten flat_file/journal.c [[
	return refuse_because(journal, JOURNAL_FAILED, errno,
		reason_fail(&journal->reason, RESULT_UNAVAILABLE, "%s" JOURNAL_UNTIL_OPENED,
			vfs_words(errno)));
]] [[
	return refuse_because(journal, JOURNAL_FULL, errno,
		reason_fail(&journal->reason, RESULT_FULL, "%s", vfs_words(errno)));
]])
rollcall_mutant(unclean_end_forgotten flat_file/journal.c [[
	claim_give_up(&journal->claim, is_clean(journal));
]] [[
	claim_give_up(&journal->claim, is_clean(journal) || journal->length >= 0);
]])
rollcall_mutant(not_written_anew flat_file/journal.c [[
	journal->mending.is_doubtful = !is_new && !journal->claim.was_clean;
]] [[
	journal->mending.is_doubtful = false;
]])
rollcall_mutant(killed_taken_for_restarted files/lock.c [[
	       strcmp(content->boot + strlen(IN_BOOT), boot) != 0;
]] [[
	       strcmp(content->boot + strlen(IN_BOOT), "") != 0;
]])
rollcall_mutant(appended_before_written_anew flat_file/journal.c [[
	if (journal->state > JOURNAL_FULL)
		return RESULT_UNAVAILABLE;
	enum result result = check_end(journal);
]] [[
	if (journal->state > JOURNAL_TO_MEND)
		return RESULT_UNAVAILABLE;
	enum result result = check_end(journal);
]])

# A failed write leaves nothing behind.
rollcall_mutant(failed_write_left flat_file/journal.c [[
	if (journal->vfs->truncate(journal->vfs, journal->file, journal->length) != 0 ||
		journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	return RESULT_OK;
]] [[
	(void)journal;
	return RESULT_OK;
]])
rollcall_mutant(cut_back_without_sync flat_file/journal.c [[
	if (journal->vfs->truncate(journal->vfs, journal->file, journal->length) != 0 ||
		journal->vfs->sync(journal->vfs, journal->file) != 0)
]] [[
	if (journal->vfs->truncate(journal->vfs, journal->file, journal->length) != 0)
]])

# A torn end is cut off.
rollcall_mutant(torn_end_left flat_file/mending.c [[
	return mending->end > mending->length ? cut_torn(mending, vfs, *file) : RESULT_OK;
]] [[
	return file == NULL ? cut_torn(mending, vfs, *file) : RESULT_OK;
]])
rollcall_mutant(torn_end_cut_without_sync flat_file/mending.c [[
	if (vfs->sync(vfs, file) == 0)
		return RESULT_OK;
]] [[
	if (file >= 0)
		return RESULT_OK;
]])

# A record that lacks only its line feed is a user, and the next one has a line of its own.
rollcall_mutant(unended_record_cut flat_file/journal_scan.c [[
		if (reader->line > 1 && is_taken(reader, bytes, length)) {
]] [[
		if (reader->line == 0 && is_taken(reader, bytes, length)) {
]])
rollcall_mutant(line_feed_left_out flat_file/mending.c [[
	if (mending->is_unended)
		buffer_string(&line_feed, "\n");
]] "")
rollcall_mutant(line_feed_in_place flat_file/mending.c [[
	if (mending->is_doubtful || mending->is_unended) {
]] [[
	if (mending->is_unended) {
		if (vfs_write(vfs, *file, "\n", 1, mending->length++) != 0)
			return RESULT_SYSTEM;
		mending->end++;
		mending->is_unended = false;
	}
	if (mending->is_doubtful) {
]])

# A new file is whole before it takes the place of the old one, and stays there.
rollcall_mutant(replacement_without_sync files/atomic_file.c [[
	if (replacement->cause == 0)
		latch(replacement, vfs->sync(vfs, replacement->file));
]] "")
rollcall_mutant(replacement_without_directory_sync files/atomic_file.c [[
	latch(replacement, vfs_sync_parent(replacement->vfs, replacement->path));
]] "")
rollcall_mutant(replacement_over_leftover files/atomic_file.c [[
	if (vfs->unlink(vfs, replacement->temporary) == 0 || errno == ENOENT)
		replacement->file =
			vfs->create(vfs, replacement->temporary, is_own ? NULL : replacement->path);
]] [[
	replacement->file = vfs->open(vfs, replacement->temporary, 2 /* O_RDWR */);
	if (replacement->file < 0)
		replacement->file = vfs->create(vfs, replacement->temporary, is_own ? NULL : replacement->path);
]])
rollcall_mutant(replacement_before_sync files/atomic_file.c [[
	if (replacement->cause == 0)
		latch(replacement, vfs->sync(vfs, replacement->file));
	if (replacement->cause == 0)
		latch(replacement, check_old(replacement));
	if (replacement->cause == 0)
		latch(replacement, vfs->rename(vfs, replacement->temporary, replacement->path));
]] [[
	if (replacement->cause == 0)
		latch(replacement, check_old(replacement));
	if (replacement->cause == 0)
		latch(replacement, vfs->rename(vfs, replacement->temporary, replacement->path));
	if (replacement->cause == 0)
		latch(replacement, vfs->sync(vfs, replacement->file));
]])

# A file that somebody else put there has its name on the disk before anything is stored in it.
rollcall_mutant(opened_without_directory_sync flat_file/journal.c [[
	if (vfs_sync_parent(journal->vfs, claim->path) != 0 ||
		(is_link && vfs_sync_parent(journal->vfs, claim->name) != 0))
]] [[
	if (is_link && vfs_sync_parent(journal->vfs, claim->name) != 0)
]])
rollcall_mutant(link_without_directory_sync flat_file/journal.c [[
	if (vfs_sync_parent(journal->vfs, claim->path) != 0 ||
		(is_link && vfs_sync_parent(journal->vfs, claim->name) != 0))
]] [[
	if (vfs_sync_parent(journal->vfs, claim->path) != 0 || (is_link && claim->name == NULL))
]])

# What takes the place of the file a link leads to is beside that file.
rollcall_mutant(link_replaced flat_file/journal.c [[
		mending_run(mending, journal->vfs, journal->claim.path, &journal->file);
]] [[
		mending_run(mending, journal->vfs, journal->claim.name, &journal->file);
]])
rollcall_mutant(other_directory_synced files/atomic_file.c [[
	latch(replacement, vfs_sync_parent(replacement->vfs, replacement->path));
]] [[
	latch(replacement, vfs_sync_parent(replacement->vfs, "users.log"));
]])

# What is written to is locked, whatever becomes of users.lock.
rollcall_mutant(file_not_locked flat_file/claim.c [[
	if (claim->vfs->lock(claim->vfs, file, wait) == 0)
]] [[
	if (file >= 0 || wait > 0)
]])
rollcall_mutant(first_file_not_locked flat_file/journal.c [[
	atomic_file_lock(replacement);
	header_append(]] [[
	header_append(]])
rollcall_mutant(replacement_not_locked flat_file/journal.c [[
		atomic_file_lock(replacement);
		fill(]] [[
		fill(]])
rollcall_mutant(replacement_locked_late flat_file/journal.c [[
		atomic_file_lock(replacement);
		fill(argument, replacement, journal->file, journal->length);
		result = atomic_file_commit(replacement, &file, &length);
]] [[
		fill(argument, replacement, journal->file, journal->length);
		result = atomic_file_commit(replacement, &file, &length);
		if (file >= 0)
			(void)journal->vfs->lock(journal->vfs, file, 0);
]])

rollcall_mutant(mended_file_not_locked flat_file/mending.c [[
	atomic_file_lock(replacement);
	copy_good(]] [[
	copy_good(]])

# Numbers are never given twice.
rollcall_mutant(numbers_forgotten flat_file/rewrite.c [[
	const struct header header = header_of_program(version, replay->next_number - 1);
]] [[
	const struct header header = header_of_program(version, 0);
]])
