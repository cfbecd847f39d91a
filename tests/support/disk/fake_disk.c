#include "support/disk/fake_disk.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/memory.h"

/* Which of the calls of a kind something happens to. */
struct plan {
	size_t after;
	size_t times;
	int cause;   /* of a failure */
	size_t most; /* bytes of a short call */
};

struct fake_disk {
	struct vfs vfs; /* first: what the journal is given is also the fake disk */
	const struct vfs *under;
	pthread_mutex_t mutex; /* over all that follows */
	pthread_cond_t changed;
	struct plan failures[VFS_CALLS];
	struct plan shortages[VFS_CALLS];
	size_t counts[VFS_CALLS];
	struct buffer calls;
	bool is_holding; /* the next fdatasync will wait */
	bool is_held;    /* one does */
};

static const char *const names[VFS_CALLS] = {
	[VFS_OPEN] = "open",
	[VFS_READ] = "read",
	[VFS_WRITE] = "write",
	[VFS_ALLOCATE] = "allocate",
	[VFS_TRUNCATE] = "truncate",
	[VFS_SYNC] = "sync",
	[VFS_SYNC_DIRECTORY] = "sync_directory",
	[VFS_LOCK] = "lock",
	[VFS_IS_NAMED] = "is_named",
	[VFS_RESOLVE] = "resolve",
	[VFS_RENAME] = "rename",
	[VFS_UNLINK] = "unlink",
	[VFS_CLOSE] = "close",
};

static struct fake_disk *of(const struct vfs *vfs)
{
	return (struct fake_disk *)vfs;
}

static void write_down(struct fake_disk *fake, enum vfs_call call)
{
	fake->counts[call]++;
	if (call == VFS_READ || call == VFS_IS_NAMED || call == VFS_RESOLVE)
		return;
	if (fake->calls.length > 0)
		buffer_string(&fake->calls, " ");
	buffer_string(&fake->calls, names[call]);
}

static bool is_due(struct plan *plan)
{
	if (plan->times == 0)
		return false;
	if (plan->after > 0) {
		plan->after--;
		return false;
	}
	if (plan->times != ALWAYS)
		plan->times--;
	return true;
}

/* Writes the call down. Returns whether it may reach the disk; `length`, unless NULL, is how many
 * bytes it wants, and gets how many of them it may have. */
static bool may(const struct vfs *vfs, enum vfs_call call, size_t *length)
{
	struct fake_disk *fake = of(vfs);
	bool fails = false;
	int cause = 0;

	pthread_mutex_lock(&fake->mutex);
	write_down(fake, call);
	struct plan *shortage = &fake->shortages[call];
	if (length != NULL && is_due(shortage)) {
		*length = *length < shortage->most ? *length : shortage->most;
	} else {
		fails = is_due(&fake->failures[call]);
		cause = fake->failures[call].cause;
	}
	pthread_mutex_unlock(&fake->mutex);
	if (fails)
		errno = cause;
	return !fails;
}

static int fake_open(const struct vfs *vfs, const char *path, int flags)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_OPEN, NULL) ? under->open(under, path, flags) : -1;
}

static int fake_create(const struct vfs *vfs, const char *path, const char *like)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_OPEN, NULL) ? under->create(under, path, like) : -1;
}

static ssize_t fake_read(const struct vfs *vfs, int file, void *bytes, size_t length, off_t offset)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_READ, &length) ? under->read(under, file, bytes, length, offset) : -1;
}

static ssize_t fake_write(
	const struct vfs *vfs, int file, const void *bytes, size_t length, off_t offset)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_WRITE, &length) ? under->write(under, file, bytes, length, offset) : -1;
}

static int fake_allocate(const struct vfs *vfs, int file, off_t offset, off_t length)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_ALLOCATE, NULL) ? under->allocate(under, file, offset, length) : -1;
}

static int fake_truncate(const struct vfs *vfs, int file, off_t length)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_TRUNCATE, NULL) ? under->truncate(under, file, length) : -1;
}

static void wait_while_held(struct fake_disk *fake)
{
	pthread_mutex_lock(&fake->mutex);
	fake->is_held = fake->is_holding;
	pthread_cond_broadcast(&fake->changed);
	while (fake->is_held)
		pthread_cond_wait(&fake->changed, &fake->mutex);
	pthread_mutex_unlock(&fake->mutex);
}

static int fake_sync(const struct vfs *vfs, int file)
{
	const struct vfs *under = of(vfs)->under;
	bool passes = may(vfs, VFS_SYNC, NULL);
	int cause = errno;

	wait_while_held(of(vfs));
	errno = cause;
	return passes ? under->sync(under, file) : -1;
}

static int fake_sync_directory(const struct vfs *vfs, const char *path)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_SYNC_DIRECTORY, NULL) ? under->sync_directory(under, path) : -1;
}

static int fake_lock(const struct vfs *vfs, int file, unsigned wait)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_LOCK, NULL) ? under->lock(under, file, wait) : -1;
}

static int fake_is_named(const struct vfs *vfs, int file, const char *path)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_IS_NAMED, NULL) ? under->is_named(under, file, path) : -1;
}

