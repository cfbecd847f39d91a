#ifndef ROLLCALL_STORE_FILES_BOOT_ID_H
#define ROLLCALL_STORE_FILES_BOOT_ID_H

#include <stdbool.h>

/*
 * Tells one run of the kernel from the next. A page cache does not outlive its kernel: what is read
 * from a local disk after the machine was started anew is what the disk has, whatever happened
 * before.
 */
#define BOOT_ID_SIZE 37

/*
 * The id of this run (random(4), boot_id). False if it would say nothing about what is read at
 * `path`: the file system has caches elsewhere (unsafe_file_system.h), or the id is not the
 * kernel's own. systemd-nspawn and LXC mount another one over it each time that a container starts,
 * while the page cache stays.
 */
bool boot_id(const char *path, char id[static BOOT_ID_SIZE]);

/* The same of any file with an id. */
bool boot_id_from(const char *source, char id[static BOOT_ID_SIZE]);

#endif
