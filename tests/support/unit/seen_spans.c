#include "support/unit/seen_spans.h"

#include <string.h>

#include "support/test.h"

#define MOST 32

static struct {
	const char *callback;
	enum loop_phase phase;
} seen[MOST];

static size_t count;

/* The linker puts the first in the place of loop_span_begin(), which is the second. */
void __wrap_loop_span_begin(enum loop_phase phase, const char *callback);
void __real_loop_span_begin(enum loop_phase phase, const char *callback);

static bool is_seen(enum loop_phase phase, const char *callback)
{
	for (size_t i = 0; i < count; i++) {
		if (seen[i].phase == phase && strcmp(seen[i].callback, callback) == 0)
			return true;
	}
	return false;
}

void __wrap_loop_span_begin(enum loop_phase phase, const char *callback)
{
	if (!is_seen(phase, callback)) {
		assert_true(count < MOST);
		seen[count].callback = callback;
		seen[count++].phase = phase;
	}
	__real_loop_span_begin(phase, callback);
}

void expect_seen_span(enum loop_phase phase, const char *callback)
{
	bool is_there = false;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(seen[i].callback, callback) != 0)
			continue;
		if (seen[i].phase != phase)
			fail_msg(
				"%s ran in the phase %s", callback, loop_phase_name(seen[i].phase));
		is_there = true;
	}
	if (!is_there)
		fail_msg("%s did not run", callback);
}
