#ifndef SOCKET_HOLDER_HOLD_H
#define SOCKET_HOLDER_HOLD_H

#include <stddef.h>

/*
 * The holder: each argument, HANDOVER=ADDRESS[,ADDRESS]..., has it bind and listen at each ADDRESS,
 * and send these sockets to every process that connects to the unix socket HANDOVER, until it is
 * ended by SIGTERM or SIGINT. Unix sockets get mode 0660, and take the place of what an earlier
 * holder has left.
 */
_Noreturn void hold(char **arguments, size_t count);

#endif
