/*
 * The messages for refused names in one table, so that the page and the command give the same
 * reason, each to its own reader.
 */
#include "store/names/username_text.h"

#include <stddef.h>

static const struct username_text texts[] = {
	[USERNAME_FINE] = {NULL, NULL},
	[USERNAME_EMPTY] = {"Enter a username.", "it is empty"},
	[USERNAME_TOO_LONG] = {"A username has at most 64 characters.",
		"it is longer than 64 characters"},
	[USERNAME_CHARACTER] =
		{"A username has only letters and digits, with spaces, dots, hyphens or "
		 "underscores between them.",
			"it has a character that names do not have"},
	[USERNAME_SEPARATOR] =
		{"A space, dot, hyphen or underscore stands alone between two letters or "
		 "digits, not at an end or beside another.",
			"a separator is at an end, or beside another"},
	[USERNAME_MARK] = {"An accent or other mark needs a letter before it.",
		"a mark has no letter before it"},
	[USERNAME_MARKS] = {"A letter has at most 4 accents or other marks.",
		"more than 4 marks follow a letter"},
	[USERNAME_DIRECTION] =
		{"A username is written either from left to right or from right to left, not "
		 "both.",
			"it mixes left-to-right and right-to-left"},
	[USERNAME_DIGITS] = {"A username has Arabic-Indic digits of one kind only.",
		"it has Arabic-Indic digits of two kinds"},
};

const struct username_text *username_text(enum username_problem problem)
{
	return &texts[problem];
}
