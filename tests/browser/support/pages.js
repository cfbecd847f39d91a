// Every page there is, and the sites that have them.
import { readdirSync } from 'node:fs';
import { startSite, WWW } from './site.js';

const DAY = 86400000;

// From the newest on: both directions, scripts that are wide and high, the longest there can be.
const NAMES = [
  'Zoë', 'عبد الله', 'Anne-Marie', 'מרים כהן', 'jürgen_75', 'Bjørn', 'T.Grundy', 'Ναυσικά', 'নীলা', 'Łukasz',
  'Wolfeschlegelsteinhausenbergerdorff-Welche.vor.altern.waren.gewi', 'سارة ٢٥', 'กมลา', 'Олена', 'bob',
];

// A page and more; the first of them long ago.
function users() {
  const now = Date.now();
  const all = [];

  for (let i = 60; i >= 1; i--) {
    const ago = i <= NAMES.length ? (i - 1) ** 2.5 * 90000 + 5000 : i * DAY;
    all.push({ username: NAMES[i - 1] ?? `guest ${i}`, created: new Date(now - ago).toISOString() });
  }
  return all;
}

// nginx's own error pages can be had by their addresses here, with 200.
function withErrorPages(conf) {
  const changed = conf.replace(/(location \/errors\/ \{[^}]*)\binternal;/, '$1');
  if (changed === conf) throw new Error('the error pages are not as they were');
  return changed;
}

// All that an organiser can say, with what has to be escaped.
const TEXTS = [
  '--title', 'Winter workshop: bread & cheese', '--contact', 'ada@example.org',
  '--intro', 'Saturday 12 December, 10:00 to 16:00, in the old school.\\nBring an apron and a box for the bread.\\n\\n'
    + 'Flour, milk & ovens are there.',
  '--privacy', 'Everybody can see the names. The list is deleted a week after the workshop.',
];

// At six in the evening, so many days from now.
const evening = (days) => new Date(Math.floor(Date.now() / DAY + days) * DAY + 18 * 3600000).toISOString();

// Sites, as the pages below name them.
export async function startSites() {
  return {
    full: await startSite({ users: users(), change: withErrorPages }),
    empty: await startSite(),
    told: await startSite({ users: users().slice(-12), options: [...TEXTS, '--seats', '30', '--closes', evening(6)] }),
    early: await startSite({ options: [...TEXTS, '--opens', evening(3), '--closes', evening(9), '--seats', '30'] }),
    closed: await startSite({ users: users().slice(-12), options: [...TEXTS, '--closes', evening(-1)] }),
    taken: await startSite({ users: users().slice(-12), options: [...TEXTS, '--seats', '12', '--closes', evening(6)] }),
  };
}

export async function endSites(sites) {
  for (const site of Object.values(sites ?? {})) await site.end();
}

const fromNginx = readdirSync(`${WWW}/errors`).filter((file) => file.endsWith('.html'));

// path: where it is. username: what is typed into the form, and sent, to come to it. status: of an answer to the form that is not
// the application's; the page is the one that the browser has then.
export const pages = [
  { name: 'home', site: 'full', path: '/' },
  { name: 'home-empty', site: 'empty', path: '/' },
  { name: 'home-told', site: 'told', path: '/' },
  { name: 'home-told-taken', site: 'told', username: 'ANNE-MARIE' },
  { name: 'users-told', site: 'told', path: '/users' },
  { name: 'home-not-yet-open', site: 'early', path: '/' },
  { name: 'home-closed', site: 'closed', path: '/' },
  { name: 'home-full', site: 'taken', path: '/' },
  { name: 'home-invalid', site: 'full', username: 'no -- name' },
  { name: 'home-taken', site: 'full', username: 'ANNE-MARIE' },
  { name: 'home-away', site: 'full', username: 'alice', status: 502 },
  { name: 'home-limited', site: 'full', username: 'alice', status: 429 },
  { name: 'users', site: 'full', path: '/users' },
  { name: 'users-created', site: 'full', path: '/users?created=60' },
  { name: 'leave', site: 'full', path: '/leave/59' },
  { name: 'leave-wrong', site: 'full', path: '/leave/59', key: 'wrong' },
  { name: 'users-older', site: 'full', path: '/users?before=11' },
  { name: 'users-print', site: 'full', path: '/users/print' },
  { name: 'users-print-after', site: 'full', path: '/users/print?after=50' },
  { name: 'users-empty', site: 'empty', path: '/users' },
  { name: 'search', site: 'full', path: '/users?q=guest' },
  { name: 'search-nobody', site: 'full', path: '/users?q=nobody%20of%20that%20name' },
  { name: 'user', site: 'full', path: '/users/59' },
  { name: 'loop', site: 'full', path: '/loop' },
  { name: 'error-400', site: 'full', path: '/users?before=x' },
  { name: 'error-404', site: 'full', path: '/nowhere' },
  ...fromNginx.map((file) => ({ name: `nginx-${file.slice(0, 3)}`, site: 'full', path: `/errors/${file}` })),
];

// In a browser.
export async function visit(page, { path, username, status, key }) {
  await page.goto(path ?? '/');
  if (key !== undefined) {
    await page.getByLabel('Your link').fill(key);
    await page.getByRole('button', { name: 'Take my name off' }).click();
    await page.getByRole('alert').waitFor();
  }
  if (username === undefined) return;
  if (status !== undefined) await page.route('**/create-user', (route) => route.fulfill({ status }), { times: 1 });
  await page.getByLabel('Your name').fill(username);
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByRole('alert').waitFor();
}

// As it is served.
export async function source(site, { path, username }) {
  const form = { method: 'POST', body: new URLSearchParams({ username }) };
  const response = await (username === undefined ? fetch(site.url + path) : fetch(`${site.url}/create-user`, form));
  return response.text();
}
