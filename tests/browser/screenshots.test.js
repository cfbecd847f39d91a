// A picture of each page, for people to look at, in the folder SCREENSHOTS. script/screenshots runs it; it is no test of ctest.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { launch, openPage } from './support/browser.js';
import { endSites, pages, startSites, visit } from './support/pages.js';
import { startSite, WWW } from './support/site.js';

const FOLDER = process.env.SCREENSHOTS ?? 'screenshots';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const BEST = { ...PHONE, viewport: { width: 390, height: 720 }, deviceScaleFactor: 2 };
const DESKTOP = { viewport: { width: 1280, height: 800 } };

const LOOKS = {
  phone: PHONE,
  'phone-dark': { ...PHONE, colorScheme: 'dark' },
  desktop: DESKTOP,
  'desktop-dark': { ...DESKTOP, colorScheme: 'dark' },
};

// Of these the beginning says it all.
const LONG = /^(users|search)/;

const someUsers = (count) => Array.from({ length: count }, (_, i) => ({ username: `guest ${i}` }));
const withoutLimits = (conf) => conf.replaceAll(/^\tlimit_(conn|req) .*$/gm, '').replace('rate=5r/s', 'rate=100000r/s');

let browser;
let sites;

before(async () => {
  mkdirSync(FOLDER, { recursive: true });
  browser = await launch();
  sites = await startSites();
});

after(async () => {
  await browser?.close();
  await endSites(sites);
});

// nginx's pages are alike: one of them has all looks.
const lookedAt = pages.filter(({ name }) => !name.startsWith('nginx-') || name === 'nginx-502');

for (const [look, options] of Object.entries(LOOKS)) {
  test(look, async () => {
    const open = {};
    for (const [name, site] of Object.entries(sites)) open[name] = await openPage(browser, site, options);
    for (const it of lookedAt) {
      await visit(open[it.site], it);
      await open[it.site].screenshot({ path: `${FOLDER}/${it.name}-${look}.png`, fullPage: !LONG.test(it.name) });
    }
    for (const page of Object.values(open)) {
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    }
  });
}

// script/screenshots makes these small, for README.md.
test('the best of them', async () => {
  const best = [['home-told', 'light'], ['users-created', 'light'], ['home-taken', 'dark']];

  for (const [name, colorScheme] of best) {
    const shown = pages.find((it) => it.name === name);
    const page = await openPage(browser, sites[shown.site], { ...BEST, colorScheme });
    await visit(page, shown);
    await page.screenshot({ path: `${FOLDER}/best-${name}.png` });
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

// The icon as phones want it: they cut the corners themselves, so its colour reaches into them. script/screenshots makes this
// small, for www/.
test('the touch icon', async () => {
  const icon = readFileSync(`${WWW}/icon.svg`, 'utf8');
  const colour = / fill="(#[0-9a-f]+)"/.exec(icon)[1];
  const page = await openPage(browser, sites.full, { viewport: { width: 180, height: 180 } });

  await page.setContent(`<body style="margin: 0; background: ${colour}">${icon}</body>`);
  await page.screenshot({ path: `${FOLDER}/apple-touch-icon.png` });
  await page.context().close();
});

// The page of the loop while many read and some sign up, without the limits that nginx has for each address.
test('the loop under load', async () => {
  const site = await startSite({ users: someUsers(1200), change: withoutLimits });
  const page = await openPage(browser, site, { viewport: { width: 1120, height: 1180 }, deviceScaleFactor: 1.5 });
  const reading = spawn('wrk', ['--threads', '1', '--connections', '24', '--duration', '25s', `${site.url}/users`], { stdio: 'ignore' });
  let isOver = false;
  let count = 0;
  const signUp = async () => { while (!isOver) await site.signUp(`visitor ${count++}`); };

  const ended = once(reading, 'close');
  const signingUp = [signUp(), signUp(), signUp(), signUp()];
  await page.goto('/loop');
  await delay(20000);
  await page.screenshot({ path: `${FOLDER}/best-loop.png` });
  await page.screenshot({ path: `${FOLDER}/loop-load.png`, fullPage: true });
  isOver = true;
  await Promise.all([ended, ...signingUp]);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await site.end();
});
