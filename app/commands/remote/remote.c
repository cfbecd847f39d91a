/*
 * A command as a client of the server. It comes over the server's socket like a web server, with
 * two parameters that no web server sends: who runs the command, for the log, and which list it
 * means.
 */
#include "commands/remote/remote.h"

#include <inttypes.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/remote/wanted_words.h"
#include "http/form.h"
#include "routes/organiser.h"

/* For one answer: a change waits for the disk. */
#define TIMEOUT_MS 30000

void remote_begin(struct remote *remote, const char *listen)
{
	*remote = (struct remote){.listen = listen, .milliseconds = TIMEOUT_MS};
}

bool remote_is_needed(struct remote *remote, const char *data, const char *listen)
{
	remote_begin(remote, listen);
	holder_find(data, &remote->holder);
	return remote->holder.is_there;
}

int remote_has_list(void)
{
	standard_error_say("rollcall: a process has the list: leave out --new");
	return EX_USAGE;
}

/* The name of the user who runs the command; of one without a name, the number. */
static const char *operator_of_command(char room[static 32])
{
	const struct passwd *user = getpwuid(getuid());

	if (user != NULL)
		return user->pw_name;
	snprintf(room, 32, "uid %ju", (uintmax_t)getuid());
	return room;
}

static int cannot_ask(const struct remote *remote, const char *reason)
{
	/* A server that was asked was there. What its change did is for remote_change() to say. */
	if (!remote->holder.is_there || remote->is_sent) {
		standard_error_say(
			"rollcall: %s: %s", PRINTABLE(remote->listen), PRINTABLE(reason));
		return remote->holder.is_there ? EX_TEMPFAIL : EX_UNAVAILABLE;
	}
	standard_error_say("rollcall: the list is in use by %s, which cannot be asked at %s: %s\n"
			   "--listen says where the server listens.",
		PRINTABLE(remote->holder.name), PRINTABLE(remote->listen), PRINTABLE(reason));
	return EX_TEMPFAIL;
}

int remote_open(struct remote *remote, const struct client_request *request, int *opened)
{
	char room[32];
	const char *const params[] = {ORGANISER_OPERATOR, operator_of_command(room), "HTTP_ACCEPT",
		"application/json", "REQUEST_ID", "command",
		remote->holder.is_there ? ORGANISER_LIST : NULL, remote->holder.list, NULL};
	struct client_request whole = *request;
	struct client_answer answer;
	struct endpoint endpoint;
	struct reason reason;

	remote->is_sent = false;
	whole.params = params;
	buffer_clear(&remote->body);
	if (endpoint_parse(&endpoint, remote->listen, &reason) != RESULT_OK) {
		standard_error_say(
			"rollcall: %s: %s", PRINTABLE(remote->listen), PRINTABLE(reason.text));
		return EX_USAGE;
	}
	enum result result = client_open(
		&endpoint, &whole, remote->milliseconds, &answer, &remote->body, opened, &reason);
	remote->is_sent = answer.is_sent;
	if (result != RESULT_OK)
		return cannot_ask(remote, reason.text);
	remote->status = answer.status;
	return EX_OK;
}

int remote_ask(struct remote *remote, const struct client_request *request)
{
	return remote_open(remote, request, NULL);
}

int remote_change(struct remote *remote, const struct client_request *request, const char *what)
{
	int exits = remote_ask(remote, request);

	if (exits != EX_OK && remote->is_sent)
		standard_error_say(
			"rollcall: it is not known whether %s: 'rollcall export' lists the users",
			what);
	return exits;
}

static int exit_status_of(unsigned status)
{
	switch (status) {
	case 403:
		return EX_NOPERM;
	case 404:
		return EX_NOUSER;
	case 400:
	case 409:
	case 422:
		return EX_DATAERR;
	case 503:
		return EX_TEMPFAIL;
	default:
		return EX_UNAVAILABLE;
	}
}

