# The schema of a list in a database as a text in the program, `schema_sql`. Also the script that makes it:
#     cmake -D schema=FILE -D header=FILE -P cmake/database-schema.cmake
if(CMAKE_SCRIPT_MODE_FILE)
	# Bytes, since a string may have no more than 4095 characters in C.
	file(READ ${schema} bytes HEX)
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
	string(REPLACE "0x0a," "0x0a,\n" bytes "${bytes}") # a line for each
	file(WRITE ${header}
"#ifndef ROLLCALL_DATABASE_SCHEMA_H
#define ROLLCALL_DATABASE_SCHEMA_H

/* app/store/database/schema.sql. Made by cmake/database-schema.cmake. */
static const char schema_sql[] = {
${bytes}0};

#endif
")
	return()
endif()

set(database_schema ${PROJECT_BINARY_DIR}/generated/database_schema.h)
add_custom_command(OUTPUT ${database_schema}
	COMMAND ${CMAKE_COMMAND} -D schema=${CMAKE_CURRENT_SOURCE_DIR}/store/database/schema.sql -D header=${database_schema}
		-P ${PROJECT_SOURCE_DIR}/cmake/database-schema.cmake
	DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/store/database/schema.sql ${PROJECT_SOURCE_DIR}/cmake/database-schema.cmake
	COMMENT "Making database_schema.h"
	VERBATIM)
