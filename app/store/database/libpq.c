/* Opens libpq by its name, which has been the same since 2006, and looks its functions up. What is
 * newest among them are those of pipelines, so a library that has all is new enough. It stays in
 * the process until its end: the libraries behind it, OpenSSL first of all, do not stand being
 * unloaded. */
#include "store/database/libpq.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char library_name[] = "libpq.so.5";

static const struct function_place {
	const char *name;
	size_t offset;
} function_places[] = {
#define LIBPQ_PLACE(name) {#name, offsetof(struct libpq, name)},
	LIBPQ_FUNCTIONS(LIBPQ_PLACE)
#undef LIBPQ_PLACE
};

/* ISO C has no conversion from an object's pointer to a function's. */
static bool find_function(struct libpq *libpq, const struct function_place *place)
{
	void *function = dlsym(libpq->library, place->name);

	memcpy((char *)libpq + place->offset, &function, sizeof function);
	return function != NULL;
}

enum result libpq_open(struct libpq *libpq, struct reason *reason)
{
	*libpq = (struct libpq){.library = dlopen(library_name, RTLD_NOW | RTLD_NODELETE)};
	if (libpq->library == NULL)
		return reason_fail(reason, RESULT_MISSING,
			"a store in a database needs PostgreSQL's client library, in Debian "
			"apt-get install libpq5: %s",
			dlerror());
	for (size_t i = 0; i < sizeof function_places / sizeof *function_places; i++) {
		if (!find_function(libpq, &function_places[i])) {
			libpq_close(libpq);
			return reason_fail(reason, RESULT_MISSING,
				"%s has no %s(); version 14 or later is needed", library_name,
				function_places[i].name);
		}
	}
	return RESULT_OK;
}

void libpq_close(struct libpq *libpq)
{
	if (libpq->library != NULL)
		dlclose(libpq->library);
	*libpq = (struct libpq){0};
}
