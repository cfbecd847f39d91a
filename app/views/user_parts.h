#ifndef ROLLCALL_USER_PARTS_H
#define ROLLCALL_USER_PARTS_H

#include <stdint.h>

#include "../html.h"
#include "../store/user.h"

/* What pages show of a user: the name, whichever way it is written, and when they signed up. */
void html_user_name(struct html *html, const struct user *user);
void html_user_time(struct html *html, const struct user *user);

#endif
