// The HTML of each page as it is served, read by html-validate.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { endSites, pages, source, startSites } from './support/pages.js';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    // Either case is HTML.
    'doctype-style': 'off',
    // The summary of what is wrong comes before everything else.
    'heading-level': ['error', { minInitialRank: 'h2' }],
    // What comes from the same server as the page needs no checksum in it.
    'require-sri': ['error', { target: 'crossorigin' }],
  },
});

let sites;

before(async () => { sites = await startSites(); });
after(() => endSites(sites));

for (const it of pages.filter(({ status }) => status === undefined)) {
  test(it.name, async () => {
    const html = await source(sites[it.site], it);
    const report = await validator.validateString(html);
    const messages = report.results.flatMap((result) => result.messages);
    const lines = html.split('\n');
    assert.deepEqual(messages.map((m) => `${m.ruleId}: ${m.message}: ${lines[m.line - 1]}`), []);
  });
}
