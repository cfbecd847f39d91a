# The tables of Unicode that app/store/names needs and no library of the program has, made at build time from ICU's data.
add_executable(name_tables ${CMAKE_CURRENT_LIST_DIR}/name_tables.c)
target_link_libraries(name_tables PRIVATE PkgConfig::ICU)

set(name_tables)
foreach(table scripts prototypes looks)
	set(file ${PROJECT_BINARY_DIR}/generated/name_${table}.h)
	add_custom_command(OUTPUT ${file}
		COMMAND name_tables ${table} ${file}
		DEPENDS name_tables
		COMMENT "Making name_${table}.h"
		VERBATIM)
	list(APPEND name_tables ${file})
endforeach()
