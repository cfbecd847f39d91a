// Debian's Chromium, without a window, and pages that notice whatever a page should not do.
import { chromium } from 'playwright-core';

const BINARY = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

// A tab that does nothing by itself: no look-ups of updates, no reports, no word lists. As root there is no sandbox.
const FLAGS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage',
];

const OPTIONS = { executablePath: BINARY, chromiumSandbox: process.getuid() !== 0 };

export const launch = () => chromium.launch({ ...OPTIONS, args: FLAGS });

// With a profile of its own in this folder, and these flags besides.
export function launchPersistent(profile, flags) {
  return chromium.launchPersistentContext(profile, { ...OPTIONS, args: [...FLAGS, ...flags] });
}

// What the browser itself says of an answer that is meant to be an error.
const EXPECTED = /^Failed to load resource: the server responded with a status of (4\d\d|50\d) /;

// What was still under way when the page was left.
const ABORTED = 'net::ERR_ABORTED';

// A page in a context of its own. page.complaints has what must not happen: a console message, an exception, a request
// to another origin or one that failed, and what the Content-Security-Policy kept from happening.
export async function openPage(browser, site, options = {}) {
  const context = await browser.newContext({ baseURL: site.url, locale: 'en-GB', timezoneId: 'UTC', ...options });

  await context.addInitScript(tellViolations);
  const page = await context.newPage();
  watch(page, site);
  return page;
}

// Runs in the page.
function tellViolations() {
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`Content-Security-Policy: ${event.violatedDirective} kept ${event.blockedURI} away`);
  });
}

function watch(page, site) {
  page.complaints = [];
  page.on('console', (message) => {
    if (!EXPECTED.test(message.text())) page.complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => page.complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== site.url) page.complaints.push(`elsewhere: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== ABORTED) page.complaints.push(`failed: ${request.url()}: ${reason}`);
  });
}
