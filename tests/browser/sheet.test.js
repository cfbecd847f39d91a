// What the organiser sets: texts that are shown as they are, a stylesheet of the site's own.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { DESKTOP, PHONE } from './support/check.js';
import { startSite, WWW } from './support/site.js';

const DAY = 86400000;

let browser;
let www;
const sites = [];

// Ends with the tests, whatever they find.
async function begin(options) {
  const site = await startSite(options);
  sites.push(site);
  return site;
}

before(async () => {
  browser = await launch();
  www = mkdtempSync('/tmp/rollcall-test.');
  cpSync(WWW, www, { recursive: true });
  writeFileSync(`${www}/custom.css`, ':root { --accent: rgb(1, 2, 3); }');
});

after(async () => {
  await browser?.close();
  for (const site of sites) await site.end();
  rmSync(www, { recursive: true });
});

const isWide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;

for (const [what, look] of [
  ['a phone', PHONE], ['a phone without script', { ...PHONE, javaScriptEnabled: false }], ['a desktop', DESKTOP],
]) {
  test(`long texts of either direction stay within ${what}`, async () => {
    const words = 'x'.repeat(80);
    const options = ['--title', words, '--intro', `مرحبا\\n\\n${words}`, '--contact', words, '--privacy', `${words}<b>`];
    const site = await begin({ options });
    const page = await openPage(browser, site, look);

    for (const path of ['/', '/users', '/nowhere']) {
      await page.goto(path);
      assert.equal(await page.evaluate(isWide), false, path);
      assert.match(await page.locator('footer').innerText(), /^Questions: x+\n+Privacy: x+<b>\n+Rollcall, /);
    }
    await page.goto('/');
    assert.equal(await page.title(), words);
    assert.equal(await page.locator('.intro p').first().evaluate((it) => getComputedStyle(it).direction), 'rtl');
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('the stylesheet of the site comes after ours, and is asked for only where it is', async () => {
  for (const custom of [true, false]) {
    const site = await begin(custom ? { www } : {});
    const page = await openPage(browser, site);

    await page.goto('/');
    const colour = await page.getByRole('button').evaluate((it) => getComputedStyle(it).backgroundColor);
    assert.equal(colour === 'rgb(1, 2, 3)', custom);
    assert.equal(site.requests().includes('/custom.css'), custom);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`the last seat goes while the form is open, ${javaScriptEnabled ? 'with' : 'without'} script`, async () => {
    const site = await begin({ options: ['--seats', '1', '--closes', new Date(Date.now() + 3 * DAY).toISOString()] });
    const page = await openPage(browser, site, { ...PHONE, javaScriptEnabled });

    await page.goto('/');
    assert.match(await page.locator('.terms').innerText(), /^1 of 1 seat left\. Sign-up closes on .* UTC, in 3 days\.$/);
    assert.notEqual(await page.locator('.terms time').getAttribute('datetime'), null);
    await site.signUp('Ada');
    await page.getByLabel('Your name').fill('Grace');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'The list is full' }).waitFor();
    assert.match(await page.getByRole('alert').innerText(), /The one seat is taken\./);
    assert.equal(await page.getByLabel('Your name').count(), 0);
    assert.deepEqual(site.names(), ['Ada']);
    assert.equal(site.requests().filter((address) => address === '/create-user').length, 2); // each once
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test('a closed sheet says when it closed, and takes no name that is sent all the same', async () => {
  const site = await begin({ options: ['--closes', '2026-01-02T03:04:05+01:00'] });
  const page = await openPage(browser, site, { timezoneId: 'America/New_York' });
  const plain = await openPage(browser, site, { timezoneId: 'America/New_York', javaScriptEnabled: false });

  await plain.goto('/');
  assert.match(await plain.locator('.shut').innerText(), /^Sign-up is closed\s+It closed on 2 Jan 2026, 02:04 UTC\.$/);
  await plain.context().close();
  await page.goto('/');
  assert.match(await page.locator('.shut').innerText(), /^Sign-up is closed\s+It closed on 1 Jan 2026, 21:04 (GMT-5|EST)\.$/);
  const response = await fetch(`${site.url}/create-user`, { method: 'POST', body: new URLSearchParams({ username: 'Ada' }) });
  assert.equal(response.status, 403);
  assert.deepEqual(site.names(), []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const [name, look] of [['phone', PHONE], ['desktop', DESKTOP]]) {
  test(`a form that is open hears that the list is full, and that it is not any more (${name})`, async () => {
    const site = await begin({ users: [{ username: 'a' }], options: ['--seats', '2'] });
    const page = await openPage(browser, site, look);
    const stream = () => page.waitForResponse((response) => response.url().includes('/users/events'));

    await page.clock.install();
    await page.goto('/');
    const first = stream();
    await page.clock.runFor(10000);
    await first;
    await page.getByLabel('Your name').fill('half a na');
    await site.signUp('b');
    await page.getByRole('heading', { name: 'The list is full' }).waitFor();
    assert.equal(await page.locator('.shut').and(page.locator(':focus')).count(), 1);
    assert.equal(await page.locator('form').count(), 0);
    await site.stopApp();
    site.remove('b');
    await site.startApp();
    const again = stream();
    await page.clock.runFor(30000);
    await again;
    const field = page.getByLabel('Your name');
    await field.waitFor();
    assert.equal(await field.inputValue(), 'half a na');
    assert.equal(await page.locator('[role="status"]').textContent(), 'Sign-up is open.');
    await page.context().close();
  });
}
