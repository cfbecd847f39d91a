#ifndef ROLLCALL_BASE_RESULT_H
#define ROLLCALL_BASE_RESULT_H

/* How an operation ended. Every module reports with this one type. */
enum result {
	RESULT_OK = 0,
	RESULT_MALFORMED,   /* the input breaks its specification */
	RESULT_LIMIT,       /* a limit of limit.h, or an option, was passed */
	RESULT_MEMORY,      /* a size that a peer or a file chose could not be allocated */
	RESULT_SYSTEM,      /* a system call failed; errno or a reason beside it says how */
	RESULT_BUSY,        /* another process holds what was asked for */
	RESULT_MISSING,     /* what should be there is not */
	RESULT_TAKEN,       /* the username belongs to another user */
	RESULT_ALIKE,       /* the username looks like another user's, of another script */
	RESULT_UNCHANGED,   /* it is as it was to be already */
	RESULT_NO_SEAT,     /* there are as many users as there may be */
	RESULT_CHANGED,     /* what was to be changed is not any more what it was */
	RESULT_FULL,        /* no room to store; trying again later may work */
	RESULT_UNAVAILABLE, /* nothing can be stored until the store is opened again */
	RESULT_UNKNOWN,     /* it is not known whether it was stored */
};

/* For functions whose result must not be dropped. */
#define MUST_CHECK __attribute__((warn_unused_result))

#endif
