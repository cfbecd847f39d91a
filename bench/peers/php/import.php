<?php
// php import.php DATABASE FILE: makes the database of the peer in PHP from a file of users, one a line: number, time
// and name, separated by tabs.

declare(strict_types=1);

[, $path, $file] = $argv;
$database = new PDO("sqlite:$path", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$database->exec('PRAGMA journal_mode = WAL');
$database->exec('CREATE TABLE users (number INTEGER PRIMARY KEY, time TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE)');
$insert = $database->prepare('INSERT INTO users VALUES (?, ?, ?, ?)');
$lines = fopen($file, 'r');
$database->beginTransaction();
while (($line = fgets($lines)) !== false) {
    [$number, $time, $name] = explode("\t", rtrim($line, "\n"));
    $insert->execute([(int) $number, $time, $name, mb_strtolower($name)]);
}
$database->commit();
