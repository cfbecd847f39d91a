/*
 * Random numbers from the kernel. getrandom() blocks until the machine has gathered enough at boot,
 * which could keep the server from starting; nothing here needs it that badly, so the clock stands
 * in.
 */
#include "base/random.h"

#include <sys/random.h>

#include "base/timestamp.h"

uint64_t random_number(void)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number))
		number = (uint64_t)timestamp_now();
	return number;
}
