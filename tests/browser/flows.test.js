// What people do: each test is a person with a site of their own.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { DESKTOP, PHONE } from './support/check.js';
import { startSite } from './support/site.js';
import { slowLine } from './support/slow_line.js';

const LOOKS = {
  phone: PHONE,
  desktop: DESKTOP,
};

// The least height and width of what is to be hit by a finger, in pixels (WCAG 2.2, 2.5.8).
const LEAST_TARGET = 24;

let browser;
let site;
let page;

before(async () => { browser = await launch(); });
after(() => browser?.close());

beforeEach(async () => { site = await startSite(); });

afterEach(async () => {
  const complaints = page.complaints;
  await page.context().close();
  await site.end();
  assert.deepEqual(complaints, []);
});

const field = () => page.getByLabel('Your name');
const button = () => page.getByRole('button', { name: 'Sign up' });
const heading = (name) => page.getByRole('heading', { name, level: 1, exact: true });
const namesShown = () => page.locator('ol.users bdi').allTextContents();
const focused = () => page.locator(':focus');
const notice = () => page.locator('.notice');

// Waits: the browser gives it shortly after the page is there.
const expectFocus = (locator) => locator.and(page.locator(':focus')).waitFor();

async function open(path, options) {
  page = await openPage(browser, site, options);
  await page.goto(path);
}

// The answer has a part of its own, whether the browser or the script shows it.
async function signUp(name) {
  await page.locator('main').evaluate((main) => { main.dataset.isOld = ''; });
  await field().fill(name);
  await button().click();
  await page.locator('main:not([data-is-old])').waitFor();
  await page.waitForLoadState();
}

async function expectSignedUp(name) {
  assert.equal(new URL(page.url()).pathname, '/users');
  assert.match(await notice().textContent(), new RegExp(`^You are on the list, number \\d+\\. ${name} has signed up`));
}

test('a name that is typed is told of, is on the list and on disk', async () => {
  await site.signUp('bob');
  await open('/');
  await signUp('  Ünsal Ça 2  ');
  await expectSignedUp('Ünsal Ça 2');
  assert.deepEqual(await namesShown(), ['Ünsal Ça 2', 'bob']);
  assert.deepEqual(site.names(), ['bob', 'Ünsal Ça 2']);
});

// Beside other users, so that the page is longer than the smallest phone.
for (const javaScriptEnabled of [true, false]) {
  test(`a new user sees that it worked, where it says so, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    for (let i = 1; i <= 30; i++) await site.signUp(`user${i}`);
    await open('/', { javaScriptEnabled, viewport: { width: 320, height: 568 } });
    await signUp('alice');
    assert.match(await notice().textContent(), /^You are on the list, number 31\./);
    assert.match(await page.title(), /^You are on the list, number 31 /);
    await expectFocus(notice());
    for (const shown of [notice(), page.locator('li', { hasText: 'New' })]) assert.ok(await isInSight(shown));
  });

  test(`what was refused is told first, and has the focus, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    await open('/', { javaScriptEnabled, viewport: { width: 320, height: 568 } });
    await signUp('a<i>b');
    const summary = page.getByRole('alert');
    await expectFocus(summary);
    assert.ok(await isInSight(summary));
    await summary.getByRole('link').click();
    await expectFocus(field());
  });
}

// All of it is in the window, and nothing lies over it.
async function isInSight(locator) {
  return locator.evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const onTop = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return top >= 0 && bottom <= window.innerHeight && element.contains(onTop);
  });
}

test('a name that is taken is kept in the field, with the reason, and another one can be typed', async () => {
  await site.signUp('Alice');
  await open('/');
  await signUp('ALICE');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await field().inputValue(), 'ALICE');
  assert.equal(await field().getAttribute('aria-invalid'), 'true');
  assert.match(await describedBy(), /taken by Alice\b/);
  await signUp('ALICE2');
  await expectSignedUp('ALICE2');
  assert.deepEqual(site.names(), ['Alice', 'ALICE2']);
});

