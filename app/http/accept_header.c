/*
 * Content negotiation. For each offer the most exact range that holds it says its quality; the
 * offer with the highest one is chosen. Browsers and programs send values that are not quite right,
 * so a range that cannot be read is skipped, and never refuses the whole header field.
 */
#include "http/accept_header.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "http/parameter.h"

/* One element of the list, borrowed from it. */
struct range {
	const char *name; /* type/subtype, either of which may be a star */
	size_t length;
	int quality; /* thousandths */
	bool has_quality;
	bool has_parameters;    /* that the offer has to have, too */
	const char *parameters; /* where they begin */
	bool is_void;           /* cannot be read */
};

/* How exactly a range names an offer. */
enum { NOT_AT_ALL, AS_ANY, BY_TYPE, BY_NAME, WITH_PARAMETERS };

#define FULL_QUALITY 1000

/* How well an offer suits: what the most exact of the ranges that hold it says. */
struct fit {
	int exactness;
	int quality;
};

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

static void apply_parameter(struct range *range, const struct parameter *parameter)
{
	if (range->has_quality)
		return; /* what follows a weight once were extensions */
	if (parameter_is_named(parameter, "q")) {
		range->quality = parse_weight(parameter->value, parameter->value_length);
		range->has_quality = true;
		range->is_void |= range->quality < 0;
	} else if (!parameter_is_named(parameter, "charset") || !parameter_is_utf8(parameter)) {
		range->has_parameters = true;
	}
}

/* The element that begins here; returns where the next one does, NULL if there was none. */
static const char *take_range(const char *at, struct range *range)
{
	at += strspn(at, ", \t");
	if (*at == '\0')
		return NULL;
	*range =
		(struct range){.name = at, .length = strcspn(at, " \t,;"), .quality = FULL_QUALITY};
	at = range->parameters = at + range->length;
	for (struct parameter parameter; parameter_next(&at, &parameter);)
		apply_parameter(range, &parameter);
	range->is_void |= *at != ',' && *at != '\0';
	return at + strcspn(at, ",");
}

/* Whether the offer, whose parameters begin here, has that one. */
static bool offer_has(const char *parameters, const struct parameter *wanted)
{
	struct parameter own;

	while (parameter_next(&parameters, &own)) {
		if (own.name_length == wanted->name_length &&
			strncasecmp(own.name, wanted->name, own.name_length) == 0 &&
			own.value_length == wanted->value_length &&
			strncasecmp(own.value, wanted->value, own.value_length) == 0)
			return true;
	}
	return false;
}

/* Up to the weight. */
static bool offer_has_all(const char *parameters, const struct range *range)
{
	const char *at = range->parameters;
	struct parameter wanted;

	while (parameter_next(&at, &wanted) && !parameter_is_named(&wanted, "q")) {
		bool is_utf8 = parameter_is_named(&wanted, "charset") && parameter_is_utf8(&wanted);
		if (!is_utf8 && !offer_has(parameters, &wanted))
			return false;
	}
	return true;
}

/* A range for all of a type, or for everything, that has parameters holds no offer. */
static int exactness(const struct range *range, const char *offer)
{
	size_t type = (size_t)(strchr(offer, '/') + 1 - offer), length = range->length;

	if (range->is_void)
		return NOT_AT_ALL;
	if (strncasecmp(range->name, offer, length) == 0 && strchr(" ;", offer[length]) != NULL) {
		if (!range->has_parameters)
			return BY_NAME;
		return offer_has_all(offer + length, range) ? WITH_PARAMETERS : NOT_AT_ALL;
	}
	if (range->has_parameters)
		return NOT_AT_ALL;
	if (length == type + 1 && strncasecmp(range->name, offer, type) == 0 &&
		range->name[type] == '*')
		return BY_TYPE;
	return is_word(range->name, length, "*/*") ? AS_ANY : NOT_AT_ALL;
}

static bool have_parameters(const char *const *offers, size_t count)
{
	while (count > 0 && strchr(offers[count - 1], ';') == NULL)
		count--;
	return count > 0;
}

/* No other range, and no other offer, goes before this one. */
static bool is_best(struct fit fit, int most_exact)
{
	return fit.quality == FULL_QUALITY && fit.exactness == most_exact;
}

static struct fit fit_of(const char *accept, const char *offer, int most_exact)
{
	struct fit fit = {0};
	struct range range;

	for (const char *at = accept;
		!is_best(fit, most_exact) && (at = take_range(at, &range)) != NULL;) {
		int exact = exactness(&range, offer);
		if (exact > fit.exactness)
			fit = (struct fit){.exactness = exact, .quality = range.quality};
		else if (exact == fit.exactness && exact > 0 && range.quality > fit.quality)
			fit.quality = range.quality;
	}
	return fit;
}

/* The value of a browser begins with the first offer, and is not read further: that would take as
 * many instructions as all else that its request does. */
size_t accept_header_choose(const char *accept, const char *const *offers, size_t count)
{
	struct fit best = {0};
	size_t chosen = 0;

	if (accept == NULL)
		return 0;
	int most_exact = have_parameters(offers, count) ? WITH_PARAMETERS : BY_NAME;
	for (size_t i = 0; i < count && !is_best(best, most_exact); i++) {
		struct fit fit = fit_of(accept, offers[i], most_exact);
		if (fit.quality > best.quality || (fit.quality == best.quality && fit.quality > 0 &&
							  fit.exactness > best.exactness)) {
			best = fit;
			chosen = i;
		}
	}
	return chosen;
}
