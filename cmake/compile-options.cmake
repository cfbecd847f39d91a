# The flags everything is compiled with; `rollcall_options` carries them. tests/hardening looks for them in what was built.
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)
include(CheckPIESupported)

check_pie_supported(LANGUAGES C) # else CMake compiles for PIE, and leaves it to the compiler whether to link one

add_library(rollcall_options INTERFACE)

target_compile_options(rollcall_options INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wformat=2 -fno-strict-aliasing)
target_compile_definitions(rollcall_options INTERFACE _GNU_SOURCE)

# harden(NAME FLAG BUILDS): with this flag, if the compiler has it. BUILDS is a condition on the kind of build.
function(harden name flag builds)
	set(CMAKE_REQUIRED_FLAGS -Werror) # clang has those of other processors, too, without an effect
	check_c_compiler_flag(${flag} ROLLCALL_HAS_${name})
	if(ROLLCALL_HAS_${name})
		target_compile_options(rollcall_options INTERFACE $<${builds}:${flag}>)
	endif()
endfunction()

# fortify(BUILDS): the highest level that the compiler and the C library have. They take a higher one for a lower one, and warn.
function(fortify builds)
	set(level 2)
	set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
	check_c_source_compiles("#include <string.h>\nint main(void) { return 0; }" ROLLCALL_HAS_FORTIFY_3)
	if(ROLLCALL_HAS_FORTIFY_3)
		set(level 3)
	endif()
	target_compile_options(rollcall_options INTERFACE $<${builds}:-U_FORTIFY_SOURCE> $<${builds}:-D_FORTIFY_SOURCE=${level}>)
endfunction()

if(ROLLCALL_SANITIZE)
	target_compile_options(rollcall_options INTERFACE
		-fsanitize=${ROLLCALL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(rollcall_options INTERFACE -fsanitize=${ROLLCALL_SANITIZE})
else()
	# Fortified calls need an optimiser. Builds for working on the program go without the zeros, too, so that valgrind finds what
	# reads a variable before it is set.
	set(optimized $<CONFIG:Release,RelWithDebInfo,MinSizeRel,None>)
	fortify(${optimized})
	harden(AUTO_VAR_INIT -ftrivial-auto-var-init=zero ${optimized})
	harden(STACK_PROTECTOR -fstack-protector-strong 1)
	harden(STACK_CLASH -fstack-clash-protection 1)
	harden(CF_PROTECTION -fcf-protection=full 1)              # x86
	harden(BRANCH_PROTECTION -mbranch-protection=standard 1) # arm64
	target_link_options(rollcall_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
