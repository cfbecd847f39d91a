#ifndef ROLLCALL_COMMANDS_REMOTE_REMOTE_H
#define ROLLCALL_COMMANDS_REMOTE_REMOTE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "fastcgi/client.h"
#include "store/flat_file/holder.h"

/*
 * Commands that change the list of a running server: the server makes the change, and has it on its
 * disk before the command ends. It believes processes of root and of its own user, which the kernel
 * tells it (organiser.h), and only those that mean its list.
 */
struct remote {
	const char *listen; /* where the server is asked: --listen */
	struct holder holder;
	struct buffer body; /* of the last answer, terminated; the caller frees it */
	unsigned status;    /* of the last answer */
	int milliseconds;   /* to wait for an answer */
	bool is_sent;       /* the last request went out, whether or not an answer came */
};

/* For the --help of each of them. */
#define REMOTE_HELP                                                                                \
	"\n"                                                                                       \
	"If a server has the list, the command asks that one, at --listen. For this it has to\n"   \
	"run as root or as the server's own user, over a unix socket (exit status 77,\n"           \
	"EX_NOPERM). Exit status 75 (EX_TEMPFAIL): a process has the list, and cannot be\n"        \
	"asked, or cannot store the change now; or its answer was lost, and the change may\n"      \
	"have been made, which the command says.\n"

/* For a command that asks whatever server listens there. */
void remote_begin(struct remote *remote, const char *listen);

/* Whether a process has the list of --data: then the command is to ask that one. */
bool remote_is_needed(struct remote *remote, const char *data, const char *listen);

/* Says that --new makes no sense then; returns the exit status. */
int remote_has_list(void);

/* Asks. EX_OK: there is an answer, whatever its status; else what is wrong was said. */
int remote_ask(struct remote *remote, const struct client_request *request);

/* The same for a change. If the answer is lost, it says so, and what to look at: the server may
 * have made the change. `what` is that, such as "the user was removed". */
int remote_change(struct remote *remote, const struct client_request *request, const char *what);

/* The same for an answer of which one line is enough: then the answer may go on, and
 * `opened` gets the descriptor of the connection, for close(). NULL: the whole answer. */
int remote_open(struct remote *remote, const struct client_request *request, int *opened);

/* Says why the server has not made the change; returns the exit status. */
int remote_refused(const struct remote *remote);

/* The last answer, which the caller releases; NULL if it is no JSON. */
json_t *remote_json(const struct remote *remote);

/* A user, as the server has it; the caller frees the name, which is terminated. */
struct remote_user {
	uint64_t number;
	struct buffer name;
};

/* "" if there is none. */
static inline const char *remote_user_name(const struct remote_user *user)
{
	return user->name.bytes != NULL ? user->name.bytes : "";
}

/* Asks for the user that the command means, by name and number as wanted_user.h finds it in the
 * file. EX_OK, or what is wrong was said. */
int remote_find_user(
	struct remote *remote, const char *name, uint64_t number, struct remote_user *user);

/* Reads the user that the last answer is. */
int remote_read_user(const struct remote *remote, struct remote_user *user);

#endif
