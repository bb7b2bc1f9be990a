// The person in front of the screen: who acts, what sounds here, a quiet room, taking back what
// was recorded, and the keyboard. In a real browser before a server that is not there. The numbers
// are those of the list in the specification of the screens.
//
//   node --test people.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fake, FAKE_URL } from './fake.mjs';
import { answers, rooms } from './fixture.mjs';
import { apart, boxes, launch, overflow, PHONE, STATION, until, violations } from './screen.mjs';

const TABLET = { width: 768, height: 1024 };
const WALL = { width: 1920, height: 1080 };
const SIZES = { wall: WALL, station: STATION, tablet: TABLET, phone: PHONE };
const NURSE = { name: 'KM', initials: 'KM', role: 'nurse' };
const RIGHT = () => ({ name: 'T. Janssen', initials: 'TJ', until: Date.now() + 120_000 });
const WRONG = { status: 403, title: 'initials or PIN is wrong', code: 'wrong_secret' };
const calm = (now) => rooms(now).map((room) => ({ ...room, alerts: [] }));

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Puts one more page before the clinic. */
async function visit(context, hash, { me = NURSE, theme = 'dim', init, ...rest } = {}) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) page.complaints.push(line.text());
  });
  await page.addInitScript((chosen) => localStorage.setItem('dripwatch.theme', chosen), theme);
  if (init !== undefined) await page.addInitScript(init);
  const given = { ...answers(), ...rest.answers };
  const clinic = await fake(page, { rooms: rest.rooms ?? rooms, me, answers: given });
  await page.goto(`${FAKE_URL}/${hash}`);
  await page.waitForSelector('.app[data-link=live]');
  return { page, clinic };
}

/** Runs `use` with one page at `hash` and the clinic behind it. */
async function at(hash, { size = STATION, from = browser, ...rest }, use) {
  const context = await from.newContext({ viewport: size });
  try {
    const { page, clinic } = await visit(context, hash, rest);
    await use(page, clinic, context);
    assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
  }
}

const WHO = 'button[aria-haspopup=dialog]:has-text("KM")';
async function openPad(page) {
  await page.click(WHO);
  await page.waitForSelector('[data-testid=pad]');
}
async function type(page, initials, pin) {
  await page.fill('[name=initials]', initials);
  for (const digit of pin) await page.keyboard.press(digit);
  await page.keyboard.press('Enter');
}
const tones = (page) => page.evaluate(() => globalThis.dripwatch.played.map(({ tone }) => tone));
const presence = (clinic) => clinic.heard.findLast(({ type: kind }) => kind === 'presence');
const posted = (clinic, path) => clinic.sent.filter((one) => one.path === path);

const raise = (clinic, id, rest = {}) =>
  clinic.send({
    type: 'alert',
    room: '1',
    alert: {
      id,
      room: '1',
      session: 's-1',
      condition: 'spo2_low',
      priority: 'high',
      state: 'active',
      raised_at: Date.now(),
      text: 'SpO2 low 84 (limit 89)',
      ...rest,
    },
  });