test('a name that is none is kept in the field, with the reason', async () => {
  await open('/');
  await signUp('a<i>b');
  assert.match(await page.title(), /^Error: /);
  assert.equal(await field().inputValue(), 'a<i>b');
  assert.match(await describedBy(), /Error: A name can't have “<”\. Try a i b\./);
  assert.deepEqual(site.names(), []);
  await page.getByRole('link', { name: 'a i b', exact: true }).click();
  assert.equal(await field().inputValue(), 'a i b');
  await signUp('a i b');
  await expectSignedUp('a i b');
});

test('a form that is refused stays where it is, in the history too', async () => {
  await site.signUp('alice');
  await open('/users');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.waitForURL('**/');
  await page.evaluate(() => { window.isSamePage = true; });
  for (const name of ['a<i>b', 'alice', 'bob--']) {
    await signUp(name);
    assert.equal(await field().inputValue(), name);
  }
  assert.equal(await page.evaluate(() => window.isSamePage), true);
  assert.equal(new URL(page.url()).pathname, '/');
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, '/users');
});

test('the browser itself asks for a name where there is none', async () => {
  await open('/');
  await button().click();
  assert.equal(await field().evaluate((input) => input.validity.valueMissing), true);
  assert.equal(new URL(page.url()).pathname, '/');
  assert.equal(await focused().getAttribute('id'), 'username');
});

// What a screen reader reads out with the field.
function describedBy() {
  return field().evaluate((input) => input.getAttribute('aria-describedby').split(' ')
    .map((id) => document.getElementById(id).textContent).join(' '));
}

const MAY_BE_YOURS = /taken by alice\. If that was you, a moment ago, you are on the list\.$/;

test('a second click on the button makes no second user, and no riddle', async () => {
  await open('/');
  await field().fill('alice');
  await button().dblclick();
  await notice().waitFor();
  await expectSignedUp('alice');
  assert.deepEqual(site.names(), ['alice']);
});

test('where the line is slow, the button waits with the focus, and sends nothing twice', async () => {
  const held = [];
  await open('/');
  await page.route('**/create-user', (route) => held.push(route));
  await field().fill('alice');
  await button().focus();
  for (let presses = 1; presses <= 3; presses++) await page.keyboard.press('Enter');
  assert.equal(await button().getAttribute('aria-disabled'), 'true');
  assert.equal(await button().evaluate((element) => element === document.activeElement), true);
  await field().press('Enter');
  assert.equal(held.length, 1);
  await held[0].continue();
  await notice().waitFor();
  await page.goBack();
  assert.equal(await button().getAttribute('aria-disabled'), null);
  assert.deepEqual(site.names(), ['alice']);
});

test('where the line is slow, without JavaScript, a second click finds the name taken, and says what to make of it', async (t) => {
  const line = await slowLine(site);
  t.after(() => line.end());
  page = await openPage(browser, line, { javaScriptEnabled: false });
  await page.goto('/');
  await field().fill('alice');
  const { x, y } = await button().boundingBox();
  const answer = line.holdAnswer();
  await page.mouse.click(x + 5, y + 5);
  await answer;
  await page.mouse.click(x + 5, y + 5);
  await page.locator('#username-error').waitFor();
  assert.match(await describedBy(), MAY_BE_YOURS);
  await page.locator('#username-error').getByRole('link', { name: 'the list' }).click();
  await page.waitForURL('**/users');
  assert.deepEqual(await namesShown(), ['alice']);
});

test('reloading after a sign-up sends nothing again, nor does going back and forward', async () => {
  const posts = [];
  await open('/');
  page.on('request', (request) => { if (request.method() === 'POST') posts.push(request.url()); });
  await signUp('alice');
  await page.reload();
  await expectSignedUp('alice');
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, '/');
  await page.goForward();
  assert.equal(new URL(page.url()).pathname, '/users');
  assert.equal(posts.length, 1);
  assert.deepEqual(site.names(), ['alice']);
});

test('the keyboard is enough', async () => {
  await open('/');
  await tabTo('#username');
  await page.keyboard.type('not--good');
  await page.keyboard.press('Enter');
  await expectFocus(page.getByRole('alert'));
  await tabTo('#username');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('good');
  await tabTo('button[type=submit]');
  await page.keyboard.press('Space');
  await page.waitForURL('**/users?created=1&claim=*');
  await tabTo('a[href="/"]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/');
  assert.deepEqual(site.names(), ['good']);
});

