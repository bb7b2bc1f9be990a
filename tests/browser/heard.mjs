// What the tones sound like: the bursts of each, and whether they carry.
// The numbers are those of the list in the specification of the screens.
//
//   node --test heard.mjs

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { alert } from './fixture.mjs';
import { during } from './stage.mjs';
import { burstsOf, listen } from './tones.mjs';
import { many } from './ward.mjs';

it('the tones are bursts of 10, 3 and 2 pulses with harmonics that carry (16)', () =>
  during({ rooms: many(4), steady: false, before: listen }, async (page, clinic) => {
    const raise = (priority) =>
      clinic.send({
        type: 'alert',
        room: '1',
        alert: { ...alert(Date.now(), '1'), id: `a-${priority}`, priority },
      });
    const until = (tone) =>
      page.waitForFunction(
        (name) => globalThis.dripwatch.played.some((p) => p.tone === name),
        tone,
      );
    for (const priority of ['low', 'medium', 'high']) {
      raise(priority);
      await until(priority);
    }
    clinic.silent = true;
    await until('lost');
    const found = await burstsOf(page);
    const PULSES = { high: 10, medium: 3, low: 2, lost: 3 };
    const SECONDS = {
      high: [0, 0.22, 0.44, 0.88, 1.1, 1.92, 2.14, 2.36, 2.8, 3.02],
      medium: [0, 0.36, 0.72],
      low: [0, 0.36],
      lost: [0, 0.75, 1.5],
    };
    for (const [tone, count] of Object.entries(PULSES)) {
      const { starts, harmonics } = found[tone];
      assert.equal(starts.length, count, `${tone}: ${starts}`);
      for (const [index, at] of SECONDS[tone].entries())
        assert.ok(Math.abs(starts[index] - at) < 0.015, `${tone}: ${starts}`);
      const carrying = harmonics.filter(({ hz, db }) => hz >= 150 && hz <= 4_000 && db >= -15);
      assert.ok(carrying.length >= 4, `${tone}: ${JSON.stringify(harmonics)}`);
    }
  }));
