// A form that gets no answer from the application: what was typed stays. With JavaScript it stays in sight.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPage } from './support/browser.js';
import { startSite } from './support/site.js';

// What nginx says of it.
const EXPECTED = ['connect() to unix:', 'limiting requests, excess'];

const LOOKS = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

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
const button = () => page.getByRole('button', { name: 'Sign up' });
const heading = (name) => page.getByRole('heading', { name, level: 1 });

async function start(options, change) {
  site = await startSite({ change });
  page = await openPage(browser, site, options);
  await page.goto('/');
}

async function submit(name) {
  await field().fill(name);
  await button().click();
}

// In sight, told to screen readers, with the form as it was left.
async function expectTrouble(words) {
  const trouble = page.locator('.trouble');
  await trouble.filter({ hasText: words }).waitFor();
  assert.equal(await trouble.count(), 1);
  assert.equal(await trouble.getAttribute('role'), 'alert');
  assert.equal(await field().inputValue(), 'alice');
  assert.equal(await button().getAttribute('aria-disabled'), null);
  assert.equal(await button().evaluate((element) => element === document.activeElement), true);
  assert.equal(new URL(page.url()).pathname, '/');
}

// With what stands in the form.
async function signUpAgain() {
  await button().click();
  await heading('Users').waitFor();
  assert.match(await page.locator('.notice').textContent(), /^You are on the list, number 1\. alice has signed up/);
  assert.deepEqual(site.names(), ['alice']);
}

// What the page says of a network that is taken away from it.
function forgive(error) {
  page.complaints = page.complaints.filter((complaint) => !complaint.includes(error));
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

for (const [name, look] of Object.entries(LOOKS)) {
  test(`where the application is away, the form says so and keeps what was typed (${name})`, async () => {
    await start(look);
    await site.stopApp();
    await submit('alice');
    await expectTrouble(/^The server did not answer. Wait 5 seconds, then try again. Your name may be on the list already.$/);
    await site.startApp();
    await signUpAgain();
  });

  test(`a fault of the server is no confirmation, and the form says so (${name})`, async () => {
    await start(look);
    await page.route('**/create-user', (route) => route.fulfill({ status: 500, body: '<title>x</title>' }), { times: 1 });
    await submit('alice');
    await expectTrouble(/^Your sign-up could not be confirmed. Wait a moment, then try again. Your name may be on the list already.$/);
    await signUpAgain();
  });

  test(`after too many sign-ups the form says so and keeps what was typed (${name})`, async () => {
    await start(look, withOneSignUp);
    await site.signUp('first');
    await site.signUp('second');
    await submit('alice');
    await expectTrouble(/^Too many sign-ups from your network. Wait a second, then try again.$/);
    assert.deepEqual(site.names(), ['first', 'second']);
  });

  test(`without a network the form says so and keeps what was typed (${name})`, async () => {
    await start(look);
    await page.context().setOffline(true);
    for (let tries = 1; tries <= 2; tries++) {
      await submit('alice');
      await expectTrouble(/^The server did not answer. Wait a moment, then try again. /);
    }
    forgive('net::ERR_INTERNET_DISCONNECTED');
    await page.context().setOffline(false);
    await signUpAgain();
  });

  test(`a form that was refused before keeps what was typed, too (${name})`, async () => {
    await start(look);
    await submit('a<b');
    await page.locator('#username-error').waitFor();
    await site.stopApp();
    await submit('alice');
    await expectTrouble(/^The server did not answer. /);
    await site.startApp();
    await signUpAgain();
  });

  test(`a form that was left while it waited can be sent when it is seen again (${name})`, async () => {
    await start(look);
    await page.route('**/create-user', () => {}, { times: 1 });
    await submit('alice');
    await page.locator('button[aria-disabled]').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click();
    await page.waitForURL('**/users');
    await page.goBack();
    assert.equal(await field().inputValue(), 'alice');
    await signUpAgain();
  });

  test(`an answer that does not come is given up (${name})`, async () => {
    await start(look);
    await page.clock.install();
    await page.goto('/');
    await page.route('**/create-user', () => {}, { times: 1 });
    await submit('alice');
    await page.locator('button[aria-disabled]').waitFor();
    await page.clock.fastForward(40000);
    await expectTrouble(/^The server did not answer. /);
    await signUpAgain();
  });
}

// A proxy that asks for a password, and one that sends the browser elsewhere for that.
for (const [how, answer] of [['answer', "200 '<!doctype html><title>x</title><h1>Log in</h1>'"], ['redirect', '302 /login']]) {
  test(`what is not the application's is left to the browser: ${how}`, async () => {
    await start({}, (conf) => conf.replace('location = /favicon.ico', `location = /login {
      default_type text/html; return 200 '<!doctype html><title>x</title><h1>Log in</h1>';
    }
    location = /create-user { default_type text/html; return ${answer}; }
    location = /favicon.ico`));
    await submit('alice');
    await heading('Log in').waitFor();
    await page.goBack();
    assert.equal(await field().inputValue(), 'alice');
    assert.equal(await button().getAttribute('aria-disabled'), null);
  });
}

test('a name that was stored is followed even if its page does not come', async () => {
  await start({}, (conf) => conf.replace('location / {', 'location / { if ($arg_created) { return 502; }'));
  await submit('alice');
  await heading('Back in a moment').waitFor();
  assert.ok(page.url().startsWith(`${site.url}/users?created=1&claim=`));
  assert.deepEqual(site.names(), ['alice']);
});

// As the browser's back/forward cache takes a page away while its form waits.
test('a form that comes back from the cache of the browser says that it had no answer', async () => {
  await start();
  await page.route('**/create-user', () => {}, { times: 1 });
  await submit('alice');
  await page.locator('button[aria-disabled]').waitFor();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  await expectTrouble(/^The server did not answer. /);
  await signUpAgain();
});

test('without JavaScript, where the application is away, Back has what was typed', async () => {
  await start({ javaScriptEnabled: false });
  await site.stopApp();
  await submit('alice');
  await heading('Back in a moment').waitFor();
  await goBackTo('/', 'alice');
  await site.startApp();
  await signUpAgain();
});

test('without JavaScript Back leads to a form that was refused before', async () => {
  await start({ javaScriptEnabled: false });
  await submit('a<b');
  await page.getByRole('alert').waitFor();
  await site.stopApp();
  await submit('alice');
  await heading('Back in a moment').waitFor();
  await goBackTo('/create-user', 'alice');
  await site.startApp();
  await signUpAgain();
});

test('without JavaScript, after too many sign-ups, Back has what was typed', async () => {
  await start({ javaScriptEnabled: false }, withOneSignUp);
  await site.signUp('first');
  await site.signUp('second');
  await submit('alice');
  await heading('Too many requests').waitFor();
  await goBackTo('/', 'alice');
});

for (const javaScriptEnabled of [true, false]) {
  test(`a page that was asked for while the application was away comes by itself, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    await start({ javaScriptEnabled });
    await site.stopApp();
    await page.goto('/users');
    await heading('Back in a moment').waitFor();
    await site.startApp();
    await heading('Users').waitFor();
    assert.equal(new URL(page.url()).pathname, '/users');
  });
}