describe('the pad', { concurrency: false }, () => {
  for (const [name, size] of Object.entries(SIZES)) {
    for (const hash of ['#/room/2', '#/central']) {
      it(`covers no numeral of ${hash} on a ${name}, and has keys of 72 px (52)`, () =>
        at(hash, { size }, async (page) => {
          await openPad(page);
          const [pad] = await boxes(page, '[data-testid=pad]');
          const numerals = await boxes(page, '.numeral');
          assert.ok(numerals.length >= 3);
          for (const numeral of numerals)
            assert.ok(apart(numeral, pad), JSON.stringify({ numeral, pad }));
          const keys = await boxes(page, '[data-digit]');
          assert.equal(keys.length, 12);
          for (const { width, height } of keys) assert.ok(width >= 71.9 && height >= 71.9);
          // Those of the last row as well, on every screen.
          if (hash === '#/central')
            for (const key of keys) assert.ok(key.top >= 0 && key.bottom <= size.height);
          if (hash === '#/room/2')
            for (const numeral of numerals) assert.ok(numeral.bottom <= size.height);
        }));
    }
  }

  it('says who acts, counts down, and lets it be ended', () =>
    at('#/central', { answers: { 'POST identify': RIGHT } }, async (page, clinic) => {
      await page.click('.menu summary');
      await page.click('[data-menu=who]');
      assert.doesNotMatch(await page.textContent('[data-testid=pad]'), /Janssen|Weber|TJ/);
      await type(page, 'TJ', '2468');
      await page.waitForSelector('[data-acting=TJ]:has-text("TJ acts, 1:5")');
      await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
      assert.deepEqual(posted(clinic, 'identify')[0].body, { initials: 'TJ', pin: '2468' });
      const before = await page.textContent('[data-acting]');
      await until(async () => (await page.textContent('[data-acting]')) !== before);
      await page.click('[data-acting]');
      await page.click('.pad-acts button');
      await page.waitForSelector(WHO);
      assert.equal(posted(clinic, 'identify').length, 2);
    }));

  it('knows after a reload who acts', () =>
    at(
      '#/central',
      { me: { ...NURSE, acting: { ...RIGHT(), role: 'nurse' } } },
      async (page) => void (await page.waitForSelector('[data-acting=TJ]')),
    ));

  it('takes keys by touch, holds the focus, and gives it back on Escape', () =>
    at('#/room/2', {}, async (page, clinic) => {
      await openPad(page);
      const inside = () =>
        page.evaluate(() => document.activeElement?.closest('[data-testid=pad]') !== null);
      for (let step = 0; step < 20; step += 1) {
        await page.keyboard.press(step < 4 ? 'Shift+Tab' : 'Tab');
        assert.ok(await inside());
      }
      for (const key of ['1', '2', 'Backspace', '3']) await page.click(`[data-digit="${key}"]`);
      assert.equal(await page.textContent('.pad-dots'), '●●○○○○');
      // No key of the screens acts behind it.
      await page.focus('[data-digit="1"]');
      await page.keyboard.press('a');
      await page.evaluate(() => document.activeElement?.blur());
      for (const key of ['a', 'h', 'e']) await page.keyboard.press(key);
      assert.equal(await page.locator('[data-testid=record]').count(), 0);
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=pad]', { state: 'detached' });
      assert.match(await page.evaluate(() => document.activeElement?.textContent), /KM/);
      await page.waitForSelector('[data-testid=room]');
      assert.deepEqual(clinic.sent, []);
    }));

  it('waits for 30 s after five wrong PINs, and counts that down (27)', () =>
    at('#/central', { answers: { 'POST identify': WRONG } }, async (page, clinic) => {
      await openPad(page);
      for (let tries = 1; tries <= 5; tries += 1) {
        await type(page, 'TJ', '1111');
        await until(() => posted(clinic, 'identify').length === tries);
        await page.waitForSelector('.pad .wrong:not(:empty)');
        if (tries < 5)
          assert.equal(await page.textContent('.pad .wrong'), 'Initials or PIN is wrong.');
        await page.waitForSelector('.pad-dots:has-text("○○○○○○")');
      }
      await page.waitForSelector('.pad .wrong[data-waits]:has-text("Try again in 0:2")');
      assert.equal(await page.locator('[data-digit]:enabled').count(), 0);
      await type(page, 'TJ', '2468');
      assert.equal(posted(clinic, 'identify').length, 5);
      const before = await page.textContent('.pad .wrong');
      await until(async () => (await page.textContent('.pad .wrong')) !== before);
    }));

  it('waits for as long as the server says, whoever tried before', () => {
    const wait = { status: 429, title: 'too many', code: 'too_many_tries', retry_after_s: 3 };
    return at('#/central', { answers: { 'POST identify': wait } }, async (page) => {
      await openPad(page);
      await type(page, 'TJ', '1111');
      await page.waitForSelector('.pad .wrong[data-waits]');
      await page.waitForSelector('[data-digit="1"]:enabled', { timeout: 6_000 });
    });
  });

  it('is not asked for before a claim by whoever is signed in', () =>
    at('#/central', {}, async (page, clinic) => {
      await page.click('[data-claim="s-2-a1"]');
      await until(() => posted(clinic, 'rooms/2/acknowledge').length === 1);
      assert.equal(await page.locator('[data-testid=pad]').count(), 0);
    }));
});

