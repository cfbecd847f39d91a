#ifndef SOCKET_HOLDER_TAKE_H
#define SOCKET_HOLDER_TAKE_H

/*
 * The taker: asks the holder at path for its sockets, and becomes the command, with them from
 * descriptor 3 on. It says so in both ways that our programs know: LISTEN_FDS and LISTEN_PID
 * (sd_listen_fds(3)), and NGINX, by which an nginx leaves its sockets to the next. A holder that is
 * not there is waited for, so many seconds.
 *
 * The connection to the holder stays open, and a child of the command's process watches it. A new
 * holder has new sockets, and nobody would accept on those. So when the holder ends, the command
 * gets SIGTERM until it ends, and what restarts it has it take the new ones.
 */
_Noreturn void take(const char *path, long seconds, char **command);

/* Returns EXIT_SUCCESS if the holder at path hands over listening sockets; exits if not. */
int check(const char *path);

#endif
