#ifndef ROLLCALL_TESTS_PROTOCOL_H
#define ROLLCALL_TESTS_PROTOCOL_H

/* What every test of this folder uses. */
#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>

#include "daemon.h"
#include "fcgi_client.h"
#include "patience.h"
#include "records.h"
#include "test.h"

#endif
