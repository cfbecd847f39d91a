/*
 * The organiser's texts as HTML. They are plain text: all of it is escaped. What is exactly an
 * address becomes a link; only characters that mean nothing in an attribute or a mailto: URL count
 * as parts of one, so nothing needs to be encoded.
 */
#include "views/sheet_parts.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* As long as search engines and messengers show. */
#define DESCRIPTION_MOST 200 /* bytes */

/* Where the paragraph ends: at an empty line, or with the text. */
static size_t paragraph_length(const char *text)
{
	const char *end = strstr(text, "\n\n");
	size_t length = end != NULL ? (size_t)(end - text) : strlen(text);

	return length > 0 && text[length - 1] == '\n' ? length - 1 : length;
}

/* At most `most` bytes of the text, up to the end of a word if there is one, else of a character.
 */
static size_t shorten(const char *text, size_t length, size_t most)
{
	if (length <= most)
		return length;
	size_t end = most;
	while (end > 0 && text[end] != ' ' && text[end] != '\n')
		end--;
	if (end > 0)
		return end;
	end = most;
	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	return end;
}

void html_sheet_description(struct html *html, const struct sheet_text *sheet)
{
	const char *intro = sheet->intro + strspn(sheet->intro, " \n");
	size_t length = paragraph_length(intro);
	size_t shown = shorten(intro, length, DESCRIPTION_MOST);

	if (*intro == '\0') {
		html_markup(html, "A sign-up sheet: put your name on the list, and see who else is "
				  "on it.");
		return;
	}
	html_text(html, intro, shown);
	if (shown < length)
		html_markup(html, "…");
}

static void write_text_lines(struct html *html, const char *text, size_t length)
{
	const char *end = text + length, *line_end;

	while ((line_end = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		html_text(html, text, (size_t)(line_end - text));
		html_markup(html, "<br>\n");
		text = line_end + 1;
	}
	html_text(html, text, (size_t)(end - text));
}

void html_sheet_intro(struct html *html, const struct sheet_text *sheet)
{
	const char *text = sheet->intro + strspn(sheet->intro, " \n");

	if (*text == '\0')
		return;
	html_markup(html, "<div class=\"intro\">\n");
	while (*text != '\0') {
		size_t length = paragraph_length(text);
		html_markup(html, "<p dir=\"auto\">");
		write_text_lines(html, text, length);
		html_markup(html, "</p>\n");
		text += length;
		text += strspn(text, "\n");
	}
	html_markup(html, "</div>\n");
}

/* RFC 3986, appendix A, without those that HTML would escape. */
static bool is_https_url(const char *text)
{
	static const char scheme[] = "https://";
	const char *rest = text + sizeof(scheme) - 1;

	return strncmp(text, scheme, sizeof(scheme) - 1) == 0 && *rest != '\0' &&
	       rest[strspn(rest, LETTERS_AND_DIGITS "-._~:/?#[]@!$&()*+,;=%")] == '\0';
}

static bool is_email_address(const char *text)
{
	const char *at = text + strspn(text, LETTERS_AND_DIGITS "-._+");
	const char *domain = at + 1;

	return at > text && *at == '@' && strchr(domain, '.') != NULL && *domain != '.' &&
	       domain[strspn(domain, LETTERS_AND_DIGITS "-.")] == '\0' &&
	       domain[strlen(domain) - 1] != '.';
}

static void write_note_link(struct html *html, const char *address, const char *words)
{
	html_string(html, address);
	html_markup(html, "\">");
	html_string(html, words);
	html_markup(html, "</a>");
}

static void write_contact(struct html *html, const char *contact)
{
	html_markup(html, "<p>Questions: ");
	if (is_email_address(contact)) {
		html_markup(html, "<a href=\"mailto:");
		write_note_link(html, contact, contact);
	} else if (is_https_url(contact)) {
		html_markup(html, "<a href=\"");
		write_note_link(html, contact, contact + strlen("https://"));
	} else {
		html_markup(html, "<bdi>");
		html_string(html, contact);
		html_markup(html, "</bdi>");
	}
	html_markup(html, "</p>\n");
}

static void write_privacy(struct html *html, const char *privacy)
{
	if (is_https_url(privacy)) {
		html_markup(html, "<p><a href=\"");
		write_note_link(html, privacy, "Privacy");
	} else {
		html_markup(html, "<p>Privacy: <bdi>");
		write_text_lines(html, privacy, strlen(privacy));
		html_markup(html, "</bdi>");
	}
	html_markup(html, "</p>\n");
}

void html_sheet_notes(struct html *html, const struct sheet_text *sheet)
{
	if (*sheet->contact != '\0')
		write_contact(html, sheet->contact);
	if (*sheet->privacy != '\0')
		write_privacy(html, sheet->privacy);
}
