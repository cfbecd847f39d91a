#ifndef ROLLCALL_ROUTES_SITE_H
#define ROLLCALL_ROUTES_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/meters/utilization.h"
#include "routes/leave/leave_link.h"
#include "routes/page_cache.h"
#include "routes/sheet.h"

struct streams;
struct turns;
struct loop_watch;

/* What the routes work with. */
struct site {
	struct sheet sheet;        /* as it is */
	struct sheet option_sheet; /* as it is where nothing of it was set: the options */
	struct store *store;
	struct log *log;               /* of what organisers change */
	struct import_session *import; /* under way; NULL: none */
	struct streams *streams;       /* of new users; NULL where nothing goes on */
	struct turns *turns;           /* of long responses; NULL as well */
	struct loop_watch *watch;      /* what the loop does; NULL as well */
	struct streams *watchers;      /* clients that look at that; NULL as well */
	size_t page_size;              /* users on a page of the list, LIMIT_PAGE_MOST at most */
	size_t print_size;             /* and of one to print */
	bool is_export_public;         /* whether anybody may download the list */
	int64_t (*clock)(void);        /* what time it is, as in timestamp.h */
	char list[48];                 /* which list it has (organiser.h); empty: not known */
	bool has_admin;     /* organisers whom the web server names may change the list */
	bool has_leave_key; /* users can take themselves off the list, with a code */
	unsigned char leave_key[LEAVE_KEY_BYTES]; /* for leave_link.h */
	bool is_stopping;            /* GET /readyz says so: no more requests are to be sent */
	struct utilization scraped;  /* what GET /metrics has seen of the loop */
	enum sheet_state home_phase; /* in which `home` was rendered */
	struct page_cache home;      /* what GET / shows */
	struct page_cache users;     /* and the newest page of GET /users */
};

#endif
