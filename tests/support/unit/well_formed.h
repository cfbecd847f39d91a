#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_WELL_FORMED_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_WELL_FORMED_H

/* Fails the test if a body is not what its media type says: a page whose elements are not closed in
 * order, whose attributes are not quoted or there twice, or JSON that is none. Other types pass. */
void expect_well_formed(const char *media_type, const char *body);

#endif