static char *fake_resolve(const struct vfs *vfs, const char *path)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_RESOLVE, NULL) ? under->resolve(under, path) : NULL;
}

/* These two are not written down: they say what is under the disk. */
static bool fake_boot(const struct vfs *vfs, const char *path, char id[static BOOT_ID_SIZE])
{
	const struct vfs *under = of(vfs)->under;

	return under->boot(under, path, id);
}

static char *fake_trace(const struct vfs *vfs, const char *path, off_t bare)
{
	const struct vfs *under = of(vfs)->under;

	return under->trace(under, path, bare);
}

static int fake_rename(const struct vfs *vfs, const char *from, const char *to)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_RENAME, NULL) ? under->rename(under, from, to) : -1;
}

static int fake_unlink(const struct vfs *vfs, const char *path)
{
	const struct vfs *under = of(vfs)->under;

	return may(vfs, VFS_UNLINK, NULL) ? under->unlink(under, path) : -1;
}

/* Closes in any case, as the system does. */
static int fake_close(const struct vfs *vfs, int file)
{
	const struct vfs *under = of(vfs)->under;
	bool passes = may(vfs, VFS_CLOSE, NULL);
	int cause = errno;
	int result = under->close(under, file);

	if (passes)
		return result;
	errno = cause;
	return -1;
}

struct fake_disk *fake_disk_open(const struct vfs *under)
{
	struct fake_disk *fake = memory_zeroed(sizeof(*fake));

	fake->under = under;
	fake->vfs = (struct vfs){
		.open = fake_open,
		.create = fake_create,
		.read = fake_read,
		.write = fake_write,
		.allocate = fake_allocate,
		.truncate = fake_truncate,
		.sync = fake_sync,
		.sync_directory = fake_sync_directory,
		.lock = fake_lock,
		.is_named = fake_is_named,
		.resolve = fake_resolve,
		.boot = fake_boot,
		.trace = fake_trace,
		.rename = fake_rename,
		.unlink = fake_unlink,
		.close = fake_close,
	};
	pthread_mutex_init(&fake->mutex, NULL);
	pthread_cond_init(&fake->changed, NULL);
	return fake;
}

void fake_disk_close(struct fake_disk *fake)
{
	pthread_cond_destroy(&fake->changed);
	pthread_mutex_destroy(&fake->mutex);
	buffer_free(&fake->calls);
	free(fake);
}

const struct vfs *fake_disk_table(struct fake_disk *fake)
{
	return &fake->vfs;
}

static void set_plan(struct fake_disk *fake, struct plan *plan, struct plan wanted)
{
	pthread_mutex_lock(&fake->mutex);
	*plan = wanted;
	pthread_mutex_unlock(&fake->mutex);
}

void fake_disk_fail(
	struct fake_disk *fake, enum vfs_call call, size_t after, size_t times, int cause)
{
	set_plan(fake, &fake->failures[call],
		(struct plan){.after = after, .times = times, .cause = cause});
}

void fake_disk_shorten(
	struct fake_disk *fake, enum vfs_call call, size_t after, size_t times, size_t most)
{
	set_plan(fake, &fake->shortages[call],
		(struct plan){.after = after, .times = times, .most = most});
}

void fake_disk_repair(struct fake_disk *fake)
{
	for (size_t i = 0; i < VFS_CALLS; i++) {
		set_plan(fake, &fake->failures[i], (struct plan){0});
		set_plan(fake, &fake->shortages[i], (struct plan){0});
	}
}

void fake_disk_hold(struct fake_disk *fake)
{
	pthread_mutex_lock(&fake->mutex);
	fake->is_holding = true;
	pthread_mutex_unlock(&fake->mutex);
}

void fake_disk_let_go(struct fake_disk *fake)
{
	pthread_mutex_lock(&fake->mutex);
	fake->is_holding = false;
	fake->is_held = false;
	pthread_cond_broadcast(&fake->changed);
	pthread_mutex_unlock(&fake->mutex);
}

void fake_disk_wait_held(struct fake_disk *fake)
{
	pthread_mutex_lock(&fake->mutex);
	while (!fake->is_held)
		pthread_cond_wait(&fake->changed, &fake->mutex);
	pthread_mutex_unlock(&fake->mutex);
}

size_t fake_disk_count(struct fake_disk *fake, enum vfs_call call)
{
	pthread_mutex_lock(&fake->mutex);
	size_t count = fake->counts[call];
	pthread_mutex_unlock(&fake->mutex);
	return count;
}

const char *fake_disk_calls(struct fake_disk *fake)
{
	pthread_mutex_lock(&fake->mutex);
	buffer_append(&fake->calls, "", 1);
	fake->calls.length--; /* the end of the string is not of the list */
	pthread_mutex_unlock(&fake->mutex);
	return fake->calls.bytes;
}

void fake_disk_forget(struct fake_disk *fake)
{
	pthread_mutex_lock(&fake->mutex);
	buffer_clear(&fake->calls);
	for (size_t i = 0; i < VFS_CALLS; i++)
		fake->counts[i] = 0;
	pthread_mutex_unlock(&fake->mutex);
}