describe('sound', { concurrency: false }, () => {
  it('is off until a gesture, says so, and is armed by the pad (17)', async () => {
    const home = await launch({ kiosk: false });
    try {
      await at('#/central', { from: home, rooms: calm }, async (page, clinic) => {
        await page.waitForSelector('.audio-off:has-text("Sound is off — turn on")');
        assert.equal(presence(clinic).audible, false);
        await openPad(page);
        await page.waitForSelector('.audio-off', { state: 'detached' });
        await until(() => presence(clinic).audible);
        raise(clinic, 's-1-a1');
        await until(async () => (await tones(page)).includes('high'));
        assert.deepEqual(posted(clinic, 'rooms/1/acknowledge'), []);
      });
    } finally {
      await home.close();
    }
  });

  it('has three volumes that the device keeps, and a test of every tone', () =>
    at('#/central', { rooms: calm }, async (page) => {
      await page.click('.menu summary');
      await page.click('[data-volume="0"]');
      await page.reload();
      await page.click('.menu summary');
      await page.waitForSelector('[data-volume="0"][aria-pressed=true]');
      for (const tone of ['high', 'medium', 'low', 'lost']) await page.click(`[data-test=${tone}]`);
      await until(async () => (await tones(page)).length === 4);
      assert.deepEqual((await tones(page)).sort(), ['high', 'lost', 'low', 'medium']);
    }));

  it('comes from one tab of a device, and from the other at once when that one closes (45)', () =>
    at('#/central', { rooms: calm }, async (first, one, context) => {
      const { page: second, clinic: two } = await visit(context, '#/room/2', { rooms: calm });
      await second.waitForSelector('.audio:has-text("Sound is in another tab")');
      await until(() => presence(two)?.audible === false);
      assert.equal(presence(one).audible, true);
      for (const clinic of [one, two]) raise(clinic, 's-1-a1');
      await until(async () => (await tones(first)).length > 0);
      await sleep(1_500);
      assert.deepEqual(await tones(second), []);
      const since = Date.now();
      await first.close({ runBeforeUnload: false });
      await until(async () => (await tones(second)).includes('high'));
      console.log(`the other tab sounds ${Date.now() - since} ms after the first was closed`);
      await until(() => presence(two).audible);
      assert.deepEqual(second.complaints, []);
    }));

  it('comes from the tab that is seen when the other one is hidden', () =>
    at('#/central', { rooms: calm }, async (first, one, context) => {
      const { page: second } = await visit(context, '#/room/2', { rooms: calm });
      await second.waitForSelector('.audio:has-text("Sound is in another tab")');
      await first.evaluate(() => {
        Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      });
      await first.waitForSelector('.audio:has-text("Sound is in another tab")');
      await second.waitForSelector('.audio:not(:has-text("Sound is in another tab"))');
      await until(() => presence(one).audible === false);
    }));

  it('of a lost connection is heard unless another tab still watches', () =>
    at('#/central', { rooms: calm }, async (first, one, context) => {
      const { page: second, clinic: two } = await visit(context, '#/room/2', { rooms: calm });
      await second.waitForSelector('.audio:has-text("Sound is in another tab")');
      one.silent = true;
      await first.waitForSelector('[data-testid=lost]');
      await first.waitForSelector('.audio:has-text("Sound is in another tab")');
      await second.waitForSelector('.audio:not(:has-text("Sound is in another tab"))');
      two.silent = true;
      await second.waitForSelector('[data-testid=lost]');
      await until(async () => [...(await tones(first)), ...(await tones(second))].length > 0);
      // One of the two again, and never none.
      const silent = '.audio:has-text("Sound is in another tab")';
      await until(
        async () =>
          (await first.locator(silent).count()) + (await second.locator(silent).count()) === 1,
      );
    }));

  it('is paused with a countdown that survives a reload; what is new or worse breaks it (25)', () => {
    const until_ms = Date.now() + 110_000;
    const silenced = (now) =>
      calm(now).map((room) =>
        room.id !== '2'
          ? room
          : {
              ...room,
              alerts: [
                {
                  id: 's-2-a1',
                  room: '2',
                  session: 's-2',
                  condition: 'spo2_low',
                  priority: 'medium',
                  state: 'active',
                  raised_at: now - 60_000,
                  silenced_until: until_ms,
                  text: 'SpO2 low 91 (limit 92)',
                },
              ],
            },
      );
    return at('#/central', { rooms: silenced }, async (page, clinic) => {
      await page.waitForSelector('.audio-paused:has-text("Audio paused 1:")');
      await page.reload();
      await page.waitForSelector('.audio-paused:has-text("Audio paused 1:")');
      const before = await page.textContent('.audio-paused');
      await until(async () => (await page.textContent('.audio-paused')) !== before);
      await sleep(1_500);
      assert.deepEqual(await tones(page), []);
      raise(clinic, 's-1-a1', { priority: 'low', text: 'Something new' });
      await until(async () => (await tones(page)).includes('low'));
      await page.waitForSelector('.audio-paused', { state: 'detached' });
    });
  });

  it('of a lost connection is paused for two minutes at most', () =>
    at('#/central', { rooms: calm }, async (page, clinic) => {
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]');
      await until(async () => (await tones(page)).includes('lost'));
      await page.click('.rail .audio');
      await page.waitForSelector('.audio-paused');
      await sleep(2_500);
      await page.click('.rail .audio');
      assert.match(await page.textContent('.audio-paused'), /1:5[0-8]/);
    }));

  it('comes with vibration on a phone until somebody has the alert', () =>
    at(
      '#/inbox',
      {
        size: PHONE,
        rooms: calm,
        init: () => {
          globalThis.buzzed = [];
          Object.defineProperty(navigator, 'vibrate', {
            value: (pattern) => void globalThis.buzzed.push(pattern),
          });
        },
      },
      async (page, clinic) => {
        await sleep(1_500);
        raise(clinic, 's-1-a1');
        const buzzed = () => page.evaluate(() => globalThis.buzzed);
        await until(async () => (await buzzed()).length === 1);
        assert.ok((await buzzed())[0].length >= 3);
        raise(clinic, 's-1-a1', { acknowledged: { by: 'TJ', at: Date.now() } });
        await until(async () => (await buzzed()).at(-1) === 0);
      },
    ));
});

