// What comes over the wire.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { endSites, startSites } from './support/pages.js';

const MOST_REQUESTS = 3;
const MOST_BYTES = 15000;

let browser;
let page;
let sites;

before(async () => {
  browser = await launch();
  sites = await startSites();
});

after(async () => {
  await browser?.close();
  await endSites(sites);
});

beforeEach(async () => { page = await openPage(browser, sites.full); });

afterEach(async () => {
  await page.context().close();
  assert.deepEqual(page.complaints, []);
});

const visit = (path) => page.goto(path, { waitUntil: 'networkidle' });

// What nginx is asked for meanwhile, without fingerprints.
async function asked(action) {
  const before = sites.full.requests().length;
  await action();
  return sites.full.requests().slice(before).map((path) => path.replace(/\.[0-9a-f]{16}\./, '.')).sort();
}

// The length of all answers that come to the page, headers and all, as it was on the wire.
async function countBytes() {
  const session = await page.context().newCDPSession(page);
  const total = { bytes: 0 };

  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { total.bytes += encodedDataLength; });
  return total;
}

test('the first page is small', async (t) => {
  const total = await countBytes();
  const requests = await asked(() => visit('/'));
  t.diagnostic(`${requests.length} requests, ${total.bytes} bytes`);
  assert.deepEqual(requests, ['/', '/assets/form.js', '/assets/style.css']);
  assert.ok(requests.length <= MOST_REQUESTS);
  assert.ok(total.bytes > 0 && total.bytes <= MOST_BYTES, `${total.bytes} bytes`);
});

test('what one page has fetched, the next ones do not ask for', async () => {
  await visit('/');
  assert.deepEqual(await asked(() => visit('/users?before=30')), ['/assets/live.js', '/users?before=30']);
  assert.deepEqual(await asked(() => visit('/')), ['/']);
  assert.deepEqual(await asked(() => visit('/users?before=20')), ['/users?before=20']);
  assert.deepEqual(await asked(() => visit('/users/5')), ['/assets/times.js', '/users/5']);
});
