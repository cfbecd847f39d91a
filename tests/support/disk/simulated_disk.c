#include "support/disk/simulated_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

#define MOST_DESCRIPTORS 16

struct simulated_disk {
	struct vfs vfs; /* first: what the journal is given is also the simulated disk */
	struct simulated_names *names;
	struct simulated_file **files; /* by number; NULL for what nobody can reach */
	size_t count;
	size_t descriptors[MOST_DESCRIPTORS]; /* files, SIMULATED_NO_FILE where free */
	bool has_lock[MOST_DESCRIPTORS];      /* of the descriptors */
	size_t others[MOST_DESCRIPTORS];      /* files that another process has locked */
	uint64_t chance;
	unsigned boot; /* counts the starts of the machine */
	bool is_full;
	size_t calls;
	simulated_watch *watch;
	void *argument;
	struct simulated_fault fault;
	bool is_faulty; /* the fault is yet to come */
	bool has_failed;
	size_t calls_left; /* until its death */
	bool is_dead;
};

static struct simulated_disk *of(const struct vfs *vfs)
{
	return (struct simulated_disk *)vfs;
}

static const char *name_of(const char *path)
{
	const char *elsewhere = strstr(path, SIMULATED_ELSEWHERE);
	const char *slash = strrchr(path, '/');

	if (elsewhere != NULL)
		return elsewhere;
	return slash != NULL ? slash + 1 : path;
}

static struct simulated_file *file_of(const struct simulated_disk *disk, int descriptor)
{
	return disk->files[disk->descriptors[descriptor]];
}

/* Whether the fault falls on this call; of `length` bytes, unless NULL, a short one has half. */
static bool fails(struct simulated_disk *disk, size_t *length)
{
	if (!disk->is_faulty)
		return false;
	if (disk->fault.after > 0) {
		disk->fault.after--;
		return false;
	}
	bool is_short = disk->fault.is_short;
	disk->fault.is_short = false;
	if (is_short && length != NULL)
		*length = (*length + 1) / 2;
	disk->is_faulty = is_short && disk->fault.cause != 0;
	disk->has_failed = !disk->is_faulty;
	errno = disk->fault.cause;
	return !is_short;
}

/* Whether the call may have its effect. */
static bool may(const struct vfs *table, bool is_change, size_t *length)
{
	struct simulated_disk *disk = of(table);

	disk->calls++;
	if (is_change && disk->watch != NULL && !disk->is_dead)
		disk->watch(disk->argument, disk);
	disk->is_dead = disk->is_dead || disk->calls_left == 0;
	if (disk->is_dead) {
		errno = EIO;
		return false;
	}
	disk->calls_left--;
	return !fails(disk, length);
}

/* For more than there is. */
static bool has_room(const struct simulated_disk *disk)
{
	if (disk->is_full)
		errno = ENOSPC;
	return !disk->is_full;
}

static size_t add_file(struct simulated_disk *disk, struct simulated_file *file)
{
	disk->files = memory_resized(disk->files, disk->count + 1, sizeof(struct simulated_file *));
	disk->files[disk->count] = file;
	return disk->count++;
}

static int descriptor_for(struct simulated_disk *disk, size_t file)
{
	for (int i = 0; i < MOST_DESCRIPTORS; i++)
		if (disk->descriptors[i] == SIMULATED_NO_FILE) {
			disk->descriptors[i] = file;
			return i;
		}
	errno = EMFILE;
	return -1;
}

static size_t find_file(const struct simulated_disk *disk, const char *path)
{
	return simulated_list_find(simulated_names_visible(disk->names), name_of(path));
}

static int simulated_open(const struct vfs *table, const char *path, int flags)
{
	struct simulated_disk *disk = of(table);
	size_t file = find_file(disk, path);

	if (!may(table, false, NULL))
		return -1;
	if ((flags & O_NOFOLLOW) != 0 && simulated_disk_is_link(disk, name_of(path))) {
		errno = ELOOP;
		return -1;
	}
	if (file != SIMULATED_NO_FILE)
		return descriptor_for(disk, file);
	errno = ENOENT;
	return -1;
}

