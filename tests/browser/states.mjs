// Every state that staff can see, in a real browser before a server that is not there.
// The numbers are those of the list in the specification of the screens.
//
//   node --test states.mjs
//   DRIPWATCH_LOOKS=write node --test states.mjs    writes `looks.json` anew, to be read in review

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { alert } from './fixture.mjs';
import { differences, looks } from './looks.mjs';
import { boxes, PHONE, violations } from './screen.mjs';
import {
  during,
  numbersOf,
  played,
  seconds,
  stage,
  textOf,
  THEMES,
  toCentral,
  toRoom,
  undisturbed,
  WALL,
} from './stage.mjs';
import { only, STATES, ward } from './ward.mjs';

const LOOKS = join(import.meta.dirname, 'looks.json');
const CALM = ['75', '97', '122/74'];
const GONE = ['––', '––', '122/74'];
const HIGH = ['needs-a-person', /SpO₂ low 84.*limit 89 · now 84 · for 0:1\d/, 'I’m going — KM'];

/** What each state must say: on its tile, in the rail and on the phone, and in its room. */
const SAYS = {
  normal: { numbers: CALM, tile: /KM.*BP in 2:1\d/, room: /\+0|±0 from baseline 75/ },
  late: { numbers: CALM, tile: /last 0:0\d ago/, room: /last 0:0\d ago/ },
  stale: { numbers: GONE, tile: /0:2\d ago.*8 min ago/, room: /last 75, 0:2\d ago/ },
  'sensor-off': {
    numbers: ['75', '––', '122/74'],
    tile: /SpO₂ sensor off ?0:2\d/,
    card: ['needs-a-person', /SpO₂ sensor off.*for 0:2\d/, 'I’m going — KM'],
    room: /sensor off 0:3\d/,
  },
  'monitor-lost': {
    numbers: GONE,
    tile: /Monitor disconnected ?0:4\d/,
    card: ['needs-a-person', /Monitor disconnected.*for 0:4\d/, 'I’m going — KM'],
    room: /monitor disconnected 0:5\d.*monitor disconnected 0:5\d/,
  },
  'no-session': {
    numbers: CALM,
    tile: /Monitor running, no session.*Start a session/,
    room: /No session.*Open session/,
  },
  'no-session-high': {
    numbers: ['75', '84', '122/74'],
    tile: /Monitor running, no session.*SpO₂ low 84 < 89/,
    card: HIGH,
    room: /SpO₂ low 84.*I’m here/,
  },
  high: {
    numbers: ['98', '84', '122/74'],
    tile: /SpO₂ low 84 < 89 ?0:1\d/,
    card: HIGH,
    room: /SpO₂ low 84 ?limit 89.*I’m here/,
  },
  medium: {
    numbers: ['97', '97', '178/104'],
    tile: /SYS high 178 > 165 ?1:3\d/,
    card: [
      'needs-a-person',
      /Systolic high 178.*limit 165 · now 178\/104 · for 1:3\d/,
      'I’m going — KM',
    ],
    room: /Systolic high 178 ?limit 165.*I’m here/,
  },
  low: {
    numbers: CALM,
    tile: /BP overdue ?1:1\d/,
    card: ['needs-a-person', /BP overdue.*for 1:1\d/, 'I’m going — KM'],
    room: /BP overdue.*I’m here/,
  },
  'high-claimed': {
    numbers: ['75', '84', '122/74'],
    tile: /SpO₂ low 84 < 89 ?✓ TJ/,
    card: ['someone-has-it', /✓ TJ/, null],
    room: /SpO₂ low 84.*✓ TJ/,
  },
  'medium-claimed': {
    numbers: ['75', '97', '178/104'],
    tile: /SYS high 178 > 165 ?✓ KM/,
    card: ['someone-has-it', /✓ KM/, null],
    room: /Systolic high 178.*✓ KM/,
  },
  latched: {
    numbers: CALM,
    tile: /was SpO₂ low 88 < 89 ?ended/,
    card: ['needs-a-person', /was SpO₂ low 88.*ended \d\d:\d\d — not seen/, 'Seen'],
    room: /was SpO₂ low 88.*Seen/,
  },
  replay: { numbers: CALM, tile: /REPLAY/, room: /REPLAY/ },
  simulator: { numbers: CALM, tile: /SIM/, room: /SIM/ },
  cuff: { numbers: GONE, tile: /cuff.*cuff/, room: /cuff.*cuff/ },
  held: { numbers: CALM, tile: /HELD/, room: /HELD/ },
  paused: { numbers: CALM, tile: /PAUSED/, room: /PAUSED/ },
  empty: { numbers: [], tile: /No session$/, room: /No session/ },
};

