/*
 * Sorts the names of a whole list, when it is opened. A comparison of two names waits for the
 * memory that each is in; so an item carries the next eight bytes of its key, and most comparisons
 * are of two numbers that lie side by side. It is the quicksort of Bentley and Sedgewick ("Fast
 * Algorithms for Sorting and Searching Strings", 1997), by eight bytes at a time in place of one:
 * items with the same piece are sorted once more, by the next one.
 *
 * qsort_r() of the same items takes twice the processor time to open a million users (1.3 s in
 * place of 0.65 s).
 */
#include "store/index/name_sort.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "store/names/name_key.h"

#define PIECE sizeof(((struct name_item *)NULL)->piece)
