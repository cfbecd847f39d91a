#ifndef ROLLCALL_TESTS_PROTOCOL_PROTOCOL_H
#define ROLLCALL_TESTS_PROTOCOL_PROTOCOL_H

/* What every test of this folder uses. */
#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>

#include "support/patience.h"
#include "support/protocol/daemon.h"
#include "support/protocol/fcgi_client.h"
#include "support/protocol/records.h"
#include "support/test.h"

#endif
