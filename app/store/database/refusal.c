/* Which refusals of a server are final. */
#include "store/database/refusal.h"

#include <stddef.h>
#include <string.h>

#include "base/reason.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* Beginnings: who it is (28), which database (3D), and what lose_by_statement() is told of what is
 * in it. */
static const char *const final_states[] = {
	"28", "3D", "3F000", "42P01", "42883", "42703", "42704", "42501"};

/* libpq says the last four itself. */
static const char *const final_words[] = {"authentication failed", "does not exist",
	"no pg_hba.conf entry", "pg_hba.conf rejects", "permission denied for",
	"not permitted to log in", "no password supplied", "certificate verify failed",
	"does not match host name", "server does not support SSL"};

bool refusal_is_final(const char *sqlstate, const char *words)
{
	bool is_told = *sqlstate != '\0';

	for (size_t i = 0; is_told && i < COUNT(final_states); i++) {
		if (strncmp(sqlstate, final_states[i], strlen(final_states[i])) == 0)
			return true;
	}
	for (size_t i = 0; !is_told && i < COUNT(final_words); i++) {
		if (strstr(words, final_words[i]) != NULL)
			return true;
	}
	return false;
}

bool refusal_is_of_all(const char *words)
{
	struct reason line;
	bool is_final = false;

	for (; *words != '\0'; words += strspn(words, "\n")) {
		size_t length = strcspn(words, "\n");
		reason_set(&line, "%.*s", (int)length, words);
		words += length;
		if (strncmp(line.text, "connection to server", 20) != 0)
			continue; /* a hint */
		is_final = refusal_is_final("", line.text);
		if (!is_final)
			return false;
	}
	return is_final;
}
