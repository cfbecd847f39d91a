// A form that gets no answer from the application: what was typed stays, with JavaScript and without.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { startSite } from './support/site.js';

// What nginx says of it.
const EXPECTED = ['connect() to unix:', 'limiting requests, excess'];

let browser;
let site;
let page;

before(async () => { browser = await launch(); });
after(() => browser?.close());

afterEach(async () => {
  const complaints = page.complaints;
  await page.context().close();
  await site.end(EXPECTED);
  assert.deepEqual(complaints, []);
});

const field = () => page.getByLabel('Your name');
const heading = (name) => page.getByRole('heading', { name, level: 1 });

async function start(options, change) {
  site = await startSite({ change });
  page = await openPage(browser, site, options);
  await page.goto('/');
}

async function submit(name) {
  await field().fill(name);
  await page.getByRole('button', { name: 'Sign up' }).click();
}

// The page that answers leads to the form, too.
async function goBackTo(path, typed) {
  assert.equal(await page.locator('main a[href="/"]').count(), 1);
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, path);
  assert.equal(await field().inputValue(), typed);
}

// One sign-up, then none for a minute.
function withOneSignUp(conf) {
  const changed = conf.replace('rate=5r/s', 'rate=1r/m').replace('burst=30', 'burst=1');
  if (changed === conf) throw new Error('the limit is not as it was');
  return changed;
}

for (const javaScriptEnabled of [true, false]) {
  const how = `with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`;

  test(`where the application is away, Back has what was typed, ${how}`, async () => {
    await start({ javaScriptEnabled });
    await site.stopApp();
    await submit('alice');
    await heading('Back in a moment').waitFor();
    await goBackTo('/', 'alice');
    await site.startApp();
    await submit('alice');
    await heading('Users').waitFor();
    assert.deepEqual(site.names(), ['alice']);
  });

  test(`Back leads to a form that was refused before, ${how}`, async () => {
    await start({ javaScriptEnabled });
    await submit('a<b');
    await page.getByRole('alert').waitFor();
    await site.stopApp();
    await submit('a b');
    await heading('Back in a moment').waitFor();
    await goBackTo('/create-user', 'a b');
    await site.startApp();
    await submit('a b');
    await heading('Users').waitFor();
    assert.deepEqual(site.names(), ['a b']);
  });

  test(`after too many sign-ups Back has what was typed, ${how}`, async () => {
    await start({ javaScriptEnabled }, withOneSignUp);
    await site.signUp('first');
    await site.signUp('second');
    await submit('alice');
    await heading('Too many requests').waitFor();
    await goBackTo('/', 'alice');
  });

  test(`a page that was asked for while the application was away comes by itself, ${how}`, async () => {
    await start({ javaScriptEnabled });
    await site.stopApp();
    await page.goto('/users');
    await heading('Back in a moment').waitFor();
    await site.startApp();
    await heading('Users').waitFor();
    assert.equal(new URL(page.url()).pathname, '/users');
  });
}