describe('each state', { concurrency: false }, () => {
  const shown = {};

  before(async () => {
    for (const theme of THEMES) shown[theme] = await stage({ theme, size: WALL });
    shown.phone = await stage({ hash: '#/inbox', size: PHONE });
  });
  after(async () => {
    for (const { page } of Object.values(shown)) await page.close();
  });

  it('has a fixture and something that it must say', () => {
    assert.deepEqual(Object.keys(SAYS), STATES);
  });

  for (const [id, { numbers, tile, card, room }] of Object.entries(SAYS)) {
    it(`${id}: on its tile, in the rail, on the phone and in its room`, async () => {
      const { page } = shown.dim;
      const [place, words, action] = card ?? [];
      await toCentral(page);
      assert.match(await textOf(page, `.tile[data-room="${id}"]`), tile);
      assert.deepEqual(await numbersOf(page, `.tile[data-room="${id}"]`), numbers);
      for (const at of [page, shown.phone.page]) {
        const row = at.locator(`.card[data-room="${id}"]`);
        assert.equal(await row.count(), card === undefined ? 0 : 1);
        if (card === undefined) continue;
        const found = `[data-testid=${place}] .card[data-room="${id}"]`;
        assert.match(await textOf(at, found), words);
        const buttons = await row.locator('[data-claim]').allTextContents();
        assert.deepEqual(buttons, action === null ? [] : [action]);
      }
      await toRoom(page, id);
      assert.match(await textOf(page, '[data-testid=room]'), room);
      const blank = ['––', '––', '––/––'];
      assert.deepEqual(await numbersOf(page, '.room'), numbers.length === 0 ? blank : numbers);
    });
  }

  it('is told from every other by its words, and from every other kind by its shape', async () => {
    const { page } = shown.dim;
    await toCentral(page);
    const found = await looks(page, STATES);
    const texts = STATES.map((id) => found[id].words);
    assert.equal(new Set(texts).size, STATES.length, texts.join('\n'));
    const kinds = ['high', 'medium', 'low', 'high-claimed', 'medium-claimed', 'latched', 'normal'];
    for (const sign of ['shape', 'colour']) {
      const signs = kinds.map((id) => found[id][sign]);
      assert.equal(new Set(signs).size, kinds.length, signs.join('\n'));
    }
  });

  it('sensor off and monitor lost are told apart, and from a calm room, at a glance (22)', async () => {
    const { page } = shown.dim;
    await toCentral(page);
    const { 'sensor-off': off, 'monitor-lost': lost } = await looks(page, STATES);
    assert.equal(off.glyph, 'low');
    assert.equal(lost.glyph, 'medium');
    assert.notEqual(off.shape, lost.shape);
    assert.notEqual(off.colour, lost.colour);
    const of = (id, vital) =>
      page.getAttribute(`.tile[data-room="${id}"] [data-vital=${vital}]`, 'data-freshness');
    assert.deepEqual(
      [await of('sensor-off', 'hr'), await of('sensor-off', 'spo2'), await of('sensor-off', 'bp')],
      ['current', 'absent', 'current'],
    );
    assert.deepEqual(
      [await of('monitor-lost', 'hr'), await of('monitor-lost', 'spo2')],
      ['absent', 'absent'],
    );
    assert.equal(await of('monitor-lost', 'bp'), 'stale');
  });

  it('what is played again has its name across it, and what is simulated has not', async () => {
    const { page } = shown.dim;
    await toCentral(page);
    const across = (id) =>
      page.$eval(`[data-room="${id}"]`, (one) => getComputedStyle(one, '::after').content);
    assert.equal(await across('replay'), '"REPLAY"');
    assert.equal(await across('simulator'), 'none');
    await toRoom(page, 'replay');
    assert.equal(await across('replay'), '"REPLAY"');
  });

  for (const theme of THEMES) {
    it(`looks in ${theme} as it did when somebody last looked (48)`, async () => {
      const { page } = shown[theme];
      await toCentral(page);
      await undisturbed(page);
      const now = await looks(page, STATES);
      const facts = Object.fromEntries(STATES.map((id) => [id, now[id].facts]));
      const kept = JSON.parse(await readFile(LOOKS, 'utf8').catch(() => '{}'));
      if (process.env.DRIPWATCH_LOOKS === 'write') {
        await writeFile(LOOKS, `${JSON.stringify({ ...kept, [theme]: facts }, null, 2)}\n`);
        return;
      }
      assert.deepEqual(differences(kept[theme] ?? {}, facts), []);
    });

    it(`has no axe violations in ${theme}, in its room and on the station (14)`, async () => {
      const { page } = shown[theme];
      await toCentral(page);
      const found = await violations(page);
      for (const id of STATES) {
        await toRoom(page, id);
        found.push(...(await violations(page)).map((line) => `${id}: ${line}`));
      }
      assert.deepEqual(found, []);
    });
  }

  it('of the frames that flash: 1.6 Hz and 0.6 Hz, one half on, in one phase (12)', async () => {
    const { page, clinic } = shown.dim;
    await toCentral(page);
    // One that begins to flash much later than the others.
    clinic.show((now) =>
      ward(now).map((room) =>
        room.id === 'normal' ? { ...room, alerts: [alert(now, 'normal', {})] } : room,
      ),
    );
    await page.waitForSelector('.tile[data-room=normal][data-state=open]');
    // The frames of the wall and of the rail alike.
    const flashing = () =>
      page.evaluate(async () => {
        const running = document.getAnimations();
        await Promise.all(running.map((one) => one.ready));
        return running.map((one) => {
          const { duration, delay, easing, iterations } = one.effect.getComputedTiming();
          const frames = one.effect.getKeyframes();
          const phase = (one.startTime + delay) % duration;
          return {
            of: one.effect.target.closest('[data-priority]').dataset.priority,
            on: one.effect.pseudoElement,
            duration,
            iterations,
            easing,
            phase: Math.min(phase, duration - phase),
            steps: frames.map(
              ({ offset, opacity, easing: step }) => `${offset} ${opacity} ${step}`,
            ),
            moves: frames.flatMap((frame) => Object.keys(frame)),
          };
        });
      });
    // Three tiles and rows of high priority, two of medium. They fall in with their first frame.
    await page
      .waitForFunction(
        () =>
          document.getAnimations().length === 10 &&
          new Set(document.getAnimations().map(({ startTime }) => startTime)).size === 1,
        undefined,
        { timeout: 5_000 },
      )
      .catch(() => {});
    let all = await flashing();
    // A frame that has begun in this very moment falls in with its first frame.
    for (let tries = 0; tries < 20 && all.some(({ phase }) => phase >= 0.01); tries += 1) {
      await sleep(100);
      all = await flashing();
    }
    assert.equal(all.filter(({ of }) => of === 'high').length, 6);
    assert.equal(all.filter(({ of }) => of === 'medium').length, 4);
    for (const { of, on, duration, phase, steps, moves, iterations } of all) {
      assert.equal(on, '::before', 'the frame flashes, never the number or the glyph');
      assert.ok(Math.abs(1_000 / duration - { high: 1.6, medium: 0.6 }[of]) < 1e-5, `${duration}`);
      assert.equal(iterations, Infinity);
      assert.ok(phase < 0.01, `${of} is ${phase} ms from the others`);
      assert.deepEqual(steps, ['0 1 steps(1)', '0.5 0.2 steps(1)', '1 1 steps(1)']);
      // Opacity alone needs no layout and no paint.
      for (const name of moves)
        assert.match(name, /^(opacity|offset|computedOffset|easing|composite)$/);
    }
    clinic.show(ward);
    await page.waitForSelector('.tile[data-room=normal][data-state=calm]');
  });

  it('raised no error', () => {
    for (const { page } of Object.values(shown)) assert.deepEqual(page.complaints, []);
  });
});

