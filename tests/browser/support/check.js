// What holds for a page however it is looked at, and the looks.
import assert from 'node:assert/strict';
import axe from 'axe-core/axe.min.js';

export const PHONE = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };
export const DESKTOP = { viewport: { width: 1280, height: 800 } };

// It is as wide as the screen, and axe finds nothing, which needs scripts.
export async function checkPage(page) {
  await page.waitForLoadState(); // with its style sheets, of which axe judges the colours
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
  if (page.isWithoutScripts) return;
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`), []);
}

// And it has this heading.
export async function checkPageOf(page, heading) {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  await checkPage(page);
}
