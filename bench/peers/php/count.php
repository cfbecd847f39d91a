<?php
// php count.php DATABASE: how many users the peer in PHP has.

declare(strict_types=1);

echo (new PDO("sqlite:{$argv[1]}"))->query('SELECT count(*) FROM users')->fetchColumn(), "\n";
