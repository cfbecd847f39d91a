#include "fuzz/store/memory_lock.h"

#include <stdio.h>

#include "fuzz/fuzz.h"
#include "store/files/lock.h"

#define DESCRIPTOR 1000

static bool is_held, is_clean;

/* The linker puts these in the place of the functions (--wrap). */
enum result __wrap_lock_acquire(const char *path, unsigned wait, const char *boot, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE]);
int __wrap_lock_name(int descriptor, const char *boot);
int __wrap_lock_blank(int descriptor);
bool __wrap_lock_stands(int descriptor, const char *path);
void __wrap_lock_release(int descriptor);
void __wrap_lock_leave(int descriptor, bool is_named, const char *boot);

void memory_lock_set(bool was_clean)
{
	must(!is_held);
	is_clean = was_clean;
}

bool memory_lock_is_held(void)
{
	return is_held;
}

bool memory_lock_is_clean(void)
{
	return is_clean;
}

enum result __wrap_lock_acquire(const char *path, unsigned wait, const char *boot, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE])
{
	(void)path, (void)wait, (void)boot;
	must(!is_held);
	snprintf(holder, LOCK_HOLDER_SIZE, "%s", is_clean ? "" : "process 1 on another");
	is_held = true;
	is_clean = false;
	*descriptor = DESCRIPTOR;
	return RESULT_OK;
}

int __wrap_lock_name(int descriptor, const char *boot)
{
	(void)boot;
	must(is_held && descriptor == DESCRIPTOR);
	return 0;
}

int __wrap_lock_blank(int descriptor)
{
	must(is_held && descriptor == DESCRIPTOR);
	return 0;
}

bool __wrap_lock_stands(int descriptor, const char *path)
{
	(void)path;
	must(is_held && descriptor == DESCRIPTOR);
	return true;
}

void __wrap_lock_release(int descriptor)
{
	must(is_held && descriptor == DESCRIPTOR);
	is_held = false;
	is_clean = true;
}

void __wrap_lock_leave(int descriptor, bool is_named, const char *boot)
{
	(void)is_named, (void)boot;
	must(is_held && descriptor == DESCRIPTOR);
	is_held = false;
}