describe('the screen on shift', { concurrency: false }, () => {
  const lock = () => {
    globalThis.asked = 0;
    const request = async () => {
      globalThis.asked += 1;
      if (globalThis.refuses) throw new DOMException('low battery', 'NotAllowedError');
      globalThis.lock = { release: async () => void (globalThis.released = true) };
      return globalThis.lock;
    };
    Object.defineProperty(navigator, 'wakeLock', { value: { request } });
  };
  const asked = (page) => page.evaluate(() => globalThis.asked);

  it('is kept on, also after the page was hidden, until that is switched off', () =>
    at('#/inbox', { size: PHONE, init: lock }, async (page) => {
      await until(async () => (await asked(page)) === 1);
      await page.click('.menu summary');
      await page.waitForSelector('[data-awake=on]');
      await page.evaluate(() => {
        globalThis.lock.onrelease();
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      });
      await until(async () => (await asked(page)) === 2);
      await page.uncheck('[name=awake]');
      await page.waitForSelector('[data-awake=off]');
      assert.ok(await page.evaluate(() => globalThis.released));
    }));

  it('says so when the device refuses', () =>
    at('#/inbox', { init: lock }, async (page) => {
      await page.evaluate(() => {
        globalThis.refuses = true;
        globalThis.lock?.onrelease();
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      });
      await page.click('.menu summary');
      await page.waitForSelector('[data-awake=refused]:has-text("refused to keep the screen on")');
    }));
});

