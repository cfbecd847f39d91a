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
	target_include_directories(crash_mutant_${name} PRIVATE ${PROJECT_SOURCE_DIR}/app/store)
	target_link_libraries(crash_mutant_${name} PRIVATE rollcall_crash PkgConfig::UTF8PROC)
	add_test(NAME crash.mutant.${name} COMMAND crash_mutant_${name})
	set_tests_properties(crash.mutant.${name} PROPERTIES LABELS crash TIMEOUT 900
		ENVIRONMENT "${environment}" PASS_REGULAR_EXPRESSION "a promise was broken")
endfunction()

# Acknowledged means on disk.
rollcall_mutant(append_without_sync journal.c [[
	if (journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal);
	status = check_name(journal);
]] [[
	status = check_name(journal);
]])
rollcall_mutant(sync_before_write journal.c [[
	if (disk_write(journal->disk, journal->file, lines, length, journal->length) != 0)
		return cut_back(journal);
	/* Never tried again after a failure: the kernel may have dropped the pages and would report
	 * success. */
	if (journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal);
]] [[
	if (journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal);
	if (disk_write(journal->disk, journal->file, lines, length, journal->length) != 0)
		return cut_back(journal);
]])
rollcall_mutant(answer_before_write flat_file_store.c [[
	store->batch = batch;
	hand_over(store, append);
]] [[
	store->next_number = store->batch_end;
	publish(store, batch);
	answer(store, batch, STATUS_OK);
	hand_over(store, append);
]])

# A failed fdatasync is final.
rollcall_mutant(sync_tried_again journal.c [[
	if (journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal);
	status = check_name(journal);
]] [[
	if (journal->disk->sync(journal->disk, journal->file) != 0 &&
		journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal);
	status = check_name(journal);
]])
rollcall_mutant(failed_sync_forgotten journal.c [[
	return refuse(journal, JOURNAL_FAILED, errno, "%s" JOURNAL_UNTIL_OPENED, disk_words(errno));
]] [[
	return refuse(journal, JOURNAL_FULL, errno, "%s", disk_words(errno));
]])
rollcall_mutant(unclean_end_forgotten journal.c [[
	claim_give_up(&journal->claim, is_clean(journal));
]] [[
	claim_give_up(&journal->claim, is_clean(journal) || journal->length >= 0);
]])
rollcall_mutant(not_written_anew journal.c [[
	journal->mending.is_doubtful = !is_new && !journal->claim.was_clean;
]] [[
	journal->mending.is_doubtful = false;
]])
rollcall_mutant(killed_taken_for_restarted lock.c [[
	       strcmp(content->boot + strlen(IN_BOOT), boot) != 0;
]] [[
	       strcmp(content->boot + strlen(IN_BOOT), "") != 0;
]])
rollcall_mutant(appended_before_written_anew journal.c [[
	if (journal->state > JOURNAL_FULL)
		return STATUS_UNAVAILABLE;
	enum status status = check_end(journal);
]] [[
	if (journal->state > JOURNAL_TO_MEND)
		return STATUS_UNAVAILABLE;
	enum status status = check_end(journal);
]])

# A failed write leaves nothing behind.
rollcall_mutant(failed_write_left journal.c [[
	if (journal->disk->truncate(journal->disk, journal->file, journal->length) != 0 ||
		journal->disk->sync(journal->disk, journal->file) != 0)
		return give_up(journal);
	return STATUS_OK;
]] [[
	(void)journal;
	return STATUS_OK;
]])
rollcall_mutant(cut_back_without_sync journal.c [[
	if (journal->disk->truncate(journal->disk, journal->file, journal->length) != 0 ||
		journal->disk->sync(journal->disk, journal->file) != 0)
]] [[
	if (journal->disk->truncate(journal->disk, journal->file, journal->length) != 0)
]])

# A torn end is cut off.
rollcall_mutant(torn_end_left mending.c [[
	return mending->end > mending->length ? cut_torn(mending, disk, *file) : STATUS_OK;
]] [[
	return file == NULL ? cut_torn(mending, disk, *file) : STATUS_OK;
]])
rollcall_mutant(torn_end_cut_without_sync mending.c [[
	if (disk->sync(disk, file) == 0)
		return STATUS_OK;
]] [[
	if (file >= 0)
		return STATUS_OK;
]])

