// An organiser's day, from opening to closing, on a phone and on a desktop, with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { checkPageOf, DESKTOP, PHONE } from './support/check.js';
import { startSite } from './support/site.js';

const PASSWORD = 'secret';
const ADA = { httpCredentials: { username: 'ada', password: PASSWORD } };
const LOOKS = { phone: { ...PHONE, colorScheme: 'dark' }, desktop: DESKTOP };
const USERS = ['Grace Hopper', 'مرحبا', 'x'.repeat(64)];

let browser;
const sites = [];

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const site of sites) await site.end(['no user/password was provided', 'password mismatch']);
});

async function begin() {
  const site = await startSite({ users: USERS.map((username) => ({ username })), password: PASSWORD });
  sites.push(site);
  return site;
}

const press = (page, name) => page.getByRole('main').getByRole('button', { name, exact: true }).click();
const follow = (page, name) => page.getByRole('main').getByRole('link', { name, exact: true }).click();

async function addAndRename(page) {
  await follow(page, 'Add somebody');
  await checkPageOf(page, 'Add somebody');
  await page.getByLabel('Name').fill('grace hopper');
  await press(page, 'Add');
  assert.match(await page.getByRole('alert').innerText(), /That name is taken by Grace Hopper\./);
  await checkPageOf(page, 'Add somebody');
  await page.getByLabel('Name').fill('Alan');
  await press(page, 'Add');
  assert.equal(await page.getByRole('status').innerText(), 'Alan is on the list, number 4.');
  await follow(page, 'Alan');
  await checkPageOf(page, 'Alan');
  await page.getByLabel('Name').fill('Alan T.');
  await press(page, 'Rename');
  await checkPageOf(page, 'Alan T.');
  assert.equal(await page.getByRole('status').innerText(), 'The name is changed.');
}

async function findAndRemove(page) {
  await follow(page, 'Back to the list');
  await page.getByLabel('Find a name').fill('hop');
  await press(page, 'Search');
  await checkPageOf(page, 'Organise');
  await follow(page, 'Grace Hopper');
  await follow(page, 'Remove this user …');
  await checkPageOf(page, 'Remove Grace Hopper?');
  await follow(page, 'Keep');
  await checkPageOf(page, 'Grace Hopper');
  await follow(page, 'Remove this user …');
  await press(page, 'Remove');
  await checkPageOf(page, 'Organise');
  assert.equal(await page.getByRole('status').innerText(), 'The user with the number 1 is no longer on the list.');
}

async function closeAndReopen(page, visitor) {
  await press(page, 'Close now');
  await checkPageOf(page, 'Organise');
  await visitor.goto('/');
  await visitor.getByText('The organiser has closed it.').waitFor();
  await press(page, 'Reopen');
  await page.getByRole('button', { name: 'Close now' }).waitFor();
  await visitor.goto('/');
  await visitor.getByLabel('Your name').waitFor();
}

async function set(page, visitor) {
  await follow(page, 'Settings');
  await checkPageOf(page, 'Settings');
  await page.getByLabel('Title').fill('Bread & cheese');
  await page.getByLabel('Introduction').fill('\nOne\n\ntwo');
  await page.getByLabel('Seats').fill('many');
  await press(page, 'Save');
  assert.match(await page.getByRole('alert').innerText(), /Seats are a whole number/);
  await checkPageOf(page, 'Settings');
  await page.getByLabel('Seats').fill('3');
  await press(page, 'Save');
  await checkPageOf(page, 'Organise');
  assert.match(await page.getByRole('main').innerText(), /3 users, 0 of 3 seats left\./);
  await follow(page, 'Settings');
  assert.equal(await page.getByLabel('Introduction').inputValue(), '\nOne\n\ntwo');
  await checkPageOf(page, 'Settings');
  await visitor.goto('/');
  await visitor.getByRole('heading', { name: 'Bread & cheese' }).waitFor();
  assert.equal(await visitor.locator('.intro').innerText(), 'One\n\ntwo');
}

for (const [name, look] of Object.entries(LOOKS)) {
  for (const javaScriptEnabled of [true, false]) {
    test(`on a ${name} ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const site = await begin();
      const page = await openPage(browser, site, { ...look, ...ADA, javaScriptEnabled });
      const visitor = await openPage(browser, site, { ...look, javaScriptEnabled });
      page.isWithoutScripts = !javaScriptEnabled;

      await page.goto('/admin');
      await checkPageOf(page, 'Organise');
      await addAndRename(page);
      await findAndRemove(page);
      await closeAndReopen(page, visitor);
      await set(page, visitor);
      assert.deepEqual([...page.complaints, ...visitor.complaints], []);
      await page.context().close();
      await visitor.context().close();
    });
  }
}

test('without the password, and with a wrong one', async () => {
  const site = await begin();

  for (const headers of [{}, { Authorization: `Basic ${btoa('ada:other')}` }]) {
    const answer = await fetch(`${site.url}/admin`, { headers });
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /<h1>Password required<\/h1>/);
  }
});

// Both values are there, and one of them can be given back to the option.
test('two organisers who set something at once', async () => {
  const site = await begin();
  const one = await openPage(browser, site, { ...LOOKS.phone, ...ADA });
  const other = await openPage(browser, site, { ...LOOKS.phone, ...ADA });

  for (const page of [one, other]) await page.goto('/admin/sheet');
  await one.getByLabel('Title').fill('Bread & cheese');
  await press(one, 'Save');
  await checkPageOf(one, 'Organise');
  await other.getByLabel('Title').fill('Bread');
  await press(other, 'Save');
  assert.match(await other.getByRole('alert').innerText(), /Another organiser has changed the settings meanwhile/);
  await other.getByText('Set now: “Bread & cheese”').waitFor();
  assert.equal(await other.getByLabel('Title').inputValue(), 'Bread');
  await checkPageOf(other, 'Settings');
  await press(other, 'Save');
  await checkPageOf(other, 'Organise');
  await follow(other, 'Settings');
  await other.getByLabel('Back to the option of the server: “Sign-up sheet”').check();
  await checkPageOf(other, 'Settings');
  await press(other, 'Save');
  await checkPageOf(other, 'Organise');
  await follow(other, 'Settings');
  assert.equal(await other.getByLabel('Title').inputValue(), 'Sign-up sheet');
  assert.equal(await other.getByRole('checkbox', { name: /Back to the option/ }).count(), 0);
  assert.deepEqual([...one.complaints, ...other.complaints], []);
});

// The page that one of them has is not what there is any more.
test('two organisers at once', async () => {
  const site = await begin();
  const one = await openPage(browser, site, ADA);
  const other = await openPage(browser, site, ADA);

  for (const page of [one, other]) await page.goto('/admin/users/1');
  await one.getByLabel('Name').fill('Grace H.');
  await press(one, 'Rename');
  await other.getByLabel('Name').fill('G. Hopper');
  await press(other, 'Rename');
  assert.match(await other.getByRole('alert').innerText(), /Another organiser has changed this name meanwhile/);
  await checkPageOf(other, 'Grace H.');
  await press(other, 'Rename');
  await checkPageOf(other, 'G. Hopper');
  await one.goto('/admin/users/1/remove');
  await other.goto('/admin/users/1/remove');
  await press(one, 'Remove');
  await checkPageOf(one, 'Organise');
  await press(other, 'Remove');
  await checkPageOf(other, 'Not found');
  assert.match(await other.getByRole('main').innerText(), /an organiser has removed it/);
  assert.deepEqual([...one.complaints, ...other.complaints], []);
});
