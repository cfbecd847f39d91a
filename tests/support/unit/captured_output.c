#include "support/unit/captured_output.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

/* cmocka cannot fail the test here: its words would be captured. */
static void need(bool is_done)
{
	if (!is_done)
		abort();
}

void captured_output_begin(struct captured_output *captured, FILE *stream)
{
	captured->stream = stream;
	need(fflush(stream) == 0);
	captured->kept = dup(fileno(stream));
	captured->file = tmpfile();
	need(captured->kept >= 0 && captured->file != NULL);
	need(dup2(fileno(captured->file), fileno(stream)) >= 0);
}

const char *captured_output_end(struct captured_output *captured)
{
	need(fflush(captured->stream) == 0);
	need(dup2(captured->kept, fileno(captured->stream)) >= 0);
	need(close(captured->kept) == 0);
	rewind(captured->file);
	captured->text[fread(captured->text, 1, sizeof(captured->text) - 1, captured->file)] = '\0';
	need(fclose(captured->file) == 0);
	return captured->text;
}
