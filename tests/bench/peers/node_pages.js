// The pages of the peer in Node.
'use strict';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

function layout(title, page, main) {
  const current = (link) => (link === page ? ' aria-current="page"' : '');

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Rollcall</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<header class="site"><a class="brand" href="/">Rollcall</a><nav aria-label="Site"><a href="/"${current('home')}>Sign up</a> <a href="/users"${current('users')}>Users</a></nav></header>
<main>
${main}</main>
<footer>Rollcall, a sign-up sheet that never loses a name.</footer>
</body>
</html>
`;
}

function count(users) {
  return `<strong class="count">${users} user${users === 1 ? '' : 's'}</strong>`;
}

function home({ users, typed = '', problem = null }) {
  const error = problem === null ? '' : `<p class="error" id="username-error"><span>Error:</span> ${problem}</p>\n`;

  return layout(
    problem === null ? 'Sign up' : 'Error: Sign up',
    'home',
    `<h1>Welcome to Rollcall</h1>
<p class="lead">${count(users)} have signed up. Put your name on <a href="/users">the list</a>.</p>
<form method="post" action="/create-user">
<div class="field${problem === null ? '' : ' invalid'}">
<label for="username">Username</label>
<p class="hint" id="username-hint">1 to 64 letters and digits, with single spaces, dots, hyphens or underscores between them.</p>
${error}<input id="username" name="username" type="text" required autocomplete="username" autocapitalize="none" spellcheck="false" dir="auto" aria-describedby="username-hint" value="${escape(typed)}">
<button type="submit">Sign up</button>
</div>
</form>
`,
  );
}

// 2026-11-24T03:41:41.123Z as 24 Nov 2026, 03:41 UTC.
function shown(time) {
  const day = Number(time.slice(8, 10));
  const month = MONTHS[Number(time.slice(5, 7)) - 1];

  return `${day} ${month} ${time.slice(0, 4)}, ${time.slice(11, 16)} UTC`;
}

function list(users, total) {
  let rows = '';

  for (const { name, time } of users)
    rows += `<li><bdi>${escape(name)}</bdi> <time datetime="${time}">${shown(time)}</time></li>\n`;
  const older = users.length < total ? users[users.length - 1].number : 0;
  const pages =
    older > 0
      ? `<nav class="pages" aria-label="Pages"><a rel="next" href="/users?before=${older}">Older</a></nav>\n`
      : '';
  return layout(
    'Users',
    'users',
    `<h1>Users</h1>\n<p class="lead">${count(total)}, newest first.</p>\n<ol class="users">\n${rows}</ol>\n${pages}`,
  );
}

function problem(title) {
  return layout(title, '', `<h1>${title}</h1>\n`);
}

module.exports = { home, list, problem };
