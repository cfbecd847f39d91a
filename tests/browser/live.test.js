// A list that stays open follows along.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { launch, openPage } from './support/browser.js';
import { startSite } from './support/site.js';

// What nginx says where the application is away, and of a list too many.
const AWAY = ['connect() to unix:', 'upstream prematurely closed connection', 'zone "rollcall_lists"'];

// No sooner than this the page asks again for a stream that it was refused.
const RETRY_MS = 15000;

let browser;
let site;
let pages;

before(async () => { browser = await launch(); });
after(() => browser?.close());

afterEach(async () => {
  for (const page of pages) await page.context().close();
  await site.end(AWAY);
  assert.deepEqual(pages.flatMap((page) => page.complaints), []);
});

async function start(names, options, change) {
  pages = [];
  site = await startSite({ users: names.map((username) => ({ username })), options, change });
}

// The page's own timers run when they are told to.
async function open(path) {
  const page = await openPage(browser, site);
  pages.push(page);
  await page.clock.install();
  await page.goto(path);
  return page;
}

// With its stream.
async function openList() {
  const page = await open('about:blank');
  const stream = nextStream(page, 200);
  await page.goto('/users');
  await stream;
  return page;
}

const nextStream = (page, status) => page.waitForResponse(
  (response) => response.url().includes('/users/events') && response.status() === status,
);

// Lets time pass for the page until the promise is kept.
async function passTime(page, promise) {
  let isKept = false;
  const kept = promise.finally(() => { isKept = true; });
  while (!isKept) {
    await page.clock.fastForward(RETRY_MS);
    await Promise.race([kept, delay(50)]);
  }
  await kept;
}

const names = (page) => page.locator('ol.users bdi').allTextContents();
const count = (page) => page.locator('strong.count').textContent();
const arrival = (page, number) => page.locator(`#user-${number}`).waitFor();

test('a user who signs up in one window appears in the other, at the top, and is announced', async () => {
  await start(['alice']);
  const list = await openList();
  const form = await open('/');
  await form.getByLabel('Your name').fill('Bob');
  await form.getByRole('button', { name: 'Sign up' }).click();
  await arrival(list, 2);
  assert.deepEqual(await names(list), ['Bob', 'alice']);
  assert.equal(await count(list), '2 users');
  await list.clock.runFor(RETRY_MS);
  assert.deepEqual(await list.getByRole('status').allTextContents(), ['1 new user has signed up.']);
});

test('an empty list becomes one with the first user', async () => {
  await start([]);
  const list = await openList();
  await site.signUp('alice');
  await arrival(list, 1);
  assert.deepEqual(await names(list), ['alice']);
});

test('a page of the list stays as long as it is, and the next one begins where it ends', async () => {
  await start(['a', 'b', 'c'], ['--page-size', '2']);
  const list = await openList();
  await site.signUp('d');
  await arrival(list, 4);
  assert.deepEqual(await names(list), ['d', 'c']);
  assert.equal(await count(list), '4 users');
  await list.getByRole('link', { name: 'Older' }).click();
  await list.waitForURL('**/users?before=3');
  assert.deepEqual(await names(list), ['b', 'a']);
});

test('a count that is grouped is counted on, and grouped', async () => {
  await start(Array.from({ length: 999 }, (_, i) => `user${i}`));
  const list = await openList();
  for (const [number, shown] of [[1000, '1,000 users'], [1001, '1,001 users']]) {
    await site.signUp(`user${number}`);
    await arrival(list, number);
    assert.equal(await count(list), shown);
  }
});

test('a page that is full for the first time gets its link to the next one', async () => {
  await start(['a', 'b'], ['--page-size', '2']);
  const list = await openList();
  await site.signUp('c');
  await arrival(list, 3);
  assert.deepEqual(await names(list), ['c', 'b']);
  assert.equal(await list.getByRole('link', { name: 'Older' }).count(), 1);
});

for (const [how, end] of [['started anew', 'stopApp'], ['killed', 'killApp']]) {
  test(`a server that is ${how} is followed on, with no name missing and none twice`, async () => {
    await start(['alice']);
    const list = await openList();
    await site.signUp('bob');
    await arrival(list, 2);
    await site[end]();
    await site.startApp();
    await site.signUp('carol');
    await site.signUp('dave');
    await passTime(list, arrival(list, 4));
    assert.deepEqual(await names(list), ['dave', 'carol', 'bob', 'alice']);
    assert.equal(await count(list), '4 users');
  });
}

test('a server that is away for longer is asked again until it is there', async () => {
  await start(['alice']);
  const list = await openList();
  await site.stopApp();
  await passTime(list, nextStream(list, 502));
  await passTime(list, nextStream(list, 502));
  await site.startApp();
  await site.signUp('bob');
  await passTime(list, arrival(list, 2));
  assert.deepEqual(await names(list), ['bob', 'alice']);
});

test('a list too many for its network asks again, and follows along when another one is closed', async () => {
  await start(['alice'], [], (text) => text.replace('limit_conn rollcall_lists 32', 'limit_conn rollcall_lists 1'));
  const first = await openList();
  const second = await open('about:blank');
  const refused = nextStream(second, 429);
  await second.goto('/users');
  await refused;
  await passTime(second, nextStream(second, 429));
  await site.signUp('bob');
  await arrival(first, 2);
  assert.deepEqual(await names(second), ['alice']);
  await first.goto('about:blank');
  await passTime(second, arrival(second, 2));
  await site.signUp('carol');
  await arrival(second, 3);
  assert.deepEqual(await names(second), ['carol', 'bob', 'alice']);
});

// The page's clock says when it asked.
test('a list that is refused waits longer each time', async () => {
  await start(['alice'], ['--max-streams', '0']);
  const list = await open('about:blank');
  await list.addInitScript(() => {
    window.asked = [];
    window.EventSource = class extends EventSource {
      constructor(...argv) {
        super(...argv);
        window.asked.push(Date.now());
      }
    };
  });
  const refused = nextStream(list, 503);
  await list.goto('/users');
  await refused;
  for (let times = 0; times < 5; times++) await passTime(list, nextStream(list, 503));
  const asked = await list.evaluate(() => window.asked);
  const waits = asked.slice(1).map((time, i) => time - asked[i]);
  [15, 30, 60, 120, 120].forEach((least, i) => {
    assert.ok(waits[i] >= least * 1000, `wait ${i} took ${waits[i]} ms`);
  });
});

test('times of a list that stays open grow with it', async () => {
  await start(['alice']);
  const list = await openList();
  await site.signUp('bob');
  await arrival(list, 2);
  assert.equal(await list.locator('#user-2 time').textContent(), 'just now');
  await list.clock.fastForward(2 * 60 * 1000 + 5000);
  assert.match(await list.locator('#user-2 time').textContent(), /^[23] minutes ago$/);
});

test('a list that is opened again shows the users who signed up meanwhile', async () => {
  await start(['alice']);
  const list = await openList();
  await list.getByRole('link', { name: 'Sign up' }).click();
  await list.waitForURL('**/');
  await site.signUp('bob');
  await list.goBack();
  await arrival(list, 2);
  assert.deepEqual(await names(list), ['bob', 'alice']);
});
