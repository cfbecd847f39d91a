#ifndef ROLLCALL_BASE_LIMIT_H
#define ROLLCALL_BASE_LIMIT_H

/* Every size that a peer or a user controls, in one place. Those marked as options
 * are only defaults. */

/* A request. */
#define LIMIT_PARAMS      65536   /* option: bytes of FCGI_PARAMS */
#define LIMIT_BODY        49152   /* option: bytes of FCGI_STDIN; the texts below fit in */
#define LIMIT_DRAIN       8388608 /* bytes read and dropped of a request over one of these */
#define LIMIT_JSON_DEPTH  512     /* arrays and objects of JSON within each other */
#define LIMIT_VALUES      1024    /* bytes of one FCGI_GET_VALUES record */
#define LIMIT_KEPT_BUFFER 65536   /* bytes that a kept connection holds on to between requests */
#define LIMIT_CONNECTIONS 1024    /* option: connections open at once */

/* Lists that follow along (streams.h). */
#define LIMIT_STREAMS       512   /* option: open at once */
#define LIMIT_STREAM_BEATS  40    /* signs of life until one is ended, and asked for anew */
#define LIMIT_STREAM_CHUNK  100   /* users sent at once */
#define LIMIT_STREAM_BEHIND 10000 /* users after which the client is to read the list anew */
#define LIMIT_WATCHERS      128   /* pages of the loop that follow along (loop_events.c) */

/* A list that is sent in parts (list_stream.h). */
#define LIMIT_LIST_PART 100  /* users sent at once */
#define LIMIT_PRINT     5000 /* users on one page to print: browsers take half a minute for 10,000 */

/* The store. */
#define LIMIT_USERS        10000000 /* option: users */
#define LIMIT_PENDING      4096     /* users waiting to be stored */
#define LIMIT_PAGE         50       /* option: users on one page of the list */
#define LIMIT_PAGE_MOST    500      /* the most that option can be */
#define LIMIT_LETTERS      64       /* first letters that the list has links for, */
#define LIMIT_LETTERS_KEPT 1024     /* of so many that are known */
#define LIMIT_HISTORY      1024     /* changes of users that clients who were away can be told of */
#define LIMIT_FOUND        1000 /* users that a search counts; of more, only that there are more */
/* The greatest number of a user that can be asked for, and so the greatest that is given. */
#define LIMIT_PLACE 999999999999999999

/* A username, and its line in the flat file. */
#define LIMIT_NAME_CODE_POINTS 64  /* of a username */
#define LIMIT_NAME_MARKS       4   /* in a row, of those that take room, and of those that do not */
#define LIMIT_NAME             256 /* the same in bytes of UTF-8, four each at most */
#define LIMIT_NAME_KEY         768 /* bytes of its folded form, three code points each at most */
#define LIMIT_NAME_BASE        2304 /* bytes of that in its base form, NFD: thrice as many at most */
#define LIMIT_SETTING          8100 /* bytes of a sheet setting in the flat file */
#define LIMIT_RECORD           8192 /* bytes of one line of the flat file */

/* Options for what the pages say of the sheet, in code points. */
#define LIMIT_TITLE   80
#define LIMIT_INTRO   2000
#define LIMIT_CONTACT 200
#define LIMIT_PRIVACY 1000

/* Seats of the sheet, as an option or set by organisers. */
#define LIMIT_SEATS 4000000000

/* The addresses of the site, in bytes. */
#define LIMIT_ORIGIN    300 /* option: of the site */
#define LIMIT_BASE_PATH 128 /* option: what stands before all of them */
#define LIMIT_ADDRESS   64  /* one that a response leads to, without that */

/* A list of users to be imported. */
#define LIMIT_IMPORT_ROW     65536 /* bytes of one row of CSV, or line of JSON */
#define LIMIT_IMPORT_FIELDS  64    /* fields of a row; a user has three, and others are empty */
#define LIMIT_IMPORT_REPORTS 20    /* bad rows told of, if nothing is imported for their sake */

/* The log. */
#define LIMIT_LOG_VALUE   512    /* bytes of one value; the rest is left out */
#define LIMIT_LOG_LINE    16384  /* bytes of one line: a few values, each byte of them escaped */
#define LIMIT_LOG_PENDING 524288 /* bytes that wait for a slow reader */

/* An answer to `rollcall healthcheck`, or to a command; and all the records that it comes in, with
 * those that are no part of it. */
#define LIMIT_PROBE         65536
#define LIMIT_PROBE_RECORDS 1048576

/* Descriptors that are kept free beside those of connections; and that must be free for the server
 * to start: those of libuv, the log, the files and the socket, and a few for connections. */
#define DESCRIPTORS_RESERVED 8
#define DESCRIPTORS_TO_START 24

#endif
