#ifndef ROLLCALL_ROUTES_ADMIN_IMPORT_H
#define ROLLCALL_ROUTES_ADMIN_IMPORT_H

struct site;

/* Gives up the import that is under way, if it is not being stored already: the site stops. */
void import_give_up(const struct site *site);

#endif
