// What axe-core finds on each page, in light, dark and on the narrowest of screens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core/axe.min.js';
import { launch, openPage } from './support/browser.js';
import { endSites, pages, startSites, visit } from './support/pages.js';

// Between them, both sets of colours and both layouts; 320 pixels are also what a wide window has, enlarged to 400 %.
const LOOKS = {
  'light and wide': { viewport: { width: 1024, height: 768 }, media: { colorScheme: 'light' } },
  'dark and narrow': { viewport: { width: 320, height: 640 }, media: { colorScheme: 'dark' } },
};

let browser;
let sites;
const open = {};

before(async () => {
  browser = await launch();
  sites = await startSites();
  for (const [name, site] of Object.entries(sites)) open[name] = await openPage(browser, site);
});

after(async () => {
  await browser?.close();
  await endSites(sites);
});

for (const it of pages) {
  test(it.name, async () => {
    const page = open[it.site];

    await visit(page, it);
    await check(page);
  });
}

test('a live list with new users waiting, and paused', async () => {
  const page = open.full;

  await page.goto('/users');
  await page.locator('ol.users li').first().evaluate((row) => { row.tabIndex = -1; row.focus(); });
  await sites.full.signUp('arrival');
  await page.getByRole('button', { name: 'Show 1 new user' }).waitFor();
  await page.getByRole('button', { name: 'Pause updates' }).focus();
  await page.keyboard.press('Enter');
  await check(page);
});

test('a form that waits for its answer', async () => {
  const page = open.full;

  await page.goto('/');
  await page.route('**/create-user', () => {}, { times: 1 });
  await page.getByLabel('Your name').fill('alice');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.locator('button[aria-disabled="true"]').waitFor();
  await check(page);
});

// In print, in which nothing can be pressed.
test('paper', async () => {
  const page = open.full;

  await page.emulateMedia({ media: 'print' });
  for (const path of ['/', '/users?created=60', '/users/59', '/users/print']) {
    await page.goto(path);
    assert.ok((await page.pdf({ format: 'A4' })).length > 0, path);
    assert.equal(await page.locator('button:visible, input:visible, nav a:visible').count(), 0, path);
  }
  await page.emulateMedia({ media: 'screen' });
  assert.deepEqual(page.complaints, []);
});

async function check(page) {
  await page.evaluate(axe.source);
  for (const [look, { viewport, media }] of Object.entries(LOOKS)) {
    await page.setViewportSize(viewport);
    await page.emulateMedia(media);
    assert.deepEqual(await violations(page), [], look);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= viewport.width, `${look}: needs ${width} pixels of ${viewport.width}`);
  }
  assert.deepEqual(page.complaints, []);
}

async function violations(page) {
  const found = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
}
