# What the web server serves by itself: a copy of www/ in the build folder, with each stylesheet and script once more under a
# name that says what is in it, /assets/style.FINGERPRINT.css. Browsers may keep those for ever. The program learns these names
# from assets.h; stylesheets and the pages for errors refer to the plain ones in www/, and to these in the copy.
set(ROLLCALL_WEB_ROOT ${CMAKE_CURRENT_BINARY_DIR}/www)

# write_if_changed(FILE TEXT): files that did not change keep their time, by which web servers know them.
function(write_if_changed file text)
	if(EXISTS ${file})
		file(READ ${file} before)
		if(before STREQUAL text)
			return()
		endif()
	endif()
	file(WRITE ${file} "${text}")
endfunction()

# place_asset(NAME): one of www/, in its place and under its fingerprint. What it refers to must have been placed before. A
# picture has bytes that CMake cannot hold as text, and refers to nothing: it is copied as it is.
function(place_asset name)
	set(source ${CMAKE_CURRENT_SOURCE_DIR}/www/${name})
	cmake_path(GET name STEM stem)
	cmake_path(GET name EXTENSION extension)
	if(extension STREQUAL .png)
		file(SHA256 ${source} fingerprint)
	else()
		file(READ ${source} text)
		refer_to_assets(text)
		string(SHA256 fingerprint "${text}")
	endif()
	string(SUBSTRING ${fingerprint} 0 16 fingerprint)
	string(MAKE_C_IDENTIFIER ${stem} constant)
	string(TOUPPER ${constant} constant)
	set(path assets/${stem}.${fingerprint}${extension})
	file(MAKE_DIRECTORY ${ROLLCALL_WEB_ROOT}/assets) # which file(COPY_FILE) does not
	foreach(place ${name} ${path})
		if(extension STREQUAL .png)
			file(COPY_FILE ${source} ${ROLLCALL_WEB_ROOT}/${place} ONLY_IF_DIFFERENT)
		else()
			write_if_changed(${ROLLCALL_WEB_ROOT}/${place} "${text}")
		endif()
	endforeach()
	set(placed ${placed} ${name} ${path} PARENT_SCOPE)
	set(assets ${assets} ${name} PARENT_SCOPE)
	set(asset_of_${name} /${path} PARENT_SCOPE)
	set(constants "${constants}#define ASSET_${constant} \"/${path}\"\n" PARENT_SCOPE)
endfunction()

# embed_asset(NAME): an icon of www/, in its place. What refers to it has it inside, as a data: URI, which saves a request.
function(embed_asset name)
	file(READ ${CMAKE_CURRENT_SOURCE_DIR}/www/${name} text)
	write_if_changed(${ROLLCALL_WEB_ROOT}/${name} "${text}")
	string(REGEX REPLACE "\n *" "" text "${text}")
	string(REPLACE "\"" "'" text "${text}")
	string(REPLACE "%" "%25" text "${text}")
	string(REPLACE " " "%20" text "${text}")
	string(REPLACE "#" "%23" text "${text}")
	string(REPLACE "<" "%3C" text "${text}")
	string(REPLACE ">" "%3E" text "${text}")
	cmake_path(GET name STEM stem)
	string(TOUPPER ${stem} constant)
	set(placed ${placed} ${name} PARENT_SCOPE)
	set(assets ${assets} ${name} PARENT_SCOPE)
	set(asset_of_${name} "data:image/svg+xml,${text}" PARENT_SCOPE)
	set(constants "${constants}#define ASSET_${constant} \"data:image/svg+xml,${text}\"\n" PARENT_SCOPE)
endfunction()

# refer_to_assets(VARIABLE): in its text, "/style.css" becomes what it is placed as.
macro(refer_to_assets variable)
	foreach(asset IN LISTS assets)
		string(REPLACE "\"/${asset}\"" "\"${asset_of_${asset}}\"" ${variable} "${${variable}}")
	endforeach()
endmacro()

file(GLOB scripts RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/www CONFIGURE_DEPENDS www/*.js)
file(GLOB others RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/www CONFIGURE_DEPENDS www/*.txt www/custom.css www/errors/*)
set(placed)
set(assets)
set(constants)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/www/icon.svg)
embed_asset(icon.svg)
foreach(name apple-touch-icon.png style.css organiser.css loop.css ${scripts})
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/www/${name})
	place_asset(${name})
endforeach()
foreach(name ${others})
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/www/${name})
	file(READ ${CMAKE_CURRENT_SOURCE_DIR}/www/${name} text)
	refer_to_assets(text)
	write_if_changed(${ROLLCALL_WEB_ROOT}/${name} "${text}")
	list(APPEND placed ${name})
endforeach()

# What was placed by an earlier build, and is no longer there.
file(GLOB_RECURSE left RELATIVE ${ROLLCALL_WEB_ROOT} ${ROLLCALL_WEB_ROOT}/*)
list(REMOVE_ITEM left ${placed})
foreach(name ${left})
	file(REMOVE ${ROLLCALL_WEB_ROOT}/${name})
endforeach()

file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/generated/assets.h @ONLY CONTENT
"#ifndef ROLLCALL_ASSETS_H
#define ROLLCALL_ASSETS_H

/* The icon, and where stylesheet and scripts are, for ever. Made by cmake/assets.cmake. */
@constants@
#endif
")

install(DIRECTORY ${ROLLCALL_WEB_ROOT}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/rollcall/www)
