#ifndef ROLLCALL_VIEWS_SHEET_TEXT_H
#define ROLLCALL_VIEWS_SHEET_TEXT_H

/* What the organiser says of the sheet, on every page: plain UTF-8 without control characters, but
 * for line feeds. Borrowed, like all that views are given. Empty: nothing is said. */
struct sheet_text {
	const char *title;   /* never empty */
	const char *intro;   /* what it is for; an empty line ends a paragraph */
	const char *contact; /* the person to ask: words, an e-mail address or an https URL */
	const char *privacy; /* what happens to the names: words, or an https URL */
	const char *style;   /* the address of one more stylesheet, as html_address() has it */
	const char
		*base_path; /* what stands before each address, such as "/signup"; empty: nothing */
};

#endif
