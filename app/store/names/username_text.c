/*
 * The texts for names that are refused, in one table, so that the page and the command say the same
 * of the same name, each to its own reader. The text for a character names it, and the texts for
 * letters the scripts that they are of.
 */
#include "store/names/username_text.h"

#include <stdio.h>
#include <string.h>
#include <unictype.h>

#include "base/utf8.h"
#include "store/names/context_rules.h"

#define CHARACTER_SIZE   16
#define SCRIPT_SIZE      32
#define DESCRIPTION_SIZE 96

struct username_text {
	const char *advice;
	const char *fault;
};

/* %s stands for a character, or for what is mixed. */
static const struct username_text texts[] = {
	[USERNAME_EMPTY] = {"Enter a name.", "it is empty"},
	[USERNAME_TOO_LONG] = {"A name has at most 64 characters.",
		"it is longer than 64 characters"},
	[USERNAME_CHARACTER] = {"A name can't have %s.", "it has %s, which names do not have"},
	[USERNAME_SEPARATOR] = {"Put a letter or digit before and after each space, hyphen, "
				"underscore or apostrophe. A full stop may come before a space.",
		"a separator is at an end, or beside another"},
	[USERNAME_MARK] = {"An accent or other mark needs a letter before it.",
		"a mark has no letter before it"},
	[USERNAME_MARKS] = {"A letter has at most 4 accents or other marks.",
		"more than 4 marks follow a letter"},
	[USERNAME_DIRECTION] =
		{"In a name with letters of both directions, each word begins with a "
		 "letter and has letters of one direction.",
			"a word mixes directions, or does not begin with a letter"},
	[USERNAME_DIGITS] = {"A name has digits of one kind only.", "it has digits of two kinds"},
	[USERNAME_SCRIPTS] = {"A name can't mix %s.", "it mixes %s"},
};

static const struct username_text not_utf8 = {
	"A name is text in UTF-8.", "it is not text in UTF-8"};
static const struct username_text out_of_place = {
	"A name can't have %s in this place.", "it has %s where names do not have it"};

static const struct username_text *text_for(enum username_problem problem, utf8proc_int32_t refused)
{
	if (problem == USERNAME_CHARACTER && refused < 0)
		return &not_utf8;
	if (problem == USERNAME_CHARACTER && context_rule_of(refused) != CONTEXT_NONE)
		return &out_of_place;
	return &texts[problem];
}

/* Whether the character shows something that a reader would know again between quotation marks. */
static bool is_visible(utf8proc_int32_t c)
{
	const utf8proc_property_t *property = utf8proc_get_property(c);

	switch (property->category) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS:
		return false;
	default:
		return !property->ignorable;
	}
}

/* As in “@”; or as U+200B, if there is nothing to see. */
static void describe(utf8proc_int32_t c, char text[static CHARACTER_SIZE])
{
	char bytes[UTF8_MOST + 1] = "";
	size_t length = 0;

	if (is_visible(c) && utf8_encode(&c, 1, bytes, UTF8_MOST, &length)) {
		bytes[length] = '\0';
		snprintf(text, CHARACTER_SIZE, "\u201c%s\u201d", bytes);
	} else {
		snprintf(text, CHARACTER_SIZE, "U+%04X", (unsigned)c);
	}
}

/* As in "Cyrillic ", or nothing for signs of several scripts. */
static void name_script(utf8proc_int32_t c, char text[static SCRIPT_SIZE])
{
	const uc_script_t *script = uc_script((ucs4_t)c);
	bool is_named = script != NULL && strcmp(script->name, "Common") != 0 &&
			strcmp(script->name, "Inherited") != 0;

	snprintf(text, SCRIPT_SIZE, "%s%s", is_named ? script->name : "", is_named ? " " : "");
	for (char *place = text; (place = strchr(place, '_')) != NULL;)
		*place = ' ';
}

/* What stands for %s. */
static void describe_problem(enum username_problem problem, const struct username *username,
	char text[static DESCRIPTION_SIZE])
{
	char character[CHARACTER_SIZE], script[SCRIPT_SIZE], other[SCRIPT_SIZE];

	describe(username->refused, character);
	if (problem != USERNAME_SCRIPTS) {
		snprintf(text, DESCRIPTION_SIZE, "%s", character);
		return;
	}
	name_script(username->refused, script);
	name_script(username->beside, other);
	snprintf(text, DESCRIPTION_SIZE, "%sletters with the %s%s", other, script, character);
}

static void write_text(enum username_problem problem, const char *format,
	const struct username *username, char text[static USERNAME_TEXT_SIZE])
{
	const char *place = strstr(format, "%s");
	char description[DESCRIPTION_SIZE];

	if (place == NULL) {
		snprintf(text, USERNAME_TEXT_SIZE, "%s", format);
		return;
	}
	describe_problem(problem, username, description);
	snprintf(text, USERNAME_TEXT_SIZE, "%.*s%s%s", (int)(place - format), format, description,
		place + strlen("%s"));
}

void username_advice(enum username_problem problem, const struct username *username,
	char text[static USERNAME_TEXT_SIZE])
{
	write_text(problem, text_for(problem, username->refused)->advice, username, text);
}

void username_fault(enum username_problem problem, const struct username *username,
	char text[static USERNAME_TEXT_SIZE])
{
	write_text(problem, text_for(problem, username->refused)->fault, username, text);
}