/* One that fails because the file exists already does not count: how often that happens depends on
 * the clock, of which names are made. */
static int simulated_create(const struct vfs *table, const char *path, const char *like)
{
	struct simulated_disk *disk = of(table);

	(void)like; /* all files are everybody's */
	if (!disk->is_dead && find_file(disk, path) != SIMULATED_NO_FILE) {
		errno = EEXIST;
		return -1;
	}
	if (!may(table, true, NULL) || !has_room(disk))
		return -1;
	size_t file = add_file(disk, simulated_file_make());
	simulated_names_link(disk->names, name_of(path), file);
	return descriptor_for(disk, file);
}

static ssize_t simulated_read(
	const struct vfs *table, int descriptor, void *bytes, size_t length, off_t offset)
{
	if (!may(table, false, &length))
		return -1;
	const struct buffer *visible = simulated_file_visible(file_of(of(table), descriptor));
	if ((size_t)offset >= visible->length)
		return 0;
	size_t left = visible->length - (size_t)offset;
	length = length < left ? length : left;
	memcpy(bytes, visible->bytes + offset, length);
	return (ssize_t)length;
}

static ssize_t simulated_write(
	const struct vfs *table, int descriptor, const void *bytes, size_t length, off_t offset)
{
	if (!may(table, true, &length) || !has_room(of(table)))
		return -1;
	simulated_file_write(file_of(of(table), descriptor), bytes, length, offset);
	return (ssize_t)length;
}

/* Room is all it gives. */
static int simulated_allocate(const struct vfs *table, int descriptor, off_t offset, off_t length)
{
	(void)descriptor, (void)offset, (void)length;
	return may(table, false, NULL) && has_room(of(table)) ? 0 : -1;
}

static int simulated_truncate(const struct vfs *table, int descriptor, off_t length)
{
	if (!may(table, true, NULL))
		return -1;
	simulated_file_truncate(file_of(of(table), descriptor), length);
	return 0;
}

static uint64_t next_chance(struct simulated_disk *disk)
{
	disk->chance = XXH3_64bits(&disk->chance, sizeof(disk->chance));
	return disk->chance;
}

static void lose(struct simulated_disk *disk, struct simulated_file *file)
{
	struct simulated_cut cut = SIMULATED_CUT_FIRST;
	uint64_t ways = 1;

	while (simulated_file_next_cut(file, &cut))
		ways++;
	cut = SIMULATED_CUT_FIRST;
	for (uint64_t way = next_chance(disk) % ways; way > 0; way--)
		(void)simulated_file_next_cut(file, &cut);
	simulated_file_lose(file, &cut);
}

static int simulated_sync(const struct vfs *table, int descriptor)
{
	struct simulated_disk *disk = of(table);
	struct simulated_file *file = file_of(disk, descriptor);

	if (may(table, true, NULL)) {
		simulated_file_sync(file);
		return 0;
	}
	int cause = errno;
	if (!disk->is_dead)
		lose(disk, file);
	errno = cause;
	return -1;
}

static int simulated_sync_directory(const struct vfs *table, const char *path)
{
	char *name = memory_printf("%s/", path);
	bool passes = may(table, true, NULL);

	if (passes)
		simulated_names_sync(of(table)->names, name_of(name));
	free(name);
	return passes ? 0 : -1;
}

/* A second descriptor of the same file does not get it. */
static int simulated_lock(const struct vfs *table, int descriptor, unsigned wait)
{
	struct simulated_disk *disk = of(table);
	size_t file = disk->descriptors[descriptor];

	(void)wait;
	if (!may(table, true, NULL))
		return -1;
	for (int i = 0; i < MOST_DESCRIPTORS; i++)
		if (disk->others[i] == file ||
			(i != descriptor && disk->has_lock[i] && disk->descriptors[i] == file)) {
			errno = EAGAIN;
			return -1;
		}
	disk->has_lock[descriptor] = true;
	return 0;
}