// Everything that is passed on the way shows that it has the focus.
async function tabTo(selector) {
  for (let steps = 0; steps < 40; steps++) {
    if (await page.locator(selector).first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
    if ((await focused().count()) === 1) await expectOutline();
  }
  assert.fail(`Tab does not come to ${selector}`);
}

async function expectOutline() {
  const [tag, style, width] = await focused().evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return [element.outerHTML, outlineStyle, parseFloat(outlineWidth)];
  });
  assert.ok(style !== 'none' && width >= 2, `nothing shows the focus of ${tag}`);
}

test('without JavaScript everything works', async () => {
  await open('/', { javaScriptEnabled: false });
  await signUp('alice');
  await expectSignedUp('alice');
  await page.goto('/');
  await signUp('alice');
  assert.match(await page.title(), /^Error: /);
  assert.match(await page.locator('#username-error').textContent(), /taken by alice\b/);
  await signUp('bob');
  assert.deepEqual(await namesShown(), ['bob', 'alice']);
});

async function follow(link, url) {
  await page.getByRole('link', { name: link, exact: true }).click();
  await page.waitForURL(`**${url}`);
}

async function expectPages(...links) {
  assert.deepEqual(await page.locator('nav.pages a').allTextContents(), links);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
}

for (const [name, look] of Object.entries(LOOKS)) {
  test(`pages of the list lead to all users, to both ends, and back (${name})`, async () => {
    for (let i = 1; i <= 7; i++) await site.signUp(`user${i}`);
    await site.stopApp();
    site.options = ['--page-size', '2'];
    await site.startApp();
    await open('/users', look);
    assert.deepEqual(await namesShown(), ['user7', 'user6']);
    await expectPages('Older', 'Oldest');
    await follow('Older', '/users?before=6');
    assert.deepEqual(await namesShown(), ['user5', 'user4']);
    await expectPages('Newest', 'Newer', 'Older', 'Oldest');
    await follow('Oldest', '/users?after=0');
    assert.deepEqual(await namesShown(), ['user2', 'user1']);
    await expectPages('Newest', 'Newer');
    await follow('Newer', '/users?after=2');
    assert.deepEqual(await namesShown(), ['user4', 'user3']);
    await follow('Newest', '/users');
    assert.deepEqual(await namesShown(), ['user7', 'user6']);
  });

  test(`the list leads to one to print, and back (${name})`, async () => {
    for (const user of ['Ada', 'Grace']) await site.signUp(user);
    await open('/users', look);
    await page.getByRole('link', { name: 'Print the whole list' }).click();
    await heading('All users').waitFor();
    assert.equal(new URL(page.url()).pathname, '/users/print');
    assert.deepEqual(await page.locator('ol.roll bdi').allTextContents(), ['Ada', 'Grace']);
    assert.match(await page.locator('main').innerText(), /Print this page from your browser\./);
    assert.ok((await page.pdf()).length > 0);
    await page.getByRole('link', { name: 'Back to the list' }).click();
    await heading('Users').waitFor();
  });

  for (const javaScriptEnabled of [true, false]) {
    const how = `${name}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`;

    test(`a name leads to the page of the user, which has the exact time, and back (${how})`, async () => {
      for (const username of ['alice', 'bob', 'عبد الله']) await site.signUp(username);
      await open('/users', { ...look, javaScriptEnabled, timezoneId: 'America/Caracas' });
      const target = await page.getByRole('link', { name: 'bob' }).boundingBox();
      assert.ok(target.height >= LEAST_TARGET && target.width >= LEAST_TARGET);
      const stamp = await page.locator('#user-2 time').getAttribute('datetime');
      await follow('bob', '/users/2');
      await page.getByRole('heading', { name: 'bob' }).waitFor();
      assert.equal(await page.locator('time').textContent(), exactTime(new Date(stamp), javaScriptEnabled));
      await follow('Newer', '/users/3');
      await page.getByRole('heading', { name: 'عبد الله' }).waitFor();
      await follow('Older', '/users/2');
      await follow('Show in the list', '/users?before=3');
      assert.deepEqual(await namesShown(), ['bob', 'alice']);
    });
  }
}

