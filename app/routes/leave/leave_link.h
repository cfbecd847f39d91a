#ifndef ROLLCALL_ROUTES_LEAVE_LEAVE_LINK_H
#define ROLLCALL_ROUTES_LEAVE_LEAVE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/user.h"

/*
 * What proves that somebody is a user of the list: a code that only they were shown, made of the
 * user's number and time under the site's key, so that nothing of it is stored. A rename leaves it
 * as it is. Clients choose codes to be tried: they are compared in constant time.
 */

#define LEAVE_KEY_BYTES 16

/* Of base64url (RFC 4648, section 5), and its terminator. */
#define LEAVE_CODE_SIZE 23

enum leave_code {
	LEAVE_FOREVER, /* takes the user off the list */
	/* Shows the one above, in a page whose address the browser keeps and the web server logs:
	 * only as long as the user has just signed up. */
	LEAVE_CLAIM,
};

/* The field of a query that has it. */
#define LEAVE_CLAIM_FIELD "claim"

void leave_code_make(const unsigned char key[static LEAVE_KEY_BYTES], enum leave_code code,
	const struct user *user, char text[static LEAVE_CODE_SIZE]);

/* Of any text. */
bool leave_code_fits(const unsigned char key[static LEAVE_KEY_BYTES], enum leave_code code,
	const struct user *user, const char *text, size_t length);

/* The address of the page that takes a user off the list, with the code as its fragment: browsers
 * send that to nobody, so it is in no log and in no Referer. */
#define LEAVE_LINK_SIZE 64
void leave_link_make(const unsigned char key[static LEAVE_KEY_BYTES], const struct user *user,
	char link[static LEAVE_LINK_SIZE]);

#endif