static int simulated_is_named(const struct vfs *table, int descriptor, const char *path)
{
	struct simulated_disk *disk = of(table);

	if (!may(table, false, NULL))
		return -1;
	return find_file(disk, path) == disk->descriptors[descriptor];
}

static char *simulated_resolve(const struct vfs *table, const char *path)
{
	const struct simulated_list *visible = simulated_names_visible(of(table)->names);
	const char *name = name_of(path);

	if (!may(table, false, NULL))
		return NULL;
	if (!simulated_list_is_link(visible, name))
		return memory_printf("%s", path);
	if (simulated_list_find(visible, name) != SIMULATED_NO_FILE)
		return memory_printf(SIMULATED_ELSEWHERE "%s", name);
	errno = ENOLINK;
	return NULL;
}

static bool simulated_boot(const struct vfs *table, const char *path, char id[static BOOT_ID_SIZE])
{
	(void)path;
	snprintf(id, BOOT_ID_SIZE, "%u", of(table)->boot);
	return true;
}

static char *simulated_trace(const struct vfs *table, const char *path, off_t bare)
{
	const struct simulated_list *visible = simulated_names_visible(of(table)->names);
	char *stem = memory_printf("%s.", name_of(path));
	char *found = NULL;

	for (size_t i = 0; i < visible->count && found == NULL; i++) {
		const char *name = visible->names[i].name;
		if (strncmp(name, stem, strlen(stem)) != 0)
			continue;
		bool is_new = strcmp(name + strlen(stem), "new") == 0;
		if (!is_new || (off_t)simulated_disk_visible(of(table), name)->length > bare)
			found = memory_printf("%s", name);
	}
	free(stem);
	return found;
}

static int simulated_rename(const struct vfs *table, const char *from, const char *to)
{
	if (!may(table, true, NULL))
		return -1;
	if (simulated_names_rename(of(table)->names, name_of(from), name_of(to)))
		return 0;
	errno = ENOENT;
	return -1;
}

static int simulated_unlink(const struct vfs *table, const char *path)
{
	if (!may(table, true, NULL))
		return -1;
	if (simulated_names_unlink(of(table)->names, name_of(path)))
		return 0;
	errno = ENOENT;
	return -1;
}

/* Closes in any case, as the system does. */
static int simulated_close(const struct vfs *table, int descriptor)
{
	bool passes = may(table, false, NULL);

	of(table)->descriptors[descriptor] = SIMULATED_NO_FILE;
	of(table)->has_lock[descriptor] = false;
	return passes ? 0 : -1;
}

struct simulated_disk *simulated_disk_of(
	struct simulated_names *names, struct simulated_file **files, size_t count, uint64_t seed)
{
	struct simulated_disk *disk = memory_zeroed(sizeof(*disk));

	*disk = (struct simulated_disk){
		.vfs = {.open = simulated_open,
			.create = simulated_create,
			.read = simulated_read,
			.write = simulated_write,
			.allocate = simulated_allocate,
			.truncate = simulated_truncate,
			.sync = simulated_sync,
			.sync_directory = simulated_sync_directory,
			.lock = simulated_lock,
			.is_named = simulated_is_named,
			.resolve = simulated_resolve,
			.boot = simulated_boot,
			.trace = simulated_trace,
			.rename = simulated_rename,
			.unlink = simulated_unlink,
			.close = simulated_close},
		.names = names,
		.files = files,
		.count = count,
		.chance = seed,
		.calls_left = SIZE_MAX,
	};
	for (size_t i = 0; i < MOST_DESCRIPTORS; i++) {
		disk->descriptors[i] = SIMULATED_NO_FILE;
		disk->others[i] = SIMULATED_NO_FILE;
	}
	return disk;
}

struct simulated_disk *simulated_disk_open(uint64_t seed)
{
	return simulated_disk_of(simulated_names_open(), NULL, 0, seed);
}

struct simulated_disk *simulated_disk_copy(const struct simulated_disk *disk)
{
	struct simulated_file **files =
		memory_resized(NULL, disk->count + 1, sizeof(struct simulated_file *));

