// The pages of the peer in Node.
'use strict';

// The icon, and where the other assets are, which have fingerprints in their names.
const { PEER_STYLE, PEER_ICON, PEER_TOUCH_ICON, PEER_FORM, PEER_LIVE } = process.env;
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const PRINT = 5000; // users on a page to print
const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

// An error is no page to link to.
function preview(title, page) {
  if (page === '') return '';
  return `<link rel="apple-touch-icon" href="${PEER_TOUCH_ICON}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Sign-up sheet">
<meta property="og:title" content="${title.replace(' – Sign-up sheet', '')}">
<meta property="og:description" content="A sign-up sheet: put your name on the list, and see who else is on it.">
`;
}

function layout(title, page, main) {
  const current = (link) => (link === page ? ' aria-current="page"' : '');
  const asset = { home: PEER_FORM, users: PEER_LIVE }[page];
  const script = asset ? `<script type="module" src="${asset}"></script>\n` : '';

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="A sign-up sheet: put your name on the list, and see who else is on it.">
<title>${title}</title>
<link rel="stylesheet" href="${PEER_STYLE}">
<link rel="icon" href="${PEER_ICON}" type="image/svg+xml">
${script}${preview(title, page)}</head>
<body>
<header class="site"><a class="brand" href="/"><bdi>Sign-up sheet</bdi></a><nav aria-label="Site"><a href="/"${current('home')}>Sign up</a> <a href="/users"${current('users')}>Users</a></nav></header>
<main>
${main}</main>
<footer>
<p>Rollcall, a sign-up sheet that never loses a name.</p>
</footer>
</body>
</html>
`;
}

// 10,000, as for people.
function grouped(number) {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function count(users) {
  return `<strong class="count">${grouped(users)} user${users === 1 ? '' : 's'}</strong>`;
}

// 2026-11-24T03:41:41.123Z as 24 Nov 2026, 03:41 UTC.
function date(time) {
  const day = Number(time.slice(8, 10));
  const month = MONTHS[Number(time.slice(5, 7)) - 1];

  return `${day} ${month} ${time.slice(0, 4)}, ${time.slice(11, 16)} UTC`;
}

function ago(age, unit, name) {
  const units = Math.floor(age / unit);

  return `${units} ${name}${units === 1 ? '' : 's'} ago`;
}

function relative(time, now) {
  const age = now - Date.parse(time);

  if (age < MINUTE) return 'just now';
  if (age < HOUR) return ago(age, MINUTE, 'minute');
  if (age < DAY) return ago(age, HOUR, 'hour');
  if (age < WEEK) return ago(age, DAY, 'day');
  return date(time);
}

function rows(users, now) {
  let items = '';

  for (const { number, name, time } of users)
    items += `<li id="user-${number}"><a href="/users/${number}"><bdi>${escape(name)}</bdi></a> <time datetime="${time}" title="${date(time)}">${relative(time, now)}</time></li>\n`;
  return items;
}

function latestUsers(users, now) {
  return `<section class="latest" aria-labelledby="latest">
<h2 id="latest">Latest</h2>
<ol class="users">
${rows(users, now)}</ol>
<p><a href="/users">See all users</a></p>
</section>
`;
}

function home({ users, latest = [], now = 0, typed = '', problem = null }) {
  const error = problem === null ? '' : `<p class="error" id="username-error"><span>Error:</span> ${problem}</p>\n`;

  return layout(
    problem === null ? 'Sign-up sheet' : 'Error: Sign up – Sign-up sheet',
    'home',
    `<h1><bdi>Sign-up sheet</bdi></h1>
<p class="lead">${count(users)} have signed up. Put your name on <a href="/users">the list</a>.</p>
<form method="post" action="/create-user">
<div class="field${problem === null ? '' : ' invalid'}">
<label for="username">Your name</label>
<p class="hint" id="username-hint">Up to 64 letters and digits, with spaces, hyphens, apostrophes, full stops or underscores.</p>
${error}<input id="username" name="username" type="text" required maxlength="128" autocomplete="name" autocapitalize="words" spellcheck="false" dir="auto" aria-describedby="username-hint" value="${escape(typed)}">
<button type="submit">Sign up</button>
</div>
</form>
${latest.length > 0 ? latestUsers(latest, now) : ''}`,
  );
}

function list({ users, letters, most, total, now }) {
  const older = users.length < total ? users[users.length - 1].number : 0;
  const pages =
    older > 0
      ? `<nav class="pages" aria-label="Pages"><a rel="next" href="/users?before=${older}">Older</a> <a href="/users?after=0">Oldest</a></nav>\n<nav class="letters" aria-labelledby="letters"><h2 id="letters">By letter</h2>${letters
          .map((letter) => ` <a href="/users?q=${letter}">${letter}</a>`)
          .join('')}</nav>\n`
      : '';

  return layout(
    'Users – Sign-up sheet',
    'users',
    `<h1>Users</h1>
<p class="visually-hidden" role="status" data-live-status></p>
<form role="search" class="search" action="/users" method="get">
<label for="q">Find a name</label>
<input id="q" name="q" type="search" autocomplete="off" autocapitalize="none" spellcheck="false" dir="auto" value="">
<button type="submit">Search</button>
</form>
<p class="lead">${users.length < total ? `1 to ${grouped(users.length)} of ` : ''}${count(total)}, newest first.</p>
<ol class="users" data-live="/users/events?after=${total}" data-most="${most}">
${rows(users, now)}</ol>
${pages}<p class="print"><a href="/users/print">${total <= PRINT ? 'Print the whole list' : `Print the list, ${grouped(PRINT)} users a page`}</a></p>
`,
  );
}

function problem(title) {
  return layout(`${title} – Sign-up sheet`, '', `<h1>${title}</h1>\n`);
}

module.exports = { home, list, problem };
