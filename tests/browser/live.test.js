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

// Screen readers hear of new users no more often than this.
const ANNOUNCE_MS = 15000;

const MINUTE = 60000;
const HOUR = 60 * MINUTE;

const LOOKS = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

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

// The page's own timers run when they are told to. time: what its device takes for now.
async function open(path, { look, time } = {}) {
  const page = await openPage(browser, site, look);
  pages.push(page);
  await page.clock.install({ time: time ?? Date.now() });
  await page.goto(path);
  return page;
}

// With its stream.
async function openList(options) {
  const page = await open('about:blank', options);
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

// After a minute the page asks for the server's time, and then writes the times again.
async function askTime(page) {
  await page.locator('time').first().evaluate((time) => { time.textContent = 'not written again'; });
  await page.clock.runFor(MINUTE);
  await page.locator('time').first().filter({ hasText: /ago|now/ }).waitFor();
}

// The server's Date has no fractions of a second, and tests pass a minute of their own.
const TEN_MINUTES = /^(9|1[012]) minutes ago$/;

// From now on the page is told that so much time has passed.
async function serverIsAhead(page, ms) {
  await page.route('**/users', (route) => route.fulfill({ headers: { Date: new Date(Date.now() + ms).toUTCString() } }));
}

// What the page would see if its tab were hidden, or were seen again.
function setHidden(page, isHidden) {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

const streamEnd = (page) => page.waitForEvent('requestfailed', (request) => request.url().includes('/users/events'));

const pauseButton = (page) => page.getByRole('button', { name: 'Pause updates' });
const showButton = (page, number) => page.getByRole('button', { name: `Show ${number} new user${number === 1 ? '' : 's'}` });

// A finger on the first row, or off it.
async function touchList(page, type) {
  await page.locator('ol.users').evaluate((list, name) => {
    const target = list.firstElementChild;
    const touch = new Touch({ identifier: 1, target });
    const targetTouches = name === 'touchstart' ? [touch] : [];
    target.dispatchEvent(new TouchEvent(name, { bubbles: true, targetTouches, changedTouches: [touch] }));
  }, type);
}

// As if it were a link.
async function focusRow(page, number) {
  await page.locator(`#user-${number}`).evaluate((row) => { row.tabIndex = 0; row.focus(); });
}

// An event as the server sends it, to the page's stream.
async function tell(page, type, data) {
  await page.evaluate(([name, text]) => {
    window.stream.dispatchEvent(new MessageEvent(name, { data: text, lastEventId: '9-9' }));
  }, [type, JSON.stringify(data)]);
}

async function openToldList(options) {
  const list = await open('about:blank', options);
  await list.addInitScript(() => {
    window.EventSource = class extends EventSource {
      constructor(...argv) {
        super(...argv);
        window.stream = this;
      }
    };
  });
  const stream = nextStream(list, 200);
  await list.goto('/users');
  await stream;
  return list;
}

const names = (page) => page.locator('ol.users bdi').allTextContents();
const count = (page) => page.locator('strong.count').textContent();
const aroundList = (page) => page.locator('.lead, nav.pages').evaluateAll((parts) => parts.map((part) => part.outerHTML));
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

// As the server writes it, on the page that was open.
async function expectListInPlace(list) {
  assert.equal(await list.evaluate(() => window.isSamePage), true);
  const written = await aroundList(list);
  await list.goto('/users');
  assert.deepEqual(written, await aroundList(list));
}

test('a list that did not arrive is asked for again', async () => {
  await start([]);
  const list = await openList();
  await list.evaluate(() => {
    const { fetch } = window;
    window.isSamePage = true;
    window.fetch = () => {
      window.fetch = fetch;
      return Promise.reject(new TypeError('no network'));
    };
  });
  await site.signUp('alice');
  await passTime(list, arrival(list, 1));
  await expectListInPlace(list);
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

test('rows that arrive are those that the server writes', async () => {
  const rows = (page) => page.locator('ol.users li').evaluateAll(
    (items) => items.map((item) => item.outerHTML.replace(' class="arrived"', '').replace(/>[^>]*<\/time>/, '></time>')),
  );
  await start(['a']);
  const list = await openList();
  await site.signUp('Zoë O\'Hara');
  await arrival(list, 2);
  const arrived = await rows(list);
  await list.reload();
  assert.deepEqual(arrived, await rows(list));
  await list.getByRole('link', { name: 'Zoë O\'Hara' }).click();
  await list.waitForURL('**/users/2');
});

test('a page that loses a row is filled up from the next one, and an empty list says so', async () => {
  await start(['a', 'b', 'c'], ['--page-size', '2']);
  const list = await openToldList();
  await site.stopApp();
  site.remove('c');
  await site.startApp();
  await tell(list, 'removed', { number: 3 });
  await passTime(list, list.locator('#user-1').waitFor());
  assert.deepEqual(await names(list), ['b', 'a']);
  assert.equal(await list.getByRole('link', { name: 'Older' }).count(), 0);
  await site.stopApp();
  site.remove('b');
  site.remove('a');
  await site.startApp();
  await passTime(list, list.getByText('Nobody has signed up yet.').waitFor());
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
  await askTime(list);
  await list.clock.fastForward(2 * MINUTE + 5000);
  await list.locator('#user-2 time', { hasText: /^[23] minutes ago$/ }).waitFor();
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

for (const [name, look] of Object.entries(LOOKS)) {
  test(`a page that becomes full keeps what is typed, the focus and the scroll (${name})`, async () => {
    await start(['a', 'b'], ['--page-size', '2']);
    const list = await openList({ look: { ...look, viewport: { ...look.viewport, height: 300 } } });
    const search = list.getByRole('searchbox');
    await search.pressSequentially('half a na');
    await list.evaluate(() => { window.isSamePage = true; window.scrollTo(0, 120); });
    const top = await list.evaluate(() => window.scrollY);
    await site.signUp('c');
    await arrival(list, 3);
    assert.deepEqual(await names(list), ['c', 'b']);
    const lead = await list.locator('.lead').textContent();
    assert.equal(lead, '1 to 2 of 3 users, newest first.');
    assert.equal(await list.evaluate(() => window.isSamePage), true);
    assert.equal(await search.inputValue(), 'half a na');
    assert.equal(await search.evaluate((field) => field === document.activeElement), true);
    assert.ok(top > 0);
    assert.equal(await list.evaluate(() => window.scrollY), top);
    const written = await aroundList(list);
    await list.reload();
    assert.deepEqual(written, await aroundList(list));
    await list.getByRole('link', { name: 'Older' }).click();
    await list.waitForURL('**/users?before=2');
    assert.deepEqual(await names(list), ['a']);
  });

  test(`an empty list becomes one with the first user, in its place (${name})`, async () => {
    await start([]);
    const list = await openList({ look });
    await list.evaluate(() => { window.isSamePage = true; });
    const stream = nextStream(list, 200);
    await site.signUp('alice');
    await arrival(list, 1);
    await stream;
    await site.signUp('bob');
    await arrival(list, 2);
    assert.deepEqual(await names(list), ['bob', 'alice']);
    await list.clock.runFor(ANNOUNCE_MS);
    assert.equal(await list.getByRole('status').textContent(), '2 new users have signed up.');
    await expectListInPlace(list);
  });

  test(`an empty list that is in use waits to become one (${name})`, async () => {
    await start([]);
    const list = await openList({ look });
    const link = list.getByRole('link', { name: 'Be the first' });
    await link.focus();
    for (const user of ['alice', 'bob']) await site.signUp(user);
    await showButton(list, 2).waitFor();
    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
    await showButton(list, 2).focus();
    await list.keyboard.press('Enter');
    await arrival(list, 2);
    await pauseButton(list).and(list.locator(':focus')).waitFor();
    assert.equal(await showButton(list, 2).count(), 0);
    assert.deepEqual(await names(list), ['bob', 'alice']);
  });

  test(`more users can wait than a page has (${name})`, async () => {
    await start(['a', 'b'], ['--page-size', '2']);
    const list = await openList({ look });
    await focusRow(list, 1);
    for (const user of ['c', 'd', 'e']) await site.signUp(user);
    await showButton(list, 3).click();
    assert.deepEqual(await names(list), ['e', 'd']);
    assert.equal(await list.locator('.lead').textContent(), '1 to 2 of 5 users, newest first.');
    const written = await aroundList(list);
    await list.reload();
    assert.deepEqual(written, await aroundList(list));
  });

  test(`users who have waited say for how long (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    await askTime(list);
    await focusRow(list, 1);
    await site.signUp('bob');
    await showButton(list, 1).waitFor();
    await list.clock.fastForward(10 * MINUTE);
    await showButton(list, 1).click();
    await list.locator('#user-2 time', { hasText: TEN_MINUTES }).waitFor();
  });

  test(`users who have waited while the page was paused say for how long (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    await focusRow(list, 1);
    await site.signUp('bob');
    await showButton(list, 1).waitFor();
    await pauseButton(list).click();
    await serverIsAhead(list, 10 * MINUTE);
    await showButton(list, 1).click();
    await list.locator('#user-2 time', { hasText: TEN_MINUTES }).waitFor();
  });

  test(`users who signed up during a pause say when (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    await pauseButton(list).click();
    await site.signUp('bob');
    await serverIsAhead(list, 10 * MINUTE);
    await pauseButton(list).click();
    await list.locator('#user-2 time', { hasText: TEN_MINUTES }).waitFor();
  });

  test(`users are renamed in place and removed, and a row under a finger stays until it is let go (${name})`, async () => {
    await start(['a', 'b', 'c', 'd']);
    const list = await openToldList({ look });
    await tell(list, 'renamed', { number: 2, username: 'Beth', created: '2026-01-02T03:04:05.678Z' });
    await tell(list, 'removed', { number: 3 });
    assert.deepEqual(await names(list), ['d', 'Beth', 'a']);
    assert.equal(await count(list), '3 users');
    const box = await list.locator('#user-1').boundingBox();
    if (look.hasTouch) await touchList(list, 'touchstart');
    else await list.locator('#user-1').hover();
    await tell(list, 'removed', { number: 4 });
    await tell(list, 'removed', { number: 7 });
    assert.deepEqual(await names(list), ['d', 'Beth', 'a']);
    assert.deepEqual(await list.locator('#user-1').boundingBox(), box);
    assert.equal(await list.locator('.gone').textContent().then((text) => text.startsWith('d')), true);
    assert.equal(await count(list), '2 users');
    if (look.hasTouch) await touchList(list, 'touchend');
    else await list.mouse.move(0, 0);
    assert.deepEqual(await names(list), ['Beth', 'a']);
    await list.clock.runFor(ANNOUNCE_MS);
    assert.equal(await list.getByRole('status').textContent(), '1 user has another name. 2 users were removed.');
  });

  test(`users on the waiting list say so, and move up when somebody leaves (${name})`, async () => {
    await start(['a'], ['--seats', '2', '--waiting-list', 'on']);
    const list = await openToldList({ look });
    for (const user of ['b', 'c', 'd']) await site.signUp(user);
    await arrival(list, 4);
    const waiting = () => list.locator('li:has(.waiting) bdi').allTextContents();
    assert.deepEqual(await waiting(), ['d', 'c']);
    await tell(list, 'sheet', { state: 'open', last_seat: 3 });
    assert.deepEqual(await waiting(), ['d']);
    const shown = await list.locator('#user-3').innerText();
    await tell(list, 'sheet', { state: 'open' });
    assert.deepEqual(await waiting(), []);
    await list.reload();
    assert.deepEqual(await waiting(), ['d', 'c']);
    assert.equal(shown.includes('Waiting'), false);
  });

  test(`what happened while the server was away is read anew, and what is typed stays (${name})`, async () => {
    await start(['a', 'b', 'c', 'd'], ['--page-size', '2']);
    const list = await openList({ look });
    const search = list.getByRole('searchbox');
    await search.pressSequentially('half a na');
    await list.evaluate(() => { window.isSamePage = true; });
    await site.stopApp();
    site.remove('c');
    await site.startApp();
    await passTime(list, list.locator('#user-2').waitFor());
    assert.deepEqual(await names(list), ['d', 'b']);
    assert.equal(await search.inputValue(), 'half a na');
    assert.equal(await search.evaluate((field) => field === document.activeElement), true);
    await expectListInPlace(list);
  });

  test(`six lists in hidden tabs leave the site usable, and one that is seen again misses nobody (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    const ended = streamEnd(list);
    await setHidden(list, true);
    await ended;
    const others = [];
    for (let tabs = 1; tabs < 6; tabs++) {
      const tab = await list.context().newPage();
      const stream = nextStream(tab, 200);
      await tab.goto('/users');
      await stream;
      const over = streamEnd(tab);
      await setHidden(tab, true);
      await over;
      others.push(tab);
    }
    const form = await list.context().newPage();
    await form.goto('/');
    for (const user of ['bob', 'carol']) await site.signUp(user);
    assert.deepEqual(await names(list), ['alice']);
    for (const tab of [list, others[0]]) {
      await setHidden(tab, false);
      await arrival(tab, 3);
      assert.deepEqual(await names(tab), ['carol', 'bob', 'alice']);
      assert.equal(await count(tab), '3 users');
    }
  });

  test(`a list that comes back from the browser's cache follows on (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    const ended = streamEnd(list);
    await list.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await ended;
    await site.signUp('bob');
    await list.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await arrival(list, 2);
    assert.deepEqual(await names(list), ['bob', 'alice']);
  });

  test(`a paused list stays as it is, also when loaded again, until it is no longer paused (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    assert.equal(await pauseButton(list).getAttribute('aria-pressed'), 'false');
    const ended = streamEnd(list);
    await pauseButton(list).click();
    await ended;
    assert.equal(await pauseButton(list).getAttribute('aria-pressed'), 'true');
    await list.reload();
    assert.equal(await pauseButton(list).getAttribute('aria-pressed'), 'true');
    await site.signUp('bob');
    const asked = [];
    list.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await setHidden(list, true);
    await setHidden(list, false);
    await list.clock.runFor(2 * MINUTE);
    assert.deepEqual(asked, []);
    assert.deepEqual(await names(list), ['alice']);
    await pauseButton(list).click();
    await arrival(list, 2);
    assert.equal(await pauseButton(list).getAttribute('aria-pressed'), 'false');
    const stream = nextStream(list, 200);
    await list.reload();
    await stream;
  });

  test(`a pause is for an empty list, too, and can be ended there (${name})`, async () => {
    await start([]);
    const list = await open('/', { look });
    await list.evaluate(() => localStorage.setItem('rollcall-paused', ''));
    const asked = [];
    list.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await list.goto('/users');
    assert.equal(await pauseButton(list).getAttribute('aria-pressed'), 'true');
    await site.signUp('alice');
    await list.clock.runFor(2 * MINUTE);
    assert.equal(asked.includes('/users/events'), false);
    await pauseButton(list).focus();
    await list.keyboard.press('Enter');
    await arrival(list, 1);
    await pauseButton(list).and(list.locator(':focus')).waitFor();
    assert.equal(await pauseButton(list).getAttribute('aria-pressed'), 'false');
  });

  test(`a list is paused without the browser's storage, too (${name})`, async () => {
    await start(['alice']);
    const list = await open('about:blank', { look });
    await list.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });
    });
    const stream = nextStream(list, 200);
    await list.goto('/users');
    await stream;
    const ended = streamEnd(list);
    await pauseButton(list).click();
    await ended;
    await pauseButton(list).click();
    await site.signUp('bob');
    await arrival(list, 2);
  });

  test(`rows stay where they are under a pointer or a finger, and new ones come when asked for (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    const box = await list.locator('#user-1').boundingBox();
    const leave = look.hasTouch ? () => touchList(list, 'touchend') : () => list.mouse.move(0, 0);
    if (look.hasTouch) await touchList(list, 'touchstart');
    else await list.locator('#user-1').hover();
    await site.signUp('bob');
    await showButton(list, 1).waitFor();
    await leave();
    await site.signUp('carol');
    await showButton(list, 2).waitFor();
    assert.deepEqual(await names(list), ['alice']);
    assert.equal(await count(list), '1 user');
    assert.deepEqual(await list.locator('#user-1').boundingBox(), box);
    await showButton(list, 2).focus();
    await list.keyboard.press('Enter');
    assert.deepEqual(await names(list), ['carol', 'bob', 'alice']);
    assert.equal(await count(list), '3 users');
    assert.equal(await showButton(list, 2).count(), 0);
    assert.equal(await pauseButton(list).evaluate((button) => button === document.activeElement), true);
    await site.signUp('dave');
    await arrival(list, 4);
  });

  test(`rows stay where they are while the focus is among them (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    await focusRow(list, 1);
    await site.signUp('bob');
    await showButton(list, 1).waitFor();
    assert.deepEqual(await names(list), ['alice']);
  });

  test(`many new users are announced together, at most once in 15 seconds (${name})`, async () => {
    await start(['alice']);
    const list = await openList({ look });
    const status = list.getByRole('status');
    // Its time stands still from now on, however slow the machine is.
    await list.clock.pauseAt(Date.now() + ANNOUNCE_MS);
    for (const user of ['bob', 'carol', 'dave']) await site.signUp(user);
    await arrival(list, 4);
    await list.clock.runFor(ANNOUNCE_MS - 1000);
    assert.equal(await status.textContent(), '');
    await list.clock.runFor(1000);
    assert.equal(await status.textContent(), '3 new users have signed up.');
    await site.signUp('erin');
    await arrival(list, 5);
    await list.clock.runFor(ANNOUNCE_MS - 1000);
    assert.equal(await status.textContent(), '3 new users have signed up.');
    await list.clock.runFor(1000);
    assert.equal(await status.textContent(), '1 new user has signed up.');
  });

  for (const hours of [-5, 5]) {
    test(`times are right on a device whose clock is ${hours} hours off (${name})`, async () => {
      await start(['alice']);
      const list = await openList({ look, time: Date.now() + hours * HOUR });
      await askTime(list);
      await list.clock.fastForward(10 * MINUTE);
      await list.locator('#user-1 time', { hasText: TEN_MINUTES }).waitFor();
    });
  }
}