	for (size_t i = 0; i < disk->count; i++)
		files[i] = simulated_names_has(disk->names, i) ? simulated_file_copy(disk->files[i])
							       : NULL;
	struct simulated_disk *copy = simulated_disk_of(
		simulated_names_copy(disk->names), files, disk->count, disk->chance);
	copy->boot = disk->boot;
	return copy;
}

unsigned simulated_disk_boot(const struct simulated_disk *disk)
{
	return disk->boot;
}

void simulated_disk_restart(struct simulated_disk *disk, unsigned boot)
{
	disk->boot = boot;
}

void simulated_disk_fill(struct simulated_disk *disk, bool is_full)
{
	disk->is_full = is_full;
}

struct simulated_disk *simulated_disk_beside(const struct simulated_disk *disk)
{
	struct simulated_disk *copy = simulated_disk_copy(disk);

	for (size_t i = 0; i < MOST_DESCRIPTORS; i++)
		if (disk->has_lock[i])
			copy->others[i] = disk->descriptors[i];
	return copy;
}

void simulated_disk_close(struct simulated_disk *disk)
{
	if (disk == NULL)
		return;
	for (size_t i = 0; i < disk->count; i++)
		simulated_file_free(disk->files[i]);
	free(disk->files);
	simulated_names_close(disk->names);
	free(disk);
}

const struct vfs *simulated_disk_table(struct simulated_disk *disk)
{
	return &disk->vfs;
}

void simulated_disk_put(
	struct simulated_disk *disk, const char *name, const struct buffer *bytes, bool is_named)
{
	bool is_link = simulated_disk_is_link(disk, name);
	char *target = memory_printf("%s%s", is_link ? SIMULATED_ELSEWHERE : "", name);

	simulated_names_link(disk->names, target, add_file(disk, simulated_file_of(bytes)));
	if (is_named)
		simulated_names_sync(disk->names, target);
	free(target);
}

void simulated_disk_link(struct simulated_disk *disk, const char *name)
{
	simulated_names_link(disk->names, name, SIMULATED_LINK);
}

bool simulated_disk_is_link(const struct simulated_disk *disk, const char *name)
{
	return simulated_list_is_link(simulated_names_visible(disk->names), name);
}

void simulated_disk_watch(struct simulated_disk *disk, simulated_watch *watch, void *argument)
{
	disk->watch = watch;
	disk->argument = argument;
}

void simulated_disk_fail(struct simulated_disk *disk, const struct simulated_fault *fault)
{
	disk->fault = *fault;
	disk->is_faulty = true;
	disk->has_failed = false;
}

size_t simulated_disk_calls(const struct simulated_disk *disk)
{
	return disk->calls;
}

bool simulated_disk_has_failed(const struct simulated_disk *disk)
{
	return disk->has_failed;
}

void simulated_disk_kill(struct simulated_disk *disk, size_t after)
{
	disk->calls_left = after;
}

bool simulated_disk_is_dead(const struct simulated_disk *disk)
{
	return disk->is_dead;
}

static const struct simulated_file *visible_file(
	const struct simulated_disk *disk, const char *name)
{
	size_t file = simulated_list_find(simulated_names_visible(disk->names), name);

	return file != SIMULATED_NO_FILE ? disk->files[file] : NULL;
}

const struct buffer *simulated_disk_visible(const struct simulated_disk *disk, const char *name)
{
	const struct simulated_file *file = visible_file(disk, name);

	return file != NULL ? simulated_file_visible(file) : NULL;
}

bool simulated_disk_is_settled(const struct simulated_disk *disk, const char *name)
{
	const struct simulated_file *file = visible_file(disk, name);
	struct simulated_list durable = simulated_names_cut(disk->names, 0);
	size_t number = simulated_list_find(&durable, name);

	simulated_list_free(&durable);
	return file != NULL && number != SIMULATED_NO_FILE && disk->files[number] == file &&
	       simulated_file_is_settled(file);
}

const struct simulated_names *simulated_disk_names(const struct simulated_disk *disk)
{
	return disk->names;
}

const struct simulated_file *simulated_disk_file(const struct simulated_disk *disk, size_t file)
{
	return disk->files[file];
}
