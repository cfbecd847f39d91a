/* The table of routes. The router tries them in this order, so the busiest stand first; no two have
 * the same path. */
#include "routes/routes.h"

#include <stddef.h>

const struct route *const all_routes[] = {
	&home_route,
	&create_user_route,
	&leave_route,
	&users_route,
	&users_print_route,
	&users_csv_route,
	&users_jsonl_route,
	&user_route,
	&user_events_route,
	&healthz_route,
	&readyz_route,
	&metrics_route,
	&loop_route,
	&loop_events_route,
	&sheet_route,
	&admin_route,
	&admin_sheet_route,
	&admin_close_route,
	&admin_reopen_route,
	&admin_add_route,
	&admin_named_route,
	&admin_status_route,
	&admin_user_route,
	&admin_rename_route,
	&admin_removal_route,
	&admin_import_route,
	&admin_import_part_route,
	&admin_import_commit_route,
	NULL,
};
