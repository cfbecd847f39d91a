// A list that stays open follows along.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { launch, openPage } from './support/browser.js';
import { startSite } from './support/site.js';

// What nginx says where the application is away.
const AWAY = ['connect() to unix:', 'upstream prematurely closed connection'];

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

async function start(names, options) {
  pages = [];
  site = await startSite({ users: names.map((username) => ({ username })), options });
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

test('who signs up in one window comes up in the other, at the top, and is told of', async () => {
  await start(['alice']);
  const list = await openList();
  const form = await open('/');
  await form.getByLabel('Username').fill('Bob');
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

test('times of a list that stays open grow with it', async () => {
  await start(['alice']);
  const list = await openList();
  await site.signUp('bob');
  await arrival(list, 2);
  assert.equal(await list.locator('#user-2 time').textContent(), 'just now');
  await list.clock.fastForward(2 * 60 * 1000 + 5000);
  assert.match(await list.locator('#user-2 time').textContent(), /^[23] minutes ago$/);
});

test('who comes back to the list finds those who came meanwhile', async () => {
  await start(['alice']);
  const list = await openList();
  await list.getByRole('link', { name: 'Sign up' }).click();
  await list.waitForURL('**/');
  await site.signUp('bob');
  await list.goBack();
  await arrival(list, 2);
  assert.deepEqual(await names(list), ['bob', 'alice']);
});
