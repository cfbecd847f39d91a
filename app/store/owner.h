#ifndef ROLLCALL_OWNER_H
#define ROLLCALL_OWNER_H

/*
 * Whose a new file is: that of the file it stands for, or of the directory it is in, whoever makes
 * it. So what root's commands write stays the server's. Who may not give files away keeps them.
 * 0, or -1 with errno.
 */

/* Owner, group and mode of `like`; if that is not there, owner and group of its directory. */
int owner_of_file(int file, const char *like);

/* Owner and group of the directory that `path` is in. */
int owner_of_directory(int file, const char *path);

#endif