/** What a tired eye still tells apart at four metres is about as large as this. */
const SEEN_PX = 4;

/** Mean step of brightness from one seen spot to the next, over each of `places`, from a picture. */
async function contrasts(page, places) {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ([data, all, seen]) => {
      const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
      pen.drawImage(image, 0, 0);
      return all.map(({ left, top, width, height }) => {
        const [w, h] = [Math.round(width), Math.round(height)];
        const { data: rgba } = pen.getImageData(Math.round(left), Math.round(top), w, h);
        const [columns, rows] = [Math.floor(w / seen), Math.floor(h / seen)];
        const spots = new Float64Array(columns * rows);
        for (let y = 0; y < rows * seen; y += 1)
          for (let x = 0; x < columns * seen; x += 1) {
            const at = (y * w + x) * 4;
            const grey = 0.2126 * rgba[at] + 0.7152 * rgba[at + 1] + 0.0722 * rgba[at + 2];
            spots[Math.floor(y / seen) * columns + Math.floor(x / seen)] += grey / seen ** 2;
          }
        let sum = 0;
        for (let y = 1; y < rows; y += 1)
          for (let x = 1; x < columns; x += 1) {
            const at = y * columns + x;
            sum += Math.abs(spots[at] - spots[at - 1]) + Math.abs(spots[at] - spots[at - columns]);
          }
        return sum / spots.length;
      });
    },
    [picture, places, SEEN_PX],
  );
}

