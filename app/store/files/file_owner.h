#ifndef ROLLCALL_STORE_FILES_FILE_OWNER_H
#define ROLLCALL_STORE_FILES_FILE_OWNER_H

/*
 * Owner and access rights of a new file: what root's commands write stays the server's, and what
 * takes the place of a file gives no access that the old one did not.
 */

/*
 * Makes a file that is not there yet, open for reading and writing, and returns its descriptor, or
 * -1 with errno. It gets owner, group, mode and access control list (acl(5)) of `like`. If that is
 * not there, it gets owner and group of its directory; if `like` is NULL, it is the caller's. Then
 * its mode is as for any new file: 0640, less the umask.
 *
 * A caller that may not give the file away keeps it, and its mode is narrowed: members of the old
 * group count as others, and others as members of the new one. Without its group a list is not
 * kept, and the file is open to its owner only.
 */
int file_owner_create(const char *path, const char *like);

#endif
