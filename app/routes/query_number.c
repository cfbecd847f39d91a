/* Several routes take one number in the query, and nothing else of it. */
#include "routes/query_number.h"

#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "http/form.h"

enum result query_number(const char *query, const char *name, bool *is_given, uint64_t *number)
{
	struct form_field field = {.name = name};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, query, strlen(query));
	enum result result = form_finish(&form);
	*is_given = field.is_present;
	if (result == RESULT_OK && field.is_present &&
		!decimal_is_number(field.value.bytes, field.value.length, LIMIT_PLACE, number))
		result = RESULT_MALFORMED;
	buffer_free(&field.value);
	return result;
}
