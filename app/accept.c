#include "accept.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* One element of the list, borrowed from it. */
struct range {
	const char *name; /* type/subtype, either of which may be a star */
	size_t length;
	int quality; /* thousandths */
	bool has_quality;
	bool is_void; /* cannot be read, or wants a parameter that nothing here has */
};

/* How well an offer suits: what the most exact of the ranges that hold it says. */
struct fit {
	int exactness; /* 0: no range holds it */
	int quality;
};

static const char *skip_blank(const char *at)
{
	return at + strspn(at, " \t");
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* 0 to 1 in thousandths, -1 for what is no weight. More digits than there may be are let pass. */
static int parse_weight(const char *text, size_t length)
{
	int place = 100;

	if (length == 0 || (text[0] != '0' && text[0] != '1') || (length > 1 && text[1] != '.'))
		return -1;
	int weight = text[0] == '1' ? 1000 : 0;
	for (size_t i = 2; i < length; i++, place /= 10) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		weight += (text[i] - '0') * place;
	}
	return weight <= 1000 ? weight : -1;
}

static void apply_parameter(struct range *range, const char *name, size_t name_length,
	const char *value, size_t value_length)
{
	if (range->has_quality)
		return; /* what follows a weight once were extensions */
	if (is_word(name, name_length, "q")) {
		range->quality = parse_weight(value, value_length);
		range->has_quality = true;
		range->is_void |= range->quality < 0;
	} else if (!is_word(name, name_length, "charset") ||
		   !is_word(value, value_length, "utf-8")) {
		range->is_void = true;
	}
}

/* Sets what the value is, without its quotes, and returns where it ends. */
static const char *take_value(const char *at, const char **value, size_t *length)
{
	if (*at != '"') {
		*value = at;
		*length = strcspn(at, " \t,;\"");
		return at + *length;
	}
	*value = ++at;
	while (*at != '"' && *at != '\0')
		at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
	*length = (size_t)(at - *value);
	return *at == '"' ? at + 1 : at;
}

static const char *take_parameter(const char *at, struct range *range)
{
	const char *name = skip_blank(at), *value = "";
	size_t name_length = strcspn(name, " \t=,;"), value_length = 0;

	at = name + name_length;
	if (*at == '=')
		at = take_value(at + 1, &value, &value_length);
	if (name_length > 0) /* a semicolon may stand alone */
		apply_parameter(range, name, name_length, value, value_length);
	return skip_blank(at);
}

/* The element that begins here; returns where the next one does, NULL if there was none. */
static const char *take_range(const char *at, struct range *range)
{
	at += strspn(at, ", \t");
	if (*at == '\0')
		return NULL;
	*range = (struct range){.name = at, .length = strcspn(at, " \t,;"), .quality = 1000};
	at = skip_blank(at + range->length);
	while (*at == ';')
		at = take_parameter(at + 1, range);
	range->is_void |= *at != ',' && *at != '\0';
	return at + strcspn(at, ",");
}

static int exactness(const struct range *range, const char *offer)
{
	size_t type = (size_t)(strchr(offer, '/') + 1 - offer);

	if (range->is_void)
		return 0;
	if (is_word(range->name, range->length, offer))
		return 3;
	if (range->length == type + 1 && strncasecmp(range->name, offer, type) == 0 &&
		range->name[type] == '*')
		return 2;
	return is_word(range->name, range->length, "*/*") ? 1 : 0;
}

static struct fit fit_of(const char *accept, const char *offer)
{
	struct fit fit = {0};
	struct range range;

	for (const char *at = accept; (at = take_range(at, &range)) != NULL;) {
		int exact = exactness(&range, offer);
		if (exact > fit.exactness)
			fit = (struct fit){.exactness = exact, .quality = range.quality};
		else if (exact == fit.exactness && exact > 0 && range.quality > fit.quality)
			fit.quality = range.quality;
	}
	return fit;
}

size_t accept_choose(const char *accept, const char *const *offers, size_t count)
{
	struct fit best = {0};
	size_t chosen = 0;

	for (size_t i = 0; accept != NULL && i < count; i++) {
		struct fit fit = fit_of(accept, offers[i]);
		if (fit.quality > best.quality || (fit.quality == best.quality && fit.quality > 0 &&
							  fit.exactness > best.exactness)) {
			best = fit;
			chosen = i;
		}
	}
	return chosen;
}