describe('a quiet room', { concurrency: false }, () => {
  const watched = (count) => ({ 'GET rooms/2': { id: '2', watched_by: count } });
  const begin = async (page) => {
    await page.waitForSelector('.stack-row');
    await page.click('[data-quiet=off]');
    await page.waitForSelector('[data-testid=quiet-room]:has-text("alarms go to the station")');
  };

  it('frames its alarms, makes no sound, and says that it is quiet', () =>
    at('#/room/2', { answers: watched(2) }, async (page, clinic) => {
      await until(async () => (await tones(page)).length > 0);
      await begin(page);
      await until(() => presence(clinic).quiet);
      const before = (await tones(page)).length;
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      const red = await page.$$eval('.stack-row, .numeral', (all) =>
        all.map((one) => getComputedStyle(one).backgroundColor).includes('rgb(200, 20, 47)'),
      );
      assert.equal(red, false);
      await page.waitForSelector('.audio:has-text("Quiet room: no sound here")');
      await sleep(6_000);
      assert.equal((await tones(page)).length, before);
      await page.click('[data-testid=quiet-room] button');
      await until(async () => (await tones(page)).length > before);
      await until(() => !presence(clinic).quiet);
    }));

  it('is refused while nobody else watches: this screen does not count', () =>
    at('#/room/2', { answers: watched(1) }, async (page) => {
      await page.click('[data-quiet=off]');
      await page.waitForSelector('.notice-bad:has-text("no other screen with sound")');
      assert.equal(await page.locator('[data-testid=quiet-room]').count(), 0);
    }));

  it('ends at once when nobody else watches any longer', () =>
    at('#/room/2', { answers: watched(2) }, async (page, clinic) => {
      await begin(page);
      const before = (await tones(page)).length;
      Object.assign(clinic.answers, watched(1));
      await sleep(2_500);
      assert.equal(await page.locator('[data-testid=quiet-room]').count(), 1, 'one still watches');
      Object.assign(clinic.answers, watched(0));
      await page.waitForSelector('.notice-bad:has-text("It alarms here again")');
      await until(async () => (await tones(page)).length > before);
      assert.equal(await page.locator('[data-testid=quiet-room]').count(), 0);
    }));

  it('ends when the connection is lost', () =>
    at('#/room/2', { answers: watched(2) }, async (page, clinic) => {
      await begin(page);
      clinic.silent = true;
      await page.waitForSelector('[data-testid=lost]');
      await page.waitForSelector('.notice-bad:has-text("It alarms here again")');
      await until(async () => (await tones(page)).includes('lost'));
    }));
});

describe('what was recorded', { concurrency: false }, () => {
  const told = (body) => ({
    id: 's-3',
    events: [{ n: 14, at: Date.now(), type: body.type, by: 'KM', text: 'Chest pain' }],
  });
  const path = 'sessions/s-3/events';

  it('takes two taps, and one more to take it back (32)', () =>
    at('#/room/3', { answers: { [`POST ${path}`]: told } }, async (page, clinic) => {
      await page.click('[data-event=record]');
      await page.click('[data-symptom=chest_pain]');
      await page.waitForSelector('.record-said:has-text("Chest pain — recorded"):has-text("· KM")');
      await page.click('[data-undo="14"]');
      await page.waitForSelector('.record-said:has-text("Chest pain — withdrawn")');
      assert.deepEqual(posted(clinic, path).at(-1).body, { type: 'correct', event: 14 });
      assert.equal(await page.locator('[data-undo]').count(), 0);
    }));

  it('can be taken back for ten seconds, a note as well, and says why when it cannot', () =>
    at('#/room/3', { answers: { [`POST ${path}`]: told } }, async (page, clinic) => {
      const note = async () => {
        await page.click('[data-event=note]');
        await page.fill('.ask input', 'arm warmed');
        await page.press('.ask input', 'Enter');
        await page.waitForSelector('.notice:has-text("✓ Note"):has-text("· KM") [data-undo]');
      };
      await note();
      await page.waitForSelector('[data-undo]', { state: 'detached', timeout: 11_000 });
      await note();
      const detail = 'TJ has withdrawn this entry already.';
      clinic.answers[`POST ${path}`] = { status: 409, title: 'Not now', detail };
      await page.click('[data-undo]');
      await page.waitForSelector(`.notice-bad:has-text("${detail}")`);
    }));

  it('stays in the list when it is withdrawn, struck through', () => {
    const withdrawn = (now) =>
      rooms(now).map((room) => {
        if (room.id !== '3') return room;
        const events = room.session.events.map((event) =>
          event.n === 2 ? { ...event, withdrawn: { by: 'TJ', at: now } } : event,
        );
        return { ...room, session: { ...room.session, events } };
      });
    return at('#/room/3', { rooms: withdrawn }, async (page) => {
      await page.waitForSelector('[data-withdrawn=TJ] s:has-text("Ketamine started")');
      await page.waitForSelector('[data-withdrawn]:has-text("withdrawn by TJ")');
    });
  });
});

