// The page of the event loop: live while it is seen, whole without a script, and clear about a slow disk.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import axe from 'axe-core';
import { launch, openPage } from './support/browser.js';
import { ROLLCALL, startSite } from './support/site.js';

const FAULTY_DISK = path.join(ROLLCALL, '../../tests/support/libfaulty_disk.so');

let browser;
let site;
let page;
let faults;

before(async () => { browser = await launch(); });
after(() => browser?.close());

// A disk that takes as many milliseconds for each batch as a file says.
async function start(options) {
  faults = mkdtempSync('/tmp/rollcall-faults.');
  site = await startSite({ users: [{ username: 'ada' }], env: { LD_PRELOAD: FAULTY_DISK, FAULTY_DISK: faults } });
  page = await openPage(browser, site, options);
}

afterEach(async () => {
  await page.context().close();
  await site.end();
  rmSync(faults, { recursive: true });
  assert.deepEqual(page.complaints, []);
});

async function expectAccessible(colorScheme) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
  assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)), [], colorScheme);
}

const card = (name) => page.getByRole('region', { name });

test('it follows along', async () => {
  await start();
  await page.goto('/loop');
  await page.getByText('live', { exact: true }).waitFor();
  await site.signUp('grace');
  await card('The way to the disk').getByText('2 users there').waitFor();
  await card('What keeps the process from ending').getByRole('row', { name: 'Listening sockets 1 0' }).waitFor();
  await card('Live streams').getByText('1 of ').waitFor();
  assert.equal(await page.getByText('grace').count(), 0);
});

// What has the focus, or is selected, is the same element afterwards.
test('elements stay where they are', async () => {
  await start();
  await page.goto('/loop');
  const ring = await page.locator('#ring').elementHandle();
  const cell = await page.locator('#alive tbody tr').first().elementHandle();
  await site.signUp('grace');
  await card('The way to the disk').getByText('2 users there').waitFor();
  assert.ok(await ring.evaluate((element) => element.isConnected));
  assert.ok(await cell.evaluate((element) => element.isConnected));
});

test('paused, it stands still and asks for nothing', async () => {
  await start();
  await page.goto('/loop');
  await page.getByText('live', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pause', pressed: false }).click();
  await page.getByText('paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Pause', pressed: true }).click();
  await page.getByText('live', { exact: true }).waitFor();
  assert.equal(site.requests().filter((address) => address === '/loop/events').length, 1); // the other one goes on
});

// In the page: an announcement may be replaced by the next one before a test has looked.
function keepAnnouncements() {
  const status = document.querySelector('[role=status]');
  window.announcements = [];
  new MutationObserver(() => window.announcements.push(status.textContent)).observe(status, { childList: true });
}

function waitForAnnouncement(text) {
  return page.waitForFunction((wanted) => window.announcements.includes(wanted), text);
}

// The clock of the page is put forward: nobody waits. What was on its way when the server stopped may still come.
test('a server that hangs is told of, and its figures are dimmed', async () => {
  await start();
  await page.clock.install();
  await page.goto('/loop');
  await page.getByText('live', { exact: true }).waitFor();
  await page.evaluate(keepAnnouncements);
  site.suspendApp();
  try {
    await page.clock.fastForward(4000);
    await page.getByText(/^nothing heard for \d+ s$/).waitFor();
    await waitForAnnouncement('Nothing is heard from the server. The figures are old.');
    assert.equal(await page.locator('#verdict').evaluate((verdict) => getComputedStyle(verdict).opacity), '0.6');
    assert.equal(await page.locator('body.turning').count(), 0);
  } finally {
    site.resumeApp();
  }
  await page.getByText('live', { exact: true }).waitFor();
  await waitForAnnouncement('The server is heard again. The figures are live.');
  assert.equal(await page.locator('#verdict').evaluate((verdict) => getComputedStyle(verdict).opacity), '1');
});

test('a server that has gone is told of, and its figures are dimmed', async () => {
  await start();
  await page.goto('/loop');
  await page.getByText('live', { exact: true }).waitFor();
  await site.killApp();
  await page.getByText('not connected', { exact: true }).waitFor();
  assert.equal(await page.locator('body.lost').count(), 1);
  page.complaints = [];
});

test('a slow disk is told of at the top, and where it is', async () => {
  await start();
  writeFileSync(`${faults}/slow`, '1500');
  await page.goto('/loop');
  const signingUp = site.signUp('grace');
  await page.getByRole('heading', { name: 'The disk is slow' }).waitFor();
  assert.match(await page.locator('#disk').getAttribute('class'), /\balarm\b/);
  assert.ok((await page.locator('#chart-disk .alarm').getAttribute('d')).length > 0);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expectAccessible('light');
  await expectAccessible('dark');
  await signingUp;
});

test('without a script', async () => {
  await start({ javaScriptEnabled: false });
  await page.goto('/loop');
  await page.getByRole('img', { name: /^The five phases of the loop/ }).waitFor();
  await page.locator('noscript p').waitFor();
  assert.equal(await page.getByRole('button').count(), 0);
  assert.equal(await page.locator('.chart svg').count(), 8);
});

test('at rest for people who want no motion', async () => {
  await start({ reducedMotion: 'reduce' });
  await page.goto('/loop');
  await page.getByText('live', { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
