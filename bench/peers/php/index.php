<?php
// The peer in PHP: PHP-FPM with opcode cache, users in SQLite, each create a transaction of its own. A request shares
// nothing with the next but the open database, so there is no group commit, and no page is kept.

declare(strict_types=1);

require __DIR__ . '/letters.php';
require __DIR__ . '/pages.php';

const PAGE = 50;
const LATEST = 5;
const MOST_BODY = 49152;

function database(): PDO
{
    $database = new PDO('sqlite:' . $_SERVER['PEER_DATABASE'], null, null, [
        PDO::ATTR_PERSISTENT => true,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_TIMEOUT => 30,
    ]);
    $database->exec('PRAGMA synchronous = FULL');
    return $database;
}

function send(int $status, string $body, array $headers = []): void
{
    http_response_code($status);
    header("Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    header('Vary: Accept');
    header('X-Content-Type-Options: nosniff');
    header('Referrer-Policy: same-origin');
    header('Cache-Control: ' . ($status < 400 ? 'no-cache' : 'no-store'));
    foreach ($headers as $name => $value) {
        header("$name: $value");
    }
    if ($status !== 304) {
        header('Content-Length: ' . strlen($body));
    }
    echo $body;
}

// Users are numbered without gaps, and never removed here.
function total(PDO $database): int
{
    return (int) $database->query('SELECT max(number) FROM users')->fetchColumn();
}

function newest(PDO $database, int $most): array
{
    return $database->query("SELECT number, time, name FROM users ORDER BY number DESC LIMIT $most")
        ->fetchAll(PDO::FETCH_NUM);
}

function show_home(PDO $database): void
{
    send(200, home_page(total($database), newest($database, LATEST), milliseconds()));
}

// The page says by the minute how long ago things were.
function show_users(PDO $database): void
{
    $total = total($database);
    $now = milliseconds();
    $etag = "W/\"$total-" . intdiv($now, MINUTE) . '"';
    if (($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === $etag) {
        send(304, '', ['ETag' => $etag]);
        return;
    }
    $letters = $database->query('SELECT letter FROM letters ORDER BY letter')->fetchAll(PDO::FETCH_COLUMN);
    send(200, list_page(newest($database, PAGE), $letters, PAGE, $total, $now), ['ETag' => $etag]);
}

function milliseconds(): int
{
    return (int) (microtime(true) * 1000);
}

function now(): string
{
    return (new DateTimeImmutable('now', new DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.v\Z');
}

function create_user(PDO $database): void
{
    $name = trim((string) ($_POST['username'] ?? ''));
    if (!preg_match('/^[\p{L}\p{M}\p{N}]+(?:[ ._-][\p{L}\p{M}\p{N}]+)*$/Du', $name) || mb_strlen($name) > 64) {
        send(422, home_page(total($database), typed: $name, problem: 'That is not a username.'));
        return;
    }
    $insert = $database->prepare('INSERT OR IGNORE INTO users (time, name, key) VALUES (?, ?, ?)');
    $insert->execute([now(), $name, mb_strtolower($name)]);
    if ($insert->rowCount() === 0) {
        send(409, home_page(total($database), typed: $name, problem: 'That name is taken.'));
        return;
    }
    $number = $database->lastInsertId();
    $known = $database->prepare('SELECT 1 FROM letters WHERE letter = ?');
    $first = $database->prepare('INSERT OR IGNORE INTO letters VALUES (?)');
    foreach (first_letters($name) as $letter) {
        $known->execute([$letter]);
        if ($known->fetchColumn() === false) {
            $first->execute([$letter]);
        }
    }
    send(303, '', ['Location' => '/users?created=' . $number]);
}

$route = $_SERVER['REQUEST_METHOD'] . ' ' . $_SERVER['DOCUMENT_URI'];
if ((int) ($_SERVER['CONTENT_LENGTH'] ?? 0) > MOST_BODY) {
    send(413, problem_page('Request too large'));
} elseif ($route === 'GET /') {
    show_home(database());
} elseif ($route === 'GET /users') {
    show_users(database());
} elseif ($route === 'POST /create-user') {
    create_user(database());
} else {
    send(404, problem_page('Not found'));
}