json_t *remote_json(const struct remote *remote)
{
	return json_loads(remote->body.bytes, 0, NULL);
}

int remote_refused(const struct remote *remote)
{
	json_t *problem = remote_json(remote);
	const char *detail = json_string_value(json_object_get(problem, "detail"));

	standard_error_say(
		"rollcall: %s", PRINTABLE(detail != NULL ? detail : "the server has refused this"));
	json_decref(problem);
	return exit_status_of(remote->status);
}

static uint64_t number_of_user(const json_t *user)
{
	return (uint64_t)json_integer_value(json_object_get(user, "number"));
}

/* "" if it is none. */
static const char *name_of_user(const json_t *user)
{
	const char *name = json_string_value(json_object_get(user, "username"));

	return name != NULL ? name : "";
}

static int ambiguous(const json_t *users)
{
	size_t i;
	json_t *user;

	json_array_foreach(users, i, user)
	{
		wanted_words_ambiguous(i == 0, number_of_user(user), PRINTABLE(name_of_user(user)));
	}
	return EX_DATAERR;
}

/* Of several, the only one with exactly this spelling, or the one with the number. The exact ones
 * come first. */
static int choose_user(
	const json_t *users, const char *name, uint64_t number, const json_t **chosen)
{
	size_t count = json_array_size(users), i;
	json_t *user;

	json_array_foreach(users, i, user)
	{
		if (number != 0 && number_of_user(user) == number)
			*chosen = user;
	}
	if (number != 0)
		return *chosen != NULL ? EX_OK : wanted_words_nobody(name, number);
	if (count == 0)
		return wanted_words_nobody(name, 0);
	*chosen = json_array_get(users, 0);
	bool is_exact = strcmp(name_of_user(*chosen), name) == 0;
	if (count == 1 || (is_exact && strcmp(name_of_user(json_array_get(users, 1)), name) != 0))
		return EX_OK;
	return ambiguous(users);
}

static int keep_user(const json_t *json, struct remote_user *user)
{
	user->number = number_of_user(json);
	buffer_string(&user->name, name_of_user(json));
	buffer_append(&user->name, "", 1);
	return user->name.failed ? EX_OSERR : EX_OK;
}

int remote_read_user(const struct remote *remote, struct remote_user *user)
{
	json_t *json = remote_json(remote);
	int exits = keep_user(json, user);

	json_decref(json);
	return exits;
}

static int find_by_name(
	struct remote *remote, const char *name, uint64_t number, struct remote_user *user)
{
	struct buffer query = {0};
	const json_t *chosen = NULL;

	buffer_string(&query, "name=");
	form_encode(&query, name, strlen(name));
	buffer_append(&query, "", 1);
	int exits = query.failed ? EX_OSERR
				 : remote_ask(remote, &(struct client_request){.method = "GET",
							      .path = "/admin/named",
							      .query = query.bytes});
	buffer_free(&query);
	if (exits != EX_OK)
		return exits;
	if (remote->status != 200)
		return remote_refused(remote);
	json_t *answer = remote_json(remote);
	exits = choose_user(json_object_get(answer, "users"), name, number, &chosen);
	if (exits == EX_OK)
		exits = keep_user(chosen, user);
	json_decref(answer);
	return exits;
}

int remote_find_user(
	struct remote *remote, const char *name, uint64_t number, struct remote_user *user)
{
	char path[64];

	*user = (struct remote_user){.number = 0};
	if (name != NULL)
		return find_by_name(remote, name, number, user);
	snprintf(path, sizeof(path), "/users/%" PRIu64, number);
	int exits = remote_ask(remote, &(struct client_request){.method = "GET", .path = path});
	if (exits != EX_OK)
		return exits;
	if (remote->status == 404)
		return wanted_words_nobody(NULL, number);
	return remote->status == 200 ? remote_read_user(remote, user) : remote_refused(remote);
}
