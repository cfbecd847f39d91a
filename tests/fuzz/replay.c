/*
 * Runs a target on files, in place of libFuzzer: with any compiler, ctest replays the corpus. Each
 * file is named before it is run, so that the last name of the output is that of the fault.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "fuzz/fuzz.h"

static struct buffer contents_of(const char *path)
{
	struct buffer contents = {0};
	FILE *file = fopen(path, "rb");
	char chunk[4096];

	must(file != NULL);
	for (size_t got; (got = fread(chunk, 1, sizeof(chunk), file)) > 0;)
		buffer_append(&contents, chunk, got);
	must(ferror(file) == 0 && !contents.failed);
	fclose(file);
	return contents;
}

static void replay_file(const char *folder, const char *name)
{
	struct buffer path = {0};

	buffer_printf(&path, "%s/%s", folder, name);
	buffer_append(&path, "", 1);
	must(!path.failed);
	puts(path.bytes);
	fflush(stdout);
	struct buffer contents = contents_of(path.bytes);
	/* Of its own size: the buffer has room beyond it, where a sanitizer sees nothing. */
	char *bytes = fuzz_copy(contents.bytes, contents.length);
	must(LLVMFuzzerTestOneInput((const uint8_t *)bytes, contents.length) == 0);
	free(bytes);
	buffer_free(&contents);
	buffer_free(&path);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A corpus without a file is a mistake in its name. */
int main(int count, char **arguments)
{
	struct dirent **entries;
	int files = count == 2 ? scandir(arguments[1], &entries, is_visible, alphasort) : -1;

	if (files <= 0) {
		fprintf(stderr, "usage: %s FOLDER, with files to replay\n", arguments[0]);
		return 2;
	}
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 0; i < files; i++) {
		replay_file(arguments[1], entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}
