# The units of one of several lists, rollcall@NAME.service and rollcall@NAME.socket: those of the one list, but for their names,
# settings, data and socket. Sets unit_templates.

# write_template(UNIT FROM TO...): each FROM is in the unit.
function(write_template unit)
	set(source ${CMAKE_CURRENT_SOURCE_DIR}/packaging/systemd/rollcall.${unit})
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
	file(READ ${source} text)
	while(ARGN)
		list(POP_FRONT ARGN from to)
		string(FIND "${text}" "${from}" at)
		if(at EQUAL -1)
			message(FATAL_ERROR "${source} has no ${from}")
		endif()
		string(REPLACE "${from}" "${to}" text "${text}")
	endwhile()
	write_if_changed(${CMAKE_CURRENT_BINARY_DIR}/rollcall@.${unit} "${text}")
	set(unit_templates ${unit_templates} ${CMAKE_CURRENT_BINARY_DIR}/rollcall@.${unit} PARENT_SCOPE)
endfunction()

set(unit_templates)
write_template(service
	"user directory\n" "user directory: %i\n"
	"rollcall.socket" "rollcall@%i.socket"
	"-/etc/default/rollcall" "-/etc/rollcall/%i.conf --data \${STATE_DIRECTORY}"
	"StateDirectory=rollcall\n" "StateDirectory=rollcall-%i\n")
write_template(socket
	"Socket of Rollcall" "Socket of Rollcall %i"
	"rollcall/rollcall.sock" "rollcall/%i.sock")
