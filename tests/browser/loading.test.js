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
let traffic;

before(async () => {
  browser = await launch();
  sites = await startSites();
});

after(async () => {
  await browser?.close();
  await endSites(sites);
});

beforeEach(async () => {
  page = await openPage(browser, sites.full);
  traffic = await record(page);
});

afterEach(async () => {
  await page.context().close();
  assert.deepEqual(page.complaints, []);
});

// Answers that came from the server: their addresses without their fingerprints, and how long they are, headers and all.
async function record(page) {
  const session = await page.context().newCDPSession(page);
  const asked = new Map();
  const came = [];

  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const path = new URL(response.url).pathname.replace(/\.[0-9a-f]{16}\./, '.');
    if (!response.fromDiskCache && !asked.has(requestId)) asked.set(requestId, path);
  });
  session.on('Network.requestServedFromCache', ({ requestId }) => asked.set(requestId, undefined));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (asked.get(requestId)) came.push({ path: asked.get(requestId), bytes: encodedDataLength });
  });
  return came;
}

const visit = (path) => page.goto(path, { waitUntil: 'networkidle' });
const paths = () => traffic.map(({ path }) => path).sort();

test('the first page is small', async (t) => {
  await visit('/');
  const bytes = traffic.reduce((sum, answer) => sum + answer.bytes, 0);
  t.diagnostic(`${traffic.length} requests, ${bytes} bytes: ${JSON.stringify(traffic)}`);
  assert.ok(traffic.length <= MOST_REQUESTS, `${traffic.length} requests`);
  assert.ok(bytes > 0 && bytes <= MOST_BYTES, `${bytes} bytes`);
});

test('what one page has fetched, the next ones do not ask for', async () => {
  await visit('/');
  await visit('/users?before=30');
  assert.deepEqual(paths(), ['/', '/assets/icon.svg', '/assets/live.js', '/assets/style.css', '/users']);
  traffic.length = 0;
  await visit('/');
  await visit('/users?before=20');
  assert.deepEqual(paths(), ['/', '/users']);
});
