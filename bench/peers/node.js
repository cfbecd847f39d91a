// The peer in Node: http of the standard library, one process, users in memory, group commit.
//
//     node node.js FILE SOCKET PORT
//
// FILE holds a user a line: number, time and name, separated by tabs. It listens on a unix socket, for nginx, and on
// a port of 127.0.0.1, for requests that do not come through nginx. PEER_ICON is the icon; PEER_STYLE, PEER_TOUCH_ICON,
// PEER_FORM and PEER_LIVE say where the other assets are.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const { home, list, problem } = require('./node_pages.js');

const [file, socket, port] = process.argv.slice(2);
const PAGE = 50;
const LATEST = 5;
const MOST_BODY = 49152;
const USERNAME = /^[\p{L}\p{M}\p{N}]+(?:[ ._-][\p{L}\p{M}\p{N}]+)*$/u;
const HEADERS = {
  Vary: 'Accept',
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

const users = []; // { number, time, name }, oldest first
const letters = new Set(); // that words of names begin with
const keys = new Set(); // of all users, and of those on their way to the disk
const descriptor = fs.openSync(file, 'a');
const boot = process.hrtime.bigint().toString(16);

function keyOf(name) {
  return name.normalize('NFKC').toLowerCase();
}

function add(user) {
  users.push(user);
  for (const word of user.name.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) letters.add(word[0].toUpperCase());
}

function load() {
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const [number, time, name] = line.split('\t');
    add({ number: Number(number), time, name });
    keys.add(keyOf(name));
  }
}

// Whoever comes while a group is written is in the next one: one write and one fdatasync for all of it.
let waiting = [];
let isStoring = false;

function store(name, done) {
  waiting.push({ name, done });
  if (!isStoring) {
    isStoring = true;
    setImmediate(storeGroup);
  }
}

function storeGroup() {
  const group = waiting;
  const time = new Date().toISOString();
  let number = users.length;
  let lines = '';

  waiting = [];
  for (const each of group) {
    each.user = { number: ++number, time, name: each.name };
    lines += `${number}\t${time}\t${each.name}\n`;
  }
  fs.write(descriptor, lines, (failed) => {
    if (failed) endGroup(group, failed);
    else fs.fdatasync(descriptor, (notSynced) => endGroup(group, notSynced));
  });
}

function endGroup(group, failed) {
  if (!failed) for (const { user } of group) add(user);
  for (const { user, done } of group) done(failed, user);
  isStoring = waiting.length > 0;
  if (isStoring) storeGroup();
}

function send(response, status, body, headers) {
  response.writeHead(status, {
    ...HEADERS,
    'Cache-Control': status < 400 ? 'no-cache' : 'no-store',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

// What there is to be shown at a time: the users, and how long ago things were, which pages say by the minute.
function versionAt(now) {
  return `${users.length}-${Math.floor(now / 60000)}`;
}

// A page as it was rendered last, for everybody who asks until there is something else to be shown.
function kept(render) {
  let shown = '';
  let body;

  return (version, now) => {
    if (version !== shown) body = Buffer.from(render(now));
    shown = version;
    return body;
  };
}

function newest(most) {
  return users.slice(-most).reverse();
}

const homePage = kept((now) => home({ users: users.length, latest: newest(LATEST), now }));
const usersPage = kept((now) =>
  list({ users: newest(PAGE), letters: [...letters].sort(), most: PAGE, total: users.length, now }),
);

function getHome(response) {
  const now = Date.now();

  send(response, 200, homePage(versionAt(now), now));
}

function getUsers(request, response) {
  const now = Date.now();
  const version = versionAt(now);
  const etag = `W/"${boot}-${version}"`;

  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { ...HEADERS, 'Cache-Control': 'no-cache', ETag: etag });
    response.end();
    return;
  }
  send(response, 200, usersPage(version, now), { ETag: etag });
}

function createUser(response, body) {
  const name = (new URLSearchParams(body).get('username') ?? '').trim();

  if (!USERNAME.test(name) || [...name].length > 64) {
    send(response, 422, home({ users: users.length, typed: name, problem: 'That is not a username.' }));
    return;
  }
  const key = keyOf(name);
  if (keys.has(key)) {
    send(response, 409, home({ users: users.length, typed: name, problem: 'That name is taken.' }));
    return;
  }
  keys.add(key);
  store(name, (failed, user) => {
    if (failed) {
      keys.delete(key);
      send(response, 503, problem('Temporarily unavailable'));
    } else {
      send(response, 303, '', { Location: `/users?created=${user.number}` });
    }
  });
}

function readForm(request, response) {
  const chunks = [];
  let length = 0;

  request.on('data', (chunk) => {
    length += chunk.length;
    if (length <= MOST_BODY) chunks.push(chunk);
  });
  request.on('end', () => {
    if (length > MOST_BODY) send(response, 413, problem('Request too large'));
    else createUser(response, Buffer.concat(chunks).toString());
  });
}

function answer(request, response) {
  const path = request.url.split('?', 1)[0];

  if (path === '/' && request.method === 'GET') getHome(response);
  else if (path === '/users' && request.method === 'GET') getUsers(request, response);
  else if (path === '/create-user' && request.method === 'POST') readForm(request, response);
  else send(response, 404, problem('Not found'));
}

load();
for (const place of [{ path: socket }, { host: '127.0.0.1', port: Number(port) }]) {
  const server = http.createServer({ keepAliveTimeout: 75000 }, answer);
  server.maxRequestsPerSocket = 0;
  server.listen({ ...place, backlog: 4096 });
}
