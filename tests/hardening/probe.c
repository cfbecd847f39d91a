/*
 * Does what the program must not do, compiled with the program's flags: `hardening_probe variables`
 * reads variables that nobody has set, `memory` writes beyond memory whose size is known only when
 * it runs, and `stack` beyond an array. It fails if a flag that should have prevented that did not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY 1024

/* For the compiler they are read and written here. */
static void hide(void *bytes)
{
	__asm__ volatile("" : : "r"(bytes) : "memory");
}

static void __attribute__((noinline)) leave_something(void)
{
	char bytes[2 * ARRAY];

	memset(bytes, 0x55, sizeof(bytes));
	hide(bytes);
}

static int __attribute__((noinline)) read_variables(void)
{
	char bytes[ARRAY];
	void *pointer;

	hide(bytes);
	hide(&pointer);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		if (bytes[i] != 0)
			return EXIT_FAILURE;
	}
	return pointer == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int __attribute__((noinline)) overrun_memory(size_t size)
{
	char *bytes = malloc(size);

	if (bytes == NULL)
		return EXIT_FAILURE;
	memset(bytes, 1, size + 1);
	hide(bytes);
	free(bytes);
	return EXIT_SUCCESS;
}

static int __attribute__((noinline)) overrun_stack(size_t size)
{
	char bytes[16];
	char *hidden = bytes;

	hide(&hidden);
	for (size_t i = 0; i < size; i++)
		hidden[i] = 1;
	hide(bytes);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	size_t size = 20;

	hide(&size);
	if (strcmp(what, "variables") == 0) {
		leave_something();
		return read_variables();
	}
	if (strcmp(what, "memory") == 0)
		return overrun_memory(size);
	if (strcmp(what, "stack") == 0)
		return overrun_stack(2 * size);
	fprintf(stderr, "usage: hardening_probe variables|memory|stack\n");
	return 2;
}
