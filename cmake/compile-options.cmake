# The flags everything is compiled with; `rollcall_options` carries them.
add_library(rollcall_options INTERFACE)

target_compile_options(rollcall_options INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wformat=2 -fno-strict-aliasing)
target_compile_definitions(rollcall_options INTERFACE _GNU_SOURCE)

if(ROLLCALL_SANITIZE)
	target_compile_options(rollcall_options INTERFACE
		-fsanitize=${ROLLCALL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(rollcall_options INTERFACE -fsanitize=${ROLLCALL_SANITIZE})
else()
	# Fortified calls need an optimiser, so debug builds go without them.
	target_compile_options(rollcall_options INTERFACE
		-fstack-protector-strong -fstack-clash-protection
		$<$<CONFIG:Release>:-U_FORTIFY_SOURCE> $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
	target_link_options(rollcall_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
