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
extern const struct route leave_route;       /* GET and POST /leave/{number} */
extern const struct route create_user_route; /* POST /create-user */
extern const struct route healthz_route;     /* GET /healthz */
extern const struct route readyz_route;      /* GET /readyz */
extern const struct route metrics_route;     /* GET /metrics */
extern const struct route user_events_route; /* GET /users/events */

extern const struct route loop_route;        /* GET /loop */
extern const struct route loop_events_route; /* GET /loop/events */

/* The organiser's pages, in admin/. */
extern const struct route admin_route;         /* GET /admin */
extern const struct route admin_add_route;     /* GET, POST /admin/add */
extern const struct route admin_sheet_route;   /* GET, POST /admin/sheet */
extern const struct route admin_close_route;   /* POST /admin/close */
extern const struct route admin_reopen_route;  /* POST /admin/reopen */
extern const struct route admin_named_route;   /* GET /admin/named */
extern const struct route admin_status_route;  /* GET /admin/status */
extern const struct route admin_user_route;    /* GET /admin/users/{number} */
extern const struct route admin_rename_route;  /* POST /admin/users/{number}/rename */
extern const struct route admin_removal_route; /* GET, POST /admin/users/{number}/remove */

extern const struct route admin_import_route;        /* POST /admin/import */
extern const struct route admin_import_part_route;   /* POST /admin/import/{number} */
extern const struct route admin_import_commit_route; /* POST /admin/import/{number}/commit */

extern const struct route sheet_route; /* GET, PUT /sheet */

/* Those of /users/{number} that are the organiser's. */
route_cb delete_user;
route_cb patch_user;

/* All of them; ends with NULL. */
extern const struct route *const all_routes[];

#endif