// Caracas is four hours behind UTC all year.
function exactTime(time, isOfDevice) {
  const clock = new Date(time - (isOfDevice ? 4 * 3600000 : 0)).toISOString();
  const month = new Date(clock).toLocaleString('en', { month: 'long', timeZone: 'UTC' });

  return `${Number(clock.slice(8, 10))} ${month} ${clock.slice(0, 4)}, ${clock.slice(11, 19)} ${isOfDevice ? 'Venezuela Time' : 'UTC'}`;
}

test('the beginning of a name finds it, in whatever case it is typed', async () => {
  for (const name of ['Zoë', 'zora', 'alice']) await site.signUp(name);
  await open('/users');
  await search('ZO');
  assert.deepEqual(await namesShown(), ['Zoë', 'zora']);
  assert.equal(await page.getByRole('searchbox').inputValue(), 'ZO');
  await search('<b>');
  assert.match(await page.locator('main').textContent(), /No name has a word that begins with “<b>”/);
  await page.locator('main').getByRole('link', { name: 'all users' }).click();
  await page.waitForURL('**/users');
  assert.deepEqual(await namesShown(), ['alice', 'zora', 'Zoë']);
});

test('any word finds a name, with or without its accents, and the page says how many there are', async () => {
  for (const name of ['Jean-Luc Picard', 'Lucía', 'Émile', '한국', 'Bob']) await site.signUp(name);
  await open('/users');
  await search('Luc');
  assert.deepEqual(await namesShown(), ['Jean-Luc Picard', 'Lucía']);
  const lead = page.locator('main .lead');
  assert.match(await lead.textContent(), /^2 names have a word that begins with “Luc”, in alphabetical order\./);
  await search('e');
  assert.deepEqual(await namesShown(), ['Émile']);
  assert.match(await lead.textContent(), /^1 name has a word/);
  await search('하');
  assert.deepEqual(await namesShown(), ['한국']);
});

for (const [name, look] of Object.entries(LOOKS)) {
  test(`a long list leads to names by letter (${name})`, async () => {
    for (const user of ['Émile Zola', 'Jean-Luc', 'Egon']) await site.signUp(user);
    await site.stopApp();
    site.options = ['--page-size', '2'];
    await site.startApp();
    await open('/users', look);
    const letters = page.getByRole('navigation', { name: 'By letter' });
    assert.deepEqual(await letters.getByRole('link').allTextContents(), ['E', 'J', 'L', 'Z']);
    await letters.getByRole('link', { name: 'E', exact: true }).click();
    await page.waitForURL('**/users?q=E');
    assert.deepEqual(await namesShown(), ['Egon', 'Émile Zola']);
    assert.match(await page.locator('main .lead').textContent(), /^2 names have a word that begins with “E”/);
  });
}

async function search(beginning) {
  await page.getByRole('searchbox', { name: 'Find a name' }).fill(beginning);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(`**/users?${new URLSearchParams({ q: beginning })}`);
}

for (const [name, look] of Object.entries(LOOKS)) {
  for (const javaScriptEnabled of [true, false]) {
    test(`somebody who has signed up takes themselves off (${name}, ${javaScriptEnabled ? 'with' : 'without'} scripts)`, async () => {
      const asked = [];
      await open('/', { ...look, javaScriptEnabled });
      page.on('request', (request) => asked.push(request.url(), request.headers().referer ?? ''));
      await signUp('Zoë');
      await expectSignedUp('Zoë');
      const link = page.getByRole('link', { name: 'Leave the list' });
      const address = await link.evaluate((element) => element.href);
      const { height } = await link.boundingBox();
      assert.ok(height > 0);
      await link.click();
      await heading('Take your name off the list?').waitFor();
      const key = page.getByLabel('Your link');
      await key.waitFor({ state: javaScriptEnabled ? 'hidden' : 'visible' });
      if (!javaScriptEnabled) await key.fill(address);
      await page.getByRole('button', { name: 'Take my name off' }).click();
      await heading('You are off the list').waitFor();
      assert.equal(asked.some((text) => text.includes(address.split('#')[1])), false);
      await page.getByRole('link', { name: 'See the list' }).click();
      await page.getByText('Nobody has signed up yet.').waitFor();
    });
  }
}
