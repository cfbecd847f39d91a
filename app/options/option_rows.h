#ifndef ROLLCALL_OPTIONS_OPTION_ROWS_H
#define ROLLCALL_OPTIONS_OPTION_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* The table of all options that have a value, for options.h. */
enum kind {
	KIND_ADDRESS,
	KIND_BASE_PATH,
	KIND_ORIGIN,
	KIND_DIRECTORY,
	KIND_STORE,
	KIND_FILE,
	KIND_TEXT,
	KIND_LINES,
	KIND_TIME,
	KIND_NUMBER,
	KIND_SWITCH,
	KIND_LEVEL
};

/* When a new value of an option counts. */
enum change { CHANGE_RESTART, CHANGE_LIVE };

/* One row says all there is to know of an option. */
struct option_row {
	const char *name;
	const char *environment;
	enum kind kind;
	enum change change;
	size_t offset; /* in struct options */
	const char *text;
	int64_t number; /* the default: `text` or `number` */
	int64_t least;
	int64_t most; /* of a text: room for it, four bytes for each character and one more */
	const char *value_name;
	const char *help;
};

/* In the order of --help. */
#define OPTION_ROWS 33
extern const struct option_row option_rows[OPTION_ROWS];

/* The row of a variable of the environment, or NULL. */
const struct option_row *option_row_of_variable(const char *name);

#endif
