<?php
// The pages of the peer in PHP.

declare(strict_types=1);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CURRENT = ' aria-current="page"';
const PRINT_SIZE = 5000; // users on a page to print
const MINUTE = 60000; // milliseconds
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

function preview(string $title): string
{
    $touch_icon = $_SERVER['PEER_TOUCH_ICON'];
    $name = str_replace(' – Sign-up sheet', '', $title);
    return <<<HTML
        <link rel="apple-touch-icon" href="$touch_icon">
        <meta property="og:type" content="website">
        <meta property="og:site_name" content="Sign-up sheet">
        <meta property="og:title" content="$name">
        <meta property="og:description" content="A sign-up sheet: put your name on the list, and see who else is on it.">

        HTML;
}

function layout(string $title, string $page, string $main): string
{
    $home = $page === 'home' ? CURRENT : '';
    $users = $page === 'users' ? CURRENT : '';
    // The icon, and where the other assets are, which have fingerprints in their names.
    ['PEER_STYLE' => $style, 'PEER_ICON' => $icon, 'PEER_FORM' => $form, 'PEER_LIVE' => $live] = $_SERVER;
    $address = ['home' => $form, 'users' => $live][$page] ?? null;
    $script = $address !== null ? "<script type=\"module\" src=\"$address\"></script>\n" : '';
    $preview = $page === '' ? '' : preview($title);
    return <<<HTML
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="description" content="A sign-up sheet: put your name on the list, and see who else is on it.">
        <title>$title</title>
        <link rel="stylesheet" href="$style">
        <link rel="icon" href="$icon" type="image/svg+xml">
        $script$preview</head>
        <body>
        <header class="site"><a class="brand" href="/"><bdi>Sign-up sheet</bdi></a><nav aria-label="Site"><a href="/"$home>Sign up</a> <a href="/users"$users>Users</a></nav></header>
        <main>
        $main</main>
        <footer>
        <p>Rollcall, a sign-up sheet that never loses a name.</p>
        </footer>
        </body>
        </html>

        HTML;
}

function user_count(int $users): string
{
    return '<strong class="count">' . number_format($users) . ' user' . ($users === 1 ? '' : 's') . '</strong>';
}

// 2026-11-24T03:41:41.123Z as 24 Nov 2026, 03:41 UTC.
function user_date(string $time): string
{
    return ltrim(substr($time, 8, 2), '0') . ' ' . MONTHS[(int) substr($time, 5, 2) - 1] . ' ' . substr($time, 0, 4)
        . ', ' . substr($time, 11, 5) . ' UTC';
}

function ago(int $age, int $unit, string $name): string
{
    $units = intdiv($age, $unit);
    return "$units $name" . ($units === 1 ? '' : 's') . ' ago';
}

// Without strtotime(), which takes ten times as long, for every user of a page.
function milliseconds_of(string $time): int
{
    [$year, $month, $day, $hour, $minute, $second, $milliseconds] = sscanf($time, '%d-%d-%dT%d:%d:%d.%d');
    return gmmktime($hour, $minute, $second, $month, $day, $year) * 1000 + $milliseconds;
}

function relative(string $time, int $now): string
{
    $age = $now - milliseconds_of($time);
    return match (true) {
        $age < MINUTE => 'just now',
        $age < HOUR => ago($age, MINUTE, 'minute'),
        $age < DAY => ago($age, HOUR, 'hour'),
        $age < WEEK => ago($age, DAY, 'day'),
        default => user_date($time),
    };
}

function rows(array $users, int $now): string
{
    $rows = '';
    foreach ($users as [$number, $time, $name]) {
        $rows .= "<li id=\"user-$number\"><a href=\"/users/$number\"><bdi>" . htmlspecialchars($name)
            . "</bdi></a> <time datetime=\"$time\" title=\"" . user_date($time) . '">' . relative($time, $now) . "</time></li>\n";
    }
    return $rows;
}

function latest_users(array $latest, int $now): string
{
    $rows = rows($latest, $now);
    return <<<HTML
        <section class="latest" aria-labelledby="latest">
        <h2 id="latest">Latest</h2>
        <ol class="users">
        $rows</ol>
        <p><a href="/users">See all users</a></p>
        </section>

        HTML;
}

function home_page(int $users, array $latest = [], int $now = 0, string $typed = '', string $problem = ''): string
{
    $count = user_count($users);
    $value = htmlspecialchars($typed);
    $invalid = $problem === '' ? '' : ' invalid';
    $error = $problem === ''
        ? ''
        : "<p class=\"error\" id=\"username-error\"><span>Error:</span> $problem</p>\n";
    $section = $latest === [] ? '' : latest_users($latest, $now);
    return layout($problem === '' ? 'Sign-up sheet' : 'Error: Sign up – Sign-up sheet', 'home', <<<HTML
        <h1><bdi>Sign-up sheet</bdi></h1>
        <p class="lead">$count have signed up. Put your name on <a href="/users">the list</a>.</p>
        <form method="post" action="/create-user">
        <div class="field$invalid">
        <label for="username">Your name</label>
        <p class="hint" id="username-hint">Up to 64 letters and digits, with spaces, hyphens, apostrophes, full stops or underscores.</p>
        $error<input id="username" name="username" type="text" required maxlength="128" autocomplete="name" autocapitalize="words" spellcheck="false" dir="auto" aria-describedby="username-hint" value="$value">
        <button type="submit">Sign up</button>
        </div>
        </form>
        $section
        HTML);
}

function list_page(array $newest, array $letters, int $most, int $total, int $now): string
{
    $rows = rows($newest, $now);
    $oldest = end($newest)[0];
    $pages = count($newest) < $total
        ? "<nav class=\"pages\" aria-label=\"Pages\"><a rel=\"next\" href=\"/users?before=$oldest\">Older</a> <a href=\"/users?after=0\">Oldest</a></nav>\n"
            . '<nav class="letters" aria-labelledby="letters"><h2 id="letters">By letter</h2>'
            . implode('', array_map(fn ($letter) => " <a href=\"/users?q=$letter\">$letter</a>", $letters)) . "</nav>\n"
        : '';
    $range = count($newest) < $total ? '1 to ' . number_format(count($newest)) . ' of ' : '';
    $count = user_count($total);
    $print = $total <= PRINT_SIZE ? 'Print the whole list' : 'Print the list, ' . number_format(PRINT_SIZE) . ' users a page';
    return layout('Users – Sign-up sheet', 'users', <<<HTML
        <h1>Users</h1>
        <p class="visually-hidden" role="status" data-live-status></p>
        <form role="search" class="search" action="/users" method="get">
        <label for="q">Find a name</label>
        <input id="q" name="q" type="search" autocomplete="off" autocapitalize="none" spellcheck="false" dir="auto" value="">
        <button type="submit">Search</button>
        </form>
        <p class="lead">$range$count, newest first.</p>
        <ol class="users" data-live="/users/events?after=$total" data-most="$most">
        $rows</ol>
        $pages<p class="print"><a href="/users/print">$print</a></p>

        HTML);
}

function problem_page(string $title): string
{
    return layout("$title – Sign-up sheet", '', "<h1>$title</h1>\n");
}
