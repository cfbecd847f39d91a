/* Small shares keep a decimal, large ones do not: what changes each second is read at a glance. */
#include "base/meters/share.h"

#include <stdio.h>

void share_words(uint64_t part, uint64_t whole, char words[static SHARE_WORDS_SIZE])
{
	double percent = whole == 0 ? 0 : 100.0 * (double)part / (double)whole;

	if (percent > 100)
		percent = 100;
	unsigned tenths = (unsigned)(percent * 10 + 0.5);
	if (percent > 0 && percent < 0.1)
		snprintf(words, SHARE_WORDS_SIZE, "<0.1%%");
	else if (tenths < 100 && tenths % 10 != 0)
		snprintf(words, SHARE_WORDS_SIZE, "%u.%u%%", tenths / 10, tenths % 10);
	else
		snprintf(words, SHARE_WORDS_SIZE, "%u%%", (unsigned)(percent + 0.5));
}
