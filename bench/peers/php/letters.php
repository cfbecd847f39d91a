<?php

declare(strict_types=1);

// What words of a name begin with, as capitals.
function first_letters(string $name): array
{
    preg_match_all('/(?<![\p{L}\p{M}\p{N}])[\p{L}\p{M}\p{N}]/u', $name, $found);
    return array_map('mb_strtoupper', array_unique($found[0]));
}
