#ifndef ROLLCALL_BASE_SCRATCH_H
#define ROLLCALL_BASE_SCRATCH_H

/* Before a large variable of the stack that is read only as far as it was written before: it is not
 * zeroed. All others are, in a build for use (cmake/compile-options.cmake). With these, too, a
 * create would take 66 % more instructions, and opening a list 25 %. */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define SCRATCH __attribute__((uninitialized))
#endif
#endif
#ifndef SCRATCH
#define SCRATCH
#endif

#endif
