// A long shift before the page (42). The bench plays eight hours; here are two.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { launch } from './screen.mjs';
import { soak } from './soak.mjs';

const HOURS = 2;
/** Ten megabytes in eight hours. */
const GROWTH_MAX_MB = (10 / 8) * HOURS;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

it('holds no more after hours than after half of one (42)', async () => {
  const { first, last } = await soak(browser, HOURS);
  const growth_mb = last.heap_mb - first.heap_mb;
  console.log(`heap +${growth_mb.toFixed(2)} MB, nodes ${first.nodes} to ${last.nodes}`);
  assert.ok(growth_mb <= GROWTH_MAX_MB, `${growth_mb} MB`);
  // One alert more or less may be open at that moment.
  assert.ok(last.nodes <= first.nodes * 1.1, `${first.nodes} to ${last.nodes} nodes`);
  assert.equal(last.jsEventListeners, first.jsEventListeners);
});
