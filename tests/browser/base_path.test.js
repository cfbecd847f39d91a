// The site under a path: what a visitor and an organiser do there, on a phone and on a desktop, with and without scripts. No page
// and no script asks for anything outside the path.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { checkPageOf, DESKTOP, PHONE } from './support/check.js';
import { startSite } from './support/site.js';

const BASE = '/signup';
const PASSWORD = 'secret';
const ADA = { httpCredentials: { username: 'ada', password: PASSWORD } };
const LOOKS = { phone: PHONE, desktop: DESKTOP };

let browser;
const sites = [];

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const site of sites) await site.end(['no user/password was provided']);
});

// The line of the site that docs/deploy.md names.
function putUnderPath(conf) {
  const changed = conf.replace(/^#(\t~\^\/signup)/m, '$1');
  assert.notEqual(changed, conf);
  return changed;
}

async function begin() {
  const users = ['Grace Hopper', 'Bob'].map((username) => ({ username }));
  const site = await startSite({ users, password: PASSWORD, options: ['--base-path', BASE], change: putUnderPath });
  sites.push(site);
  return site;
}

// Style sheets are at addresses of the path, too.
async function check(page, heading) {
  await checkPageOf(page, heading);
  assert.equal(await page.evaluate(() => [...document.styleSheets].filter(({ cssRules }) => cssRules.length === 0).length), 0);
}

const press = (page, name) => page.getByRole('main').getByRole('button', { name, exact: true }).click();
const follow = (page, name) => page.getByRole('main').getByRole('link', { name, exact: true }).click();
const rows = (page) => page.locator('main li bdi').allInnerTexts();

// A list that is open in another tab hears of the user, and then that it has left.
async function signUpAndLeave(page, list) {
  await page.goto(`${BASE}/`);
  await check(page, 'Sign-up sheet');
  await page.getByLabel('Your name').fill('bob');
  await press(page, 'Sign up');
  assert.match(await page.getByRole('alert').innerText(), /taken by Bob\./);
  await check(page, 'Sign-up sheet');
  await page.getByLabel('Your name').fill('Carol');
  await press(page, 'Sign up');
  await page.waitForURL(`**${BASE}/users?created=3*`);
  await check(page, 'Users');
  assert.deepEqual(await rows(page), ['Carol', 'Bob', 'Grace Hopper']);
  await list.getByRole('link', { name: 'Carol' }).waitFor();

  const link = page.getByRole('link', { name: 'Leave the list' });
  const address = await link.getAttribute('href');
  await link.click();
  await check(page, 'Take your name off the list?');
  if (page.isWithoutScripts) await page.getByLabel('Your link').fill(address);
  await press(page, 'Take my name off');
  await check(page, 'You are off the list');
  await list.locator('main li', { hasText: 'Carol' }).waitFor({ state: 'detached' });
  await follow(page, 'See the list');
  assert.deepEqual(await rows(page), ['Bob', 'Grace Hopper']);
}

async function organise(page) {
  await page.goto(`${BASE}/admin`);
  await check(page, 'Organise');
  await follow(page, 'Bob');
  await check(page, 'Bob');
  await page.getByLabel('Name').fill('Robert');
  await press(page, 'Rename');
  await check(page, 'Robert');
  await follow(page, 'Remove this user …');
  await press(page, 'Remove');
  await check(page, 'Organise');
  assert.equal(await page.getByRole('status').innerText(), 'The user with the number 2 is no longer on the list.');
  await follow(page, 'Settings');
  await page.getByLabel('Title').fill('Bread & cheese');
  await press(page, 'Save');
  await check(page, 'Organise');
  await press(page, 'Close now');
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  await page.goto(`${BASE}/`);
  await check(page, 'Bread & cheese');
  await page.getByText('The organiser has closed it.').waitFor();
}

for (const [name, look] of Object.entries(LOOKS)) {
  for (const javaScriptEnabled of [true, false]) {
    test(`under a path on a ${name} ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const site = await begin();
      const list = await openPage(browser, site, look);
      const page = await openPage(browser, site, { ...look, javaScriptEnabled });
      const organiser = await openPage(browser, site, { ...look, ...ADA, javaScriptEnabled });

      for (const each of [page, organiser]) each.isWithoutScripts = !javaScriptEnabled;
      const stream = list.waitForResponse((response) => response.url().includes(`${BASE}/users/events`));
      await list.goto(`${BASE}/users`);
      await stream;
      await signUpAndLeave(page, list);
      await organise(organiser);
      for (const each of [list, page, organiser]) {
        assert.deepEqual(each.complaints, []);
        await each.context().close();
      }
      assert.deepEqual(site.requests().filter((address) => !address.startsWith(`${BASE}/`)), []);
    });
  }
}

// It is loaded when the form has been open for a while.
test('a form under a path hears that sign-up is closed', async () => {
  const site = await begin();
  const page = await openPage(browser, site, LOOKS.phone);
  const organiser = await openPage(browser, site, { ...LOOKS.phone, ...ADA });
  const stream = page.waitForResponse((response) => response.url().includes(`${BASE}/users/events?only=sheet`));

  await page.clock.install();
  await page.goto(`${BASE}/`);
  await page.clock.runFor(10000);
  await stream;
  await organiser.goto(`${BASE}/admin`);
  await press(organiser, 'Close now');
  await page.getByText('The organiser has closed it.').waitFor();
  assert.deepEqual([...page.complaints, ...organiser.complaints], []);
  await page.context().close();
  await organiser.context().close();
});
