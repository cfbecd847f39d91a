/*
 * Content negotiation next to the words of RFC 9110, section 12.5.1, on values that are made up of
 * ranges: the most exact range says the quality of an offer, and the offer with the highest one is
 * chosen. The spelling (case, blanks, empty elements, ranges that cannot be read) and the order of
 * ranges change nothing. A text of any kind chooses one of the offers, and one that names a type
 * never chooses another.
 */
#include "http/accept_header.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "fuzz/fuzz.h"

#define OFFERS 3
#define MOST   6

static const char *const offers[OFFERS] = {"text/html", "application/json", "text/csv"};

/* What the ranges hold: an offer, all of a type, or all. */
static const struct range_kind {
	const char *name;
	bool holds[OFFERS];
	int exactness;
} kinds[] = {
	{"text/html", {true, false, false}, 3},
	{"application/json", {false, true, false}, 3},
	{"text/csv", {false, false, true}, 3},
	{"text/*", {true, false, true}, 2},
	{"application/*", {false, true, false}, 2},
	{"*/*", {true, true, true}, 1},
	{"image/png", {false, false, false}, 3},
	{"text/html;level=1", {false, false, false}, 3},
	{"text/htm", {false, false, false}, 3},
	{"*/json", {false, false, false}, 3},
	{"json", {false, false, false}, 3},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct made {
	const struct range_kind *kind;
	int quality; /* thousandths */
	bool has_quality;
};

/* As few digits as are needed, or three. */
static void put_quality(struct fuzz_input *input, struct buffer *text, int quality)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%d.%03d", quality / 1000, quality % 1000);

	if (fuzz_take_below(input, 2) == 1) {
		while (digits[length - 1] == '0')
			digits[--length] = '\0';
		if (digits[length - 1] == '.' && fuzz_take_below(input, 2) == 1)
			digits[--length] = '\0';
	}
	buffer_string(text, fuzz_take_below(input, 2) == 1 ? " ; q=" : ";Q=");
	buffer_string(text, digits);
}

static void put_name(struct fuzz_input *input, struct buffer *text, const char *name)
{
	bool is_capital = fuzz_take_below(input, 2) == 1;

	for (; *name != '\0'; name++) {
		char c = is_capital ? (char)toupper((unsigned char)*name) : *name;
		buffer_append(text, &c, 1);
	}
}

/* In the order of the ranges, or the other way round. */
static void write_value(struct fuzz_input *input, struct buffer *text, const struct made *made,
	size_t count, bool is_reversed)
{
	static const char *const between[] = {
		",", " ,\t", ",,", ", text/html;q=1.5,", ",text/html;q=x, ", ",/,"};

	for (size_t i = 0; i < count; i++) {
		const struct made *one = &made[is_reversed ? count - 1 - i : i];
		if (i > 0)
			buffer_string(text, between[fuzz_take_below(input, 6)]);
		put_name(input, text, one->kind->name);
		if (one->has_quality)
			put_quality(input, text, one->quality);
	}
	buffer_append(text, "", 1);
	must(!text->failed);
}

/* Of ranges that are as exact as each other, the highest quality counts. */
static size_t choose(const struct made *made, size_t count)
{
	size_t chosen = 0;
	int best = 0;

	for (size_t offer = 0; offer < OFFERS; offer++) {
		int exactness = 0, quality = 0;
		for (size_t i = 0; i < count; i++) {
			const struct range_kind *kind = made[i].kind;
			if (!kind->holds[offer] || kind->exactness < exactness)
				continue;
			if (kind->exactness > exactness || made[i].quality > quality)
				quality = made[i].quality;
			exactness = kind->exactness;
		}
		int fit = quality > 0 ? quality * 10 + exactness : 0;
		if (fit > best) {
			best = fit;
			chosen = offer;
		}
	}
	return chosen;
}

/* Mostly one of a few, so that some are equal and others nearly so. */
static int make_quality(struct fuzz_input *input)
{
	static const int some[] = {0, 1, 99, 100, 899, 900, 1000};
	size_t place = fuzz_take_below(input, 8);

	return place < 7 ? some[place] : (int)fuzz_take_below(input, 1001);
}

static void check_made(struct fuzz_input *input)
{
	struct made made[MOST];
	size_t count = fuzz_take_below(input, MOST + 1);

	for (size_t i = 0; i < count; i++) {
		made[i].kind = &kinds[fuzz_take_below(input, KINDS)];
		made[i].has_quality = fuzz_take_below(input, 2) == 1;
		made[i].quality = made[i].has_quality ? make_quality(input) : 1000;
	}
	for (int reversed = 0; reversed < 2; reversed++) {
		struct buffer text = {0};
		write_value(input, &text, made, count, reversed == 1);
		must(accept_header_choose(text.bytes, offers, OFFERS) == choose(made, count));
		buffer_free(&text);
	}
}

/* A range of the best quality for one type alone, where nothing before it speaks of another. */
static void check_any(const char *text)
{
	size_t chosen = accept_header_choose(text, offers, OFFERS);

	must(chosen < OFFERS);
	if (strpbrk(text, "/\"") != NULL)
		return;
	must(chosen == 0); /* it names no type */
	for (size_t i = 0; i < OFFERS; i++) {
		struct buffer value = {0};
		buffer_string(&value, text);
		buffer_string(&value, ",");
		buffer_string(&value, offers[i]);
		buffer_append(&value, ";q=0.001", 9);
		must(!value.failed);
		must(accept_header_choose(value.bytes, offers, OFFERS) == i);
		buffer_free(&value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input);
	const char *from = fuzz_rest(&input, &rest);
	char *text = fuzz_string(from, rest);
	check_any(text);
	free(text);
	must(accept_header_choose(NULL, offers, OFFERS) == 0);
	return 0;
}
