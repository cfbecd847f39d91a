#ifndef ROLLCALL_BASE_RESULT_H
#define ROLLCALL_BASE_RESULT_H

/* How an operation ended. Every module reports with this one type. */
enum status {
	STATUS_OK = 0,
	STATUS_MALFORMED,   /* the input breaks its specification */
	STATUS_LIMIT,       /* a limit of limit.h, or an option, was passed */
	STATUS_MEMORY,      /* a size that somebody else chose could not be allocated */
	STATUS_SYSTEM,      /* a system call failed; errno or a reason beside it says how */
	STATUS_BUSY,        /* somebody else holds what was asked for */
	STATUS_MISSING,     /* what should be there is not */
	STATUS_TAKEN,       /* the username belongs to another user */
	STATUS_FULL,        /* no room to store; trying again later may work */
	STATUS_UNAVAILABLE, /* nothing can be stored until the store is opened again */
};

/* For functions whose status must not be dropped. */
#define MUST_CHECK __attribute__((warn_unused_result))

#endif
