/*
 * The table of options. A row has everything about one: its names, default, bounds, help text, and
 * whether a new value counts without a restart. Reading, --help and reloading go through the rows.
 */
#include "options/option_rows.h"

#include <string.h>

#include "base/endpoint.h"
#include "base/limit.h"
#include "options/options.h"

#define TEXT(member, value)                                                                        \
	offsetof(struct options, member), value, 0, 0, sizeof(((struct options *)0)->member)
#define NUMBER(member, value, least, most)                                                         \
	offsetof(struct options, member), NULL, value, least, most

const struct option_row option_rows[OPTION_ROWS] = {
	{"config", "ROLLCALL_CONFIG", KIND_FILE, CHANGE_RESTART, TEXT(config, ""), "FILE",
		"a file with more settings: NAME=value, with the names of the environment. SIGHUP\n"
		"      reloads it. With - before its name the file may be missing"},
	{"listen", "ROLLCALL_LISTEN", KIND_ADDRESS, CHANGE_RESTART, TEXT(listen, ENDPOINT_DEFAULT),
		"ADDRESS",
		"socket for the web server: PATH, unix:PATH, tcp:ADDRESS:PORT or "
		"tcp:[ADDRESS]:PORT"},
	{"data", "ROLLCALL_DATA", KIND_DIRECTORY, CHANGE_RESTART, TEXT(data, OPTIONS_DATA_DEFAULT),
		"DIRECTORY", "where the users are kept"},
	{"store", "ROLLCALL_STORE", KIND_STORE, CHANGE_RESTART, TEXT(store, ""), "URL",
		"keeps the users in a database in place of --data, so that several machines can\n"
		"      serve them: postgresql://USER@HOST/DATABASE. It has no password: "
		"PGPASSFILE,\n"
		"      or the credential database-password of systemd, has it"},
	{"store-insecure", "ROLLCALL_STORE_INSECURE", KIND_SWITCH, CHANGE_RESTART,
		offsetof(struct options, store_insecure), "off", 0, 0, 0, "SWITCH",
		"on or off: whether a database may be reached over TCP without\n"
		"      sslmode=verify-full, which keeps others from reading along or taking its "
		"place"},
	{"www", "ROLLCALL_WWW", KIND_DIRECTORY, CHANGE_LIVE, TEXT(www, OPTIONS_WWW_DEFAULT),
		"DIRECTORY", "the web server's static files: pages use custom.css if it is there"},
	{"base-path", "ROLLCALL_BASE_PATH", KIND_BASE_PATH, CHANGE_RESTART, TEXT(base_path, ""),
		"PATH",
		"the path that the site is under, such as /signup: every address begins with\n"
		"      it, whether or not the web server takes it off before it asks"},
	{"origin", "ROLLCALL_ORIGIN", KIND_ORIGIN, CHANGE_RESTART, TEXT(origin, ""), "ORIGIN",
		"the origin of the site, such as https://example.org, for a proxy that does not\n"
		"      pass on Host: forms of no other are accepted"},
	{"title", "ROLLCALL_TITLE", KIND_TEXT, CHANGE_LIVE, TEXT(title, "Sign-up sheet"), "TEXT",
		"what the sheet is called, on every page"},
	{"intro", "ROLLCALL_INTRO", KIND_LINES, CHANGE_LIVE, TEXT(intro, ""), "TEXT",
		"what the sheet is for, on the home page. An empty line ends a paragraph; \\n\n"
		"      stands for the end of a line"},
	{"contact", "ROLLCALL_CONTACT", KIND_TEXT, CHANGE_LIVE, TEXT(contact, ""), "TEXT",
		"whom to ask, on every page. A value that is only an e-mail "
		"address or https URL becomes a link"},
	{"privacy", "ROLLCALL_PRIVACY", KIND_LINES, CHANGE_LIVE, TEXT(privacy, ""), "TEXT",
		"what happens to the names, on every page: a text, or an https URL of one"},
	{"opens", "ROLLCALL_OPENS", KIND_TIME, CHANGE_LIVE, offsetof(struct options, opens), "", 0,
		0, 0, "TIME",
		"when sign-up opens: a time of RFC 3339, such as 2026-12-05T18:00:00+01:00"},
	{"closes", "ROLLCALL_CLOSES", KIND_TIME, CHANGE_LIVE, offsetof(struct options, closes), "",
		0, 0, 0, "TIME", "when sign-up closes"},
	{"seats", "ROLLCALL_SEATS", KIND_NUMBER, CHANGE_LIVE, NUMBER(seats, 0, 0, LIMIT_SEATS), "N",
		"users that sign-up is for; 0 for no such limit"},
	{"waiting-list", "ROLLCALL_WAITING_LIST", KIND_SWITCH, CHANGE_LIVE,
		offsetof(struct options, waiting_list), "off", 0, 0, 0, "SWITCH",
		"on or off: whether names are taken when all seats are, and wait for one"},
	{"admin", "ROLLCALL_ADMIN", KIND_SWITCH, CHANGE_LIVE, offsetof(struct options, admin),
		"off", 0, 0, 0, "SWITCH",
		"on or off: whether organisers can change the list at /admin. The web server must\n"
		"      ask for their password there, and send their name as REMOTE_USER"},
	{"public-export", "ROLLCALL_PUBLIC_EXPORT", KIND_SWITCH, CHANGE_LIVE,
		offsetof(struct options, public_export), "off", 0, 0, 0, "SWITCH",
		"on or off: whether anybody, and not only the organiser, can download the list\n"
		"      as a file (/users.csv, /users.jsonl)"},
	{"max-params", "ROLLCALL_MAX_PARAMS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_params, LIMIT_PARAMS, 1024, 1 << 24), "BYTES",
		"parameters of one request"},
	{"max-body", "ROLLCALL_MAX_BODY", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_body, LIMIT_BODY, 0, 1 << 24), "BYTES", "body of one request"},
	{"max-connections", "ROLLCALL_MAX_CONNECTIONS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_connections, LIMIT_CONNECTIONS, 1, 1000000), "N",
		"connections open at once"},
	{"max-streams", "ROLLCALL_MAX_STREAMS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_streams, LIMIT_STREAMS, 0, 1000000), "N",
		"live lists open at once; at most half of the connections"},
	{"max-users", "ROLLCALL_MAX_USERS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_users, LIMIT_USERS, 1, 4000000000), "N", "users stored at most"},
	{"page-size", "ROLLCALL_PAGE_SIZE", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(page_size, LIMIT_PAGE, 1, LIMIT_PAGE_MOST), "N",
		"users on one page of the list"},
	{"workers", "ROLLCALL_WORKERS", KIND_NUMBER, CHANGE_RESTART, NUMBER(workers, 2, 1, 64), "N",
		"threads of the worker pool"},
	{"request-timeout", "ROLLCALL_REQUEST_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(request_timeout, 10000, 1, 3600000), "MS",
		"for a request to arrive, and again for its response to be taken"},
	{"first-request-timeout", "ROLLCALL_FIRST_REQUEST_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(first_request_timeout, 5000, 1, 3600000), "MS",
		"for the first request of a new connection to begin"},
	{"idle-timeout", "ROLLCALL_IDLE_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(idle_timeout, 75000, 1, 86400000), "MS",
		"for the next request of a kept connection to begin"},
	{"stop-timeout", "ROLLCALL_STOP_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(stop_timeout, 8000, 1, 3600000), "MS",
		"for requests under way to end after a signal to stop"},
	{"heartbeat", "ROLLCALL_HEARTBEAT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(heartbeat, 15000, 10, 3600000), "MS",
		"between signs of life on a live list"},
	{"slow-request", "ROLLCALL_SLOW_REQUEST", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(slow_request, 500, 0, 3600000), "MS",
		"for a request: one that takes longer is logged as a warning, with what it waited\n"
		"      for; 0 for none"},
	{"server-timing", "ROLLCALL_SERVER_TIMING", KIND_SWITCH, CHANGE_LIVE,
		offsetof(struct options, server_timing), "off", 0, 0, 0, "SWITCH",
		"on or off: whether responses say how long they waited for the loop and the disk\n"
		"      (Server-Timing), for the developer tools of browsers"},
	{"log-level", "ROLLCALL_LOG_LEVEL", KIND_LEVEL, CHANGE_LIVE,
		offsetof(struct options, log_level), "info", 0, 0, 0, "LEVEL",
		"error, warn, info or debug"},
};

const struct option_row *option_row_of_variable(const char *name)
{
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		if (strcmp(option_rows[i].environment, name) == 0)
			return &option_rows[i];
	}
	return NULL;
}
