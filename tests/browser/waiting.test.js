// Users on the waiting list: their rows say so in the list and on the home page, on a phone and on a desktop.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { checkPage, DESKTOP, PHONE } from './support/check.js';
import { startSite } from './support/site.js';

const LOOKS = { phone: { ...PHONE, colorScheme: 'dark' }, desktop: DESKTOP };

let browser;
const sites = [];

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
  for (const site of sites) await site.end();
});

async function begin() {
  const users = ['Ada', 'Grace', 'مرحبا'].map((username) => ({ username }));
  const site = await startSite({ users, options: ['--seats', '2', '--waiting-list', 'on'] });
  sites.push(site);
  return site;
}

const rows = (page) => page.locator('main li').evaluateAll((items) => items.map((item) => {
  const tag = item.querySelector('.waiting');
  return item.querySelector('bdi').textContent + (tag ? `: ${tag.textContent}` : '');
}));

// The tag is beside the name or below it, and as wide as its text.
async function expectTags(page, expected) {
  assert.deepEqual(await rows(page), expected);
  for (const tag of await page.locator('main li .waiting').all()) assert.ok(await tag.isVisible());
  await checkPage(page);
}

for (const [name, look] of Object.entries(LOOKS)) {
  for (const javaScriptEnabled of [true, false]) {
    test(`rows of users on the waiting list on a ${name} ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const site = await begin();
      const page = await openPage(browser, site, { ...look, javaScriptEnabled });
      page.isWithoutScripts = !javaScriptEnabled;
      const stays = ['مرحبا: Waiting', 'Grace', 'Ada'];

      for (const address of ['/', '/users']) {
        await page.goto(address);
        await expectTags(page, stays);
      }
      await page.goto('/');
      await page.getByLabel('Your name').fill('Zoë');
      await page.getByRole('button', { name: 'Sign up' }).click();
      await page.getByText('You are on the waiting list, 2nd in line.').waitFor();
      for (const address of ['/', '/users']) {
        await page.goto(address);
        await expectTags(page, ['Zoë: Waiting', ...stays]);
      }
      await site.stopApp();
      site.remove('Ada');
      await site.startApp();
      for (const address of ['/', '/users']) {
        await page.goto(address);
        await expectTags(page, ['Zoë: Waiting', 'مرحبا', 'Grace']);
      }
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
}
