#include "crash/dice.h"

/* SplitMix64. */
uint64_t dice_roll(struct dice *dice, uint64_t sides)
{
	uint64_t bits = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (bits ^ (bits >> 31)) % sides;
}

bool dice_once_in(struct dice *dice, uint64_t sides)
{
	return dice_roll(dice, sides) == 0;
}
