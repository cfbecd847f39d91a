#ifndef ROLLCALL_STORE_DATABASE_SCHEMA_VERSION_H
#define ROLLCALL_STORE_DATABASE_SCHEMA_VERSION_H

/* The version of schema.sql that this program needs: rollcall.state has it as `schema`. */
#define DATABASE_SCHEMA 1

#endif
