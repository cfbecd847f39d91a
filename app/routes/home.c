#include "views/home.h"

#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/home_json.h"

#define LATEST 5 /* users */

static void render(const struct site *site, struct buffer *out, int64_t now)
{
	struct user latest[LATEST];
	struct store_page page = store_page(site->store, STORE_NEWEST, 0, latest, LATEST);

	home_view(out, &(struct home_view){.users = store_count(site->store),
			       .latest = latest,
			       .latest_count = page.count,
			       .now = now});
}

static void get_page(struct site *site, struct response *response)
{
	int64_t now = site->clock();
	char version[KEPT_PAGE_VERSION_SIZE];

	page_cache_version(version, site->store, now);
	if (!page_cache_shows(&site->home, version))
		render(site, page_cache_renew(&site->home, version), now);
	response_lend_body(response, &site->home.body);
	answer_page(response, 200);
}

static void get(struct site *site, struct request *request, struct response *response)
{
	if (answer_in_json(request)) {
		home_json_view(response_body(response), store_count(site->store));
		answer_json(response, 200);
	} else {
		get_page(site, response);
	}
}

const struct route home_route = {.path = "/", .get = get};
