<?php
// php import.php DATABASE FILE: makes the database of the peer in PHP from a file of users, one a line: number, time
// and name, separated by tabs.

declare(strict_types=1);

require __DIR__ . '/letters.php';

[, $path, $file] = $argv;
$database = new PDO("sqlite:$path", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$database->exec('PRAGMA journal_mode = WAL');
$database->exec('CREATE TABLE users (number INTEGER PRIMARY KEY, time TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE)');
$database->exec('CREATE TABLE letters (letter TEXT PRIMARY KEY)');
$insert = $database->prepare('INSERT INTO users VALUES (?, ?, ?, ?)');
$first = $database->prepare('INSERT OR IGNORE INTO letters VALUES (?)');
$letters = [];
$lines = fopen($file, 'r');
$database->beginTransaction();
while (($line = fgets($lines)) !== false) {
    [$number, $time, $name] = explode("\t", rtrim($line, "\n"));
    $insert->execute([(int) $number, $time, $name, mb_strtolower($name)]);
    foreach (first_letters($name) as $letter) {
        if (!isset($letters[$letter])) {
            $first->execute([$letter]);
        }
        $letters[$letter] = true;
    }
}
$database->commit();