for (const theme of THEMES) {
  it(`without colour in ${theme}, the high tile has the highest local contrast (40)`, () =>
    during({ theme, size: WALL, rooms: only('normal', 'high', 'medium', 'low') }, async (page) => {
      await page.waitForSelector('.tile[data-room=high][data-state=open]');
      // Frames are shown at full strength with reduced motion. A flash that a script pauses is not
      // enough: the compositor may go on to show the half of it that it drew last.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.waitForFunction(() => document.getAnimations().length === 0);
      const ids = ['high', 'medium', 'low', 'normal'];
      const places = [];
      for (const id of ids) places.push(...(await boxes(page, `.tile[data-room=${id}]`)));
      const found = await contrasts(page, places);
      const [high, ...others] = found;
      assert.ok(
        others.every((other) => high > other * 1.05),
        ids.map((id, index) => `${id} ${found[index].toFixed(2)}`).join(', '),
      );
    }));
}

describe('a room without a session', { concurrency: false }, () => {
  it('shows its numbers, lets a session begin, and alerts like any other (23)', () =>
    during({ rooms: only('no-session', 'no-session-high') }, async (page) => {
      const tile = '.tile[data-room=no-session-high]';
      await page.waitForSelector(`${tile}[data-state=open][data-priority=high]`);
      assert.equal(await page.locator('.tile[data-state=empty]').count(), 0);
      assert.equal(await page.getAttribute(`${tile} [data-vital=spo2]`, 'data-alert'), 'high');
      await page.waitForSelector('[data-testid=needs-a-person] [data-room=no-session-high]');
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'high'));
      await page.click('.tile[data-room=no-session] .foot-link');
      await page.waitForSelector('[data-testid=start-session]');
    }));
});

it('an alert that is only played again is shown, and makes no sound', () => {
  const replayed = (now) =>
    only('replay')(now).map((room) => ({ ...room, alerts: [alert(now, room.id)] }));
  return during({ rooms: replayed }, async (page) => {
    await page.waitForSelector('.tile[data-room=replay][data-state=open]');
    await seconds(page, 3);
    assert.deepEqual(await played(page), []);
  });
});
