<?php
// The pages of the peer in PHP.

declare(strict_types=1);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CURRENT = ' aria-current="page"';

function layout(string $title, string $page, string $main): string
{
    $home = $page === 'home' ? CURRENT : '';
    $users = $page === 'users' ? CURRENT : '';
    return <<<HTML
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>$title – Rollcall</title>
        <link rel="stylesheet" href="/style.css">
        <link rel="icon" href="/icon.svg" type="image/svg+xml">
        </head>
        <body>
        <header class="site"><a class="brand" href="/">Rollcall</a><nav aria-label="Site"><a href="/"$home>Sign up</a> <a href="/users"$users>Users</a></nav></header>
        <main>
        $main</main>
        <footer>Rollcall, a sign-up sheet that never loses a name.</footer>
        </body>
        </html>

        HTML;
}

function user_count(int $users): string
{
    return "<strong class=\"count\">$users user" . ($users === 1 ? '' : 's') . '</strong>';
}

function home_page(int $users, string $typed = '', string $problem = ''): string
{
    $count = user_count($users);
    $value = htmlspecialchars($typed);
    $invalid = $problem === '' ? '' : ' invalid';
    $error = $problem === ''
        ? ''
        : "<p class=\"error\" id=\"username-error\"><span>Error:</span> $problem</p>\n";
    return layout($problem === '' ? 'Sign up' : 'Error: Sign up', 'home', <<<HTML
        <h1>Welcome to Rollcall</h1>
        <p class="lead">$count have signed up. Put your name on <a href="/users">the list</a>.</p>
        <form method="post" action="/create-user">
        <div class="field$invalid">
        <label for="username">Username</label>
        <p class="hint" id="username-hint">1 to 64 letters and digits, with single spaces, dots, hyphens or underscores between them.</p>
        $error<input id="username" name="username" type="text" required autocomplete="username" autocapitalize="none" spellcheck="false" dir="auto" aria-describedby="username-hint" value="$value">
        <button type="submit">Sign up</button>
        </div>
        </form>

        HTML);
}

// 2026-11-24T03:41:41.123Z as 24 Nov 2026, 03:41 UTC.
function shown(string $time): string
{
    return ltrim(substr($time, 8, 2), '0') . ' ' . MONTHS[(int) substr($time, 5, 2) - 1] . ' ' . substr($time, 0, 4)
        . ', ' . substr($time, 11, 5) . ' UTC';
}

function list_page(array $newest, int $total): string
{
    $rows = '';
    foreach ($newest as [$number, $time, $name]) {
        $rows .= '<li><bdi>' . htmlspecialchars($name) . "</bdi> <time datetime=\"$time\">" . shown($time) . "</time></li>\n";
    }
    $pages = count($newest) < $total
        ? "<nav class=\"pages\" aria-label=\"Pages\"><a rel=\"next\" href=\"/users?before=$number\">Older</a></nav>\n"
        : '';
    $count = user_count($total);
    return layout('Users', 'users', <<<HTML
        <h1>Users</h1>
        <p class="lead">$count, newest first.</p>
        <ol class="users">
        $rows</ol>
        $pages
        HTML);
}

function problem_page(string $title): string
{
    return layout($title, '', "<h1>$title</h1>\n");
}
