/* libpq as it is installed, as it is not, and as it was before version 14. */
#include "store/database/libpq.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#include "support/test.h"

static bool is_missing;
static const char *missing_function = "";

void *__real_dlopen(const char *name, int mode);
void *__wrap_dlopen(const char *name, int mode);
void *__real_dlsym(void *library, const char *name);
void *__wrap_dlsym(void *library, const char *name);

/* The program's own call, in place of dlopen()'s; the loader has words of its own for this. */
void *__wrap_dlopen(const char *name, int mode)
{
	return __real_dlopen(is_missing ? "libpq-of-no-version.so" : name, mode);
}

void *__wrap_dlsym(void *library, const char *name)
{
	return strcmp(name, missing_function) == 0 ? NULL : __real_dlsym(library, name);
}

TEST(it_is_opened_and_closed)
{
	struct libpq libpq;
	struct reason reason;

	assert_int_equal(libpq_open(&libpq, &reason), RESULT_OK);
	assert_non_null(libpq.PQenterPipelineMode);
	assert_non_null(libpq.PQstatus);
	libpq_close(&libpq);
	assert_null(libpq.library);
	libpq_close(&libpq);
}

TEST(one_that_is_not_installed_is_told_of)
{
	struct libpq libpq;
	struct reason reason;

	is_missing = true;
	assert_int_equal(libpq_open(&libpq, &reason), RESULT_MISSING);
	is_missing = false;
	assert_non_null(strstr(reason.text, "libpq5"));
	assert_non_null(strstr(reason.text, "libpq-of-no-version.so"));
	libpq_close(&libpq);
}

TEST(one_without_pipelines_is_too_old)
{
	struct libpq libpq;
	struct reason reason;

	missing_function = "PQpipelineSync";
	assert_int_equal(libpq_open(&libpq, &reason), RESULT_MISSING);
	missing_function = "";
	assert_string_equal(
		reason.text, "libpq.so.5 has no PQpipelineSync(); version 14 or later is needed");
	assert_null(libpq.library);
}