describe('the keyboard', { concurrency: false }, () => {
  it('claims an alert without a mouse (11)', () =>
    at('#/central', {}, async (page, clinic) => {
      await page.waitForSelector('.tile-open');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('a');
      await until(() => posted(clinic, 'rooms/2/acknowledge').length === 1);
    }));

  it('B asks for a pressure and opens the place to enter it', () =>
    at('#/room/3', {}, async (page, clinic) => {
      await page.waitForSelector('[data-event=bp_now]');
      await page.keyboard.press('b');
      await page.waitForSelector('[data-page=vitals][aria-pressed=true]');
      assert.ok(await page.isVisible('[name=systolic]'));
      assert.deepEqual(posted(clinic, 'sessions/s-3/events')[0].body, { type: 'bp_now' });
    }));

  it('H pauses, and resumes what is paused', async () => {
    for (const [room, event] of [
      ['3', 'pause'],
      ['11', 'resume'],
    ])
      await at(`#/room/${room}`, {}, async (page, clinic) => {
        await page.waitForSelector(`[data-event=${event}]`);
        await page.keyboard.press('h');
        await until(() => posted(clinic, `sessions/s-${room}/events`).length === 1);
        assert.equal(clinic.sent[0].body.type, event);
      });
  });

  it('/ finds a room by its number or by initials, and Enter opens it', () =>
    at('#/central', {}, async (page) => {
      await page.waitForSelector('.tile');
      for (const [typed, room] of [
        ['12', '12'],
        ['c.b', '7'],
      ]) {
        await page.keyboard.press('/');
        await page.waitForFunction(() => document.activeElement?.name === 'find');
        await page.keyboard.type(typed);
        await page.keyboard.press('Enter');
        await page.waitForSelector(`[data-testid=room][data-room="${room}"]`);
        await page.waitForSelector('[data-testid=find]', { state: 'detached' });
      }
      await page.keyboard.press('/');
      await page.keyboard.type('zz');
      await page.waitForSelector('[data-testid=find]:has-text("No room is called that")');
      await page.keyboard.press('Escape');
      await page.waitForSelector('[data-testid=find]', { state: 'detached' });
      await page.waitForSelector('[data-testid=room]');
    }));

  it('? lists the keys of the screen that is open', async () => {
    const keys = async (hash) => {
      let found;
      await at(hash, {}, async (page) => {
        await page.waitForSelector('[data-testid]');
        await page.keyboard.press('?');
        await page.waitForSelector('.keyhelp dt');
        found = await page.$$eval('.keyhelp dt', (all) => all.map((one) => one.textContent));
      });
      return found;
    };
    assert.ok((await keys('#/room/3')).includes('B'));
    const central = await keys('#/central');
    assert.ok(central.includes('/') && !central.includes('B'));
  });
});

describe('each of them', { concurrency: false }, () => {
  const open = {
    pad: ['#/room/2', openPad],
    'pad of the station': ['#/central', openPad],
    'pad of the phone': ['#/inbox', openPad],
    menu: [
      '#/central',
      async (page) => {
        await page.click('.menu summary');
        await page.waitForSelector('[data-volume]');
      },
    ],
    'line to find a room': [
      '#/central',
      async (page) => {
        await page.keyboard.press('/');
        await page.waitForSelector('[data-testid=find]');
      },
    ],
    'quiet room': [
      '#/room/2',
      async (page) => {
        await page.click('[data-quiet=off]');
        await page.waitForSelector('[data-testid=quiet-room]');
      },
    ],
  };
  const given = { answers: { 'GET rooms/2': { id: '2', watched_by: 3 } } };
  for (const [name, [hash, act]] of Object.entries(open)) {
    it(`the ${name} has no axe violations and fits into 320 px (14, 41)`, async () => {
      for (const theme of ['dim', 'light'])
        await at(hash, { ...given, theme }, async (page) => {
          await sleep(500);
          await act(page);
          assert.deepEqual(await violations(page), []);
        });
      const size = { width: 320, height: 640 };
      await at(hash, { ...given, size }, async (page) => {
        await sleep(500);
        await act(page);
        assert.equal(await overflow(page), 0);
      });
    });
  }
});