# A record that lacks only its line feed is a user, and the next one has a line of its own.
rollcall_mutant(unended_record_cut journal_scan.c [[
		if (reader->line > 1 && takes(reader, bytes, length)) {
]] [[
		if (reader->line == 0 && takes(reader, bytes, length)) {
]])
rollcall_mutant(line_feed_left_out mending.c [[
	if (mending->is_unended)
		buffer_string(&line_feed, "\n");
]] "")
rollcall_mutant(line_feed_in_place mending.c [[
	if (mending->is_doubtful || mending->is_unended) {
]] [[
	if (mending->is_unended) {
		if (disk_write(disk, *file, "\n", 1, mending->length++) != 0)
			return STATUS_SYSTEM;
		mending->end++;
		mending->is_unended = false;
	}
	if (mending->is_doubtful) {
]])

# A new file is whole before it takes the place of the old one, and stays there.
rollcall_mutant(replacement_without_sync replacement.c [[
	if (replacement->cause == 0)
		note(replacement, disk->sync(disk, replacement->file));
]] "")
rollcall_mutant(replacement_without_directory_sync replacement.c [[
	note(replacement, disk_sync_parent(replacement->disk, replacement->path));
]] "")
rollcall_mutant(replacement_over_leftover replacement.c [[
	if (disk->unlink(disk, replacement->temporary) == 0 || errno == ENOENT)
		replacement->file = disk->create(
			disk, replacement->temporary, is_own ? NULL : replacement->path);
]] [[
	replacement->file = disk->open(disk, replacement->temporary, 2 /* O_RDWR */);
	if (replacement->file < 0)
		replacement->file = disk->create(disk, replacement->temporary, is_own ? NULL : replacement->path);
]])
rollcall_mutant(replacement_before_sync replacement.c [[
	if (replacement->cause == 0)
		note(replacement, disk->sync(disk, replacement->file));
	if (replacement->cause == 0)
		note(replacement, check_old(replacement));
	if (replacement->cause == 0)
		note(replacement, disk->rename(disk, replacement->temporary, replacement->path));
]] [[
	if (replacement->cause == 0)
		note(replacement, check_old(replacement));
	if (replacement->cause == 0)
		note(replacement, disk->rename(disk, replacement->temporary, replacement->path));
	if (replacement->cause == 0)
		note(replacement, disk->sync(disk, replacement->file));
]])

# A file that somebody else put there has its name on the disk before anything is stored in it.
rollcall_mutant(opened_without_directory_sync journal.c [[
	if (disk_sync_parent(journal->disk, claim->path) != 0 ||
		(is_link && disk_sync_parent(journal->disk, claim->name) != 0))
]] [[
	if (is_link && disk_sync_parent(journal->disk, claim->name) != 0)
]])
rollcall_mutant(link_without_directory_sync journal.c [[
	if (disk_sync_parent(journal->disk, claim->path) != 0 ||
		(is_link && disk_sync_parent(journal->disk, claim->name) != 0))
]] [[
	if (disk_sync_parent(journal->disk, claim->path) != 0 || (is_link && claim->name == NULL))
]])

# What takes the place of the file a link leads to is beside that file.
rollcall_mutant(link_replaced journal.c [[
		mending_run(mending, journal->disk, journal->claim.path, &journal->file);
]] [[
		mending_run(mending, journal->disk, journal->claim.name, &journal->file);
]])
rollcall_mutant(other_directory_synced replacement.c [[
	note(replacement, disk_sync_parent(replacement->disk, replacement->path));
]] [[
	note(replacement, disk_sync_parent(replacement->disk, "users.log"));
]])

# What is written to is locked, whatever becomes of users.lock.
rollcall_mutant(file_not_locked claim.c [[
	if (claim->disk->lock(claim->disk, file, wait) == 0)
]] [[
	if (file >= 0 || wait > 0)
]])
rollcall_mutant(first_file_not_locked journal.c [[
	replacement_lock(replacement);
	header_append(]] [[
	header_append(]])
rollcall_mutant(replacement_not_locked journal.c [[
		replacement_lock(replacement);
		fill(]] [[
		fill(]])
rollcall_mutant(replacement_locked_late journal.c [[
		replacement_lock(replacement);
		fill(argument, replacement, journal->file, journal->length);
		status = replacement_commit(replacement, &file, &length);
]] [[
		fill(argument, replacement, journal->file, journal->length);
		status = replacement_commit(replacement, &file, &length);
		if (file >= 0)
			(void)journal->disk->lock(journal->disk, file, 0);
]])

rollcall_mutant(mended_file_not_locked mending.c [[
	replacement_lock(replacement);
	copy(]] [[
	copy(]])

# Numbers are never given twice.
rollcall_mutant(numbers_forgotten rewrite.c [[
	header_append(&line, replay->next_number - 1);
]] [[
	header_append(&line, 0);
]])
