#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_CHANGING_STORE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_CHANGING_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "store/flat_file/flat_file_store.h"
#include "support/disk/fake_disk.h"
#include "support/unit/captured_log.h"
#include "support/unit/flat_file.h"

/* A store in a flat file that is in use, on a disk that can fail or be held up, and a record of
 * what its callers are told: the fixture of several tests. Their names are short, since the tests
 * are made of them. */
#define ASKERS 400

struct fixture;

struct asker {
	struct fixture *fixture;
	char label;
	struct store_job *job;
};

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct captured_log log;
	uv_loop_t loop;
	struct store *store;
	struct flat_file_store_settings settings;
	struct asker askers[ASKERS];
	size_t asked;
	size_t watched;   /* calls of the watcher */
	char told[16384]; /* "a:ok:1:Alice b:missing" */
	uint64_t removes; /* a callback of the next removal removes this user, too */
	size_t told_count;
	uint64_t holder; /* of the name that was refused last */
	size_t sheets_set;
};

int set_up(void **state);
int tear_down(void **state);

/* A store that is opened anew has what the disk has. */
void open_store(struct fixture *f);
void close_store(struct fixture *f);
void reopen(struct fixture *f);

/* Runs the loop until nothing is under way. */
void run(struct fixture *f);

/* One that will be told; '!': it must not be. */
struct asker *new_asker(struct fixture *f, char label);
void on_told(void *argument, enum result result, const struct user *user);

enum result create(struct fixture *f, char label, const char *name);
enum result remove_user(struct fixture *f, char label, uint64_t number);
enum result rename_user(struct fixture *f, char label, uint64_t number, const char *name);

/* Users who are there from the beginning; the second: Alice, Bob and Carol. */
void create_all(struct fixture *f, const char *const *names);
void create_three(struct fixture *f);

/* Since the last time. */
void expect_told(struct fixture *f, const char *wanted);

/* The users, newest first: "3:Carol 1:Alice". */
void expect_users(struct fixture *f, const char *wanted);

/* What the file begins with. */
void expect_header(struct fixture *f, const char *beginning);

#endif
