# The Debian package that script/package makes: what is installed otherwise too, in the places and forms that Debian wants.
option(ROLLCALL_PACKAGE "Install as the Debian package has it" OFF)

find_program(GZIP gzip REQUIRED)

# compress(FILE NAME DIRECTORY): installs FILE, compressed, as NAME.gz.
function(compress file name directory)
	set(result ${CMAKE_CURRENT_BINARY_DIR}/package/${name}.gz)
	add_custom_command(OUTPUT ${result}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/package
		COMMAND ${GZIP} -9nc ${CMAKE_CURRENT_SOURCE_DIR}/${file} > ${result}
		DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
	add_custom_target(package-${name} ALL DEPENDS ${result})
	install(FILES ${result} DESTINATION ${directory})
endfunction()

if(ROLLCALL_PACKAGE)
	compress(man/rollcall.8 rollcall.8 ${CMAKE_INSTALL_MANDIR}/man8)
	compress(packaging/changelog changelog.Debian ${CMAKE_INSTALL_DATADIR}/doc/rollcall)
	compress(CHANGELOG.md changelog ${CMAKE_INSTALL_DATADIR}/doc/rollcall)
	install(FILES packaging/copyright README.md docs/flat-file.md docs/web-servers.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/rollcall)
	install(DIRECTORY web-servers/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/rollcall/examples)
	install(FILES nginx/rollcall.conf DESTINATION /etc/nginx/sites-available RENAME rollcall)
else()
	install(FILES man/rollcall.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "Rollcall developers <rollcall@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "sign-up sheet and user directory behind a web server")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"One small FastCGI process behind nginx or another web server: a form in which
people enter a username, a list of all users, and a plain text file that never
loses a name. Who has been told that they are on the list are on disk.")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
	OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION httpd)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "default-systemd-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "nginx | httpd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
	"${CMAKE_CURRENT_SOURCE_DIR}/packaging/postinst;${CMAKE_CURRENT_SOURCE_DIR}/packaging/prerm;${CMAKE_CURRENT_SOURCE_DIR}/packaging/postrm;${CMAKE_CURRENT_SOURCE_DIR}/packaging/conffiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
