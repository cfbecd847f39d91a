#ifndef ROLLCALL_ROUTES_ROUTES_H
#define ROLLCALL_ROUTES_ROUTES_H

#include "http/router.h"

/* One file for each, of the same name, here or in a folder. A new route is a file, a line here, and
 * a line in the table.
 */
extern const struct route home_route;        /* GET / */
extern const struct route users_route;       /* GET /users */
extern const struct route users_print_route; /* GET /users/print */
extern const struct route users_csv_route;   /* GET /users.csv */
extern const struct route users_jsonl_route; /* GET /users.jsonl */
extern const struct route user_route;        /* GET /users/{number} */
extern const struct route create_user_route; /* POST /create-user */
extern const struct route healthz_route;     /* GET /healthz */
extern const struct route readyz_route;      /* GET /readyz */
extern const struct route user_events_route; /* GET /users/events */

/* All of them; ends with NULL. */
extern const struct route *const all_routes[];

#endif
