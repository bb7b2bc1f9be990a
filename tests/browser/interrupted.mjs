// The forms of a day when something comes between, in a real browser against the real program:
// another page, a lost connection, another nurse, and names that are not as expected.
//
//   node --test interrupted.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Clinic } from './clinic.mjs';
import {
  fillIn,
  formClosed,
  openSession,
  PATIENCE_MS,
  phase,
  PIN,
  plainText,
  saysWho,
  signIn,
  tapUntil,
} from './nurse.mjs';
import { collisions, launch, live, overflow, PHONE, STATION } from './screen.mjs';

const STAFF = [
  { name: 'KM', role: 'nurse', pin: PIN.KM },
  { name: 'TJ', role: 'nurse', pin: PIN.TJ },
];
const FORM = '[data-testid=care-form]';
const PAPER = {
  ticks: ['name', 'birth_date', 'consent'],
  words: { number: '2', of: '8', weight_kg: '82,5', escort: 'Ö. Yıldız', phone: '030 5550' },
};

let browser;
let clinic;
let rooms = 0;
before(async () => {
  browser = await launch();
  clinic = await Clinic.open({ rooms: ['1', '2', '3', '4'], staff: STAFF, monitors: {} });
  clinic.program = await clinic.token_of(['token', 'add', 'test', '--role', 'nurse']);
});
after(async () => {
  await browser?.close();
  await clinic?.close();
});

/** A room of its own with a session that was just opened, and its id. */
async function opened(size = STATION) {
  rooms += 1;
  const page = await signIn(browser, clinic, 'KM', `#/room/${rooms}`, { size });
  await openSession(page, 'J.T.', 'ketamine-iv-adult');
  const { session } = await clinic.call(clinic.program, 'GET', `rooms/${rooms}`);
  return { page, room: rooms, session: session.id };
}

const shown = (session) => clinic.call(clinic.program, 'GET', `sessions/${session}`);
const entries = async (session, type) =>
  (await shown(session)).events.filter((event) => event.type === type);

describe('a form of the day', { concurrency: false }, () => {
  it('is as it was left when another page was looked at in between', async () => {
    const { page, session } = await opened();
    await page.click('[data-form=patient]');
    await page.check(`${FORM} input[name=consent]`);
    await page.fill(`${FORM} input[name=escort]`, 'Ö. Yıldız');
    await page.evaluate(() => (location.hash = '#/central'));
    await page.waitForSelector('[data-testid=central]');
    await page.goBack();
    assert.equal(await page.inputValue(`${FORM} input[name=escort]`), 'Ö. Yıldız');
    assert.equal(await page.isChecked(`${FORM} input[name=consent]`), true);
    assert.deepEqual(await entries(session, 'check_in'), [], 'nothing is sent by leaving');
    await fillIn(page, 'patient', PAPER);
    await phase(page, 'screening');
    assert.equal((await entries(session, 'check_in')).length, 1);
    // Left by its own button, it is gone.
    await page.click('[data-form=patient]');
    await page.fill(`${FORM} input[name=escort]`, 'somebody else');
    await page.keyboard.press('Escape');
    await page.click('[data-form=patient]');
    assert.equal(await page.inputValue(`${FORM} input[name=escort]`), 'Ö. Yıldız');

    // Two nurses have it open: what the one saved the other does not replace unread.
    const other = await signIn(browser, clinic, 'TJ', `#/room/${rooms}`);
    await other.click('[data-form=patient]');
    await other.fill(`${FORM} input[name=phone]`, '030 7777');
    await page.fill(`${FORM} input[name=weight_kg]`, '80');
    await page.click(`${FORM} button[type=submit]`);
    await formClosed(page);
    const refused = `${FORM} .wrong:has-text("KM has saved this meanwhile")`;
    await other.waitForSelector(refused);
    assert.equal((await shown(session)).stated.weight_kg, 80);
    assert.equal(await other.inputValue(`${FORM} input[name=phone]`), '030 7777');
    // A tap in the second in which it appeared does nothing: then it is TJ's to decide.
    await tapUntil(other, `${FORM} button[type=submit]`, { selector: FORM, state: 'detached' });
    await formClosed(other);
    assert.equal((await shown(session)).stated.escort.phone, '030 7777');
    for (const one of [page, other]) {
      assert.deepEqual(one.complaints, []);
      await one.context().close();
    }
  });

  it('keeps what is typed while the server hangs, and is sent once when it is back', async () => {
    const { page, session } = await opened();
    await page.click('[data-form=patient]');
    await page.fill(`${FORM} input[name=escort]`, 'Ö. Yıldız');
    clinic.freeze();
    try {
      await page.waitForSelector('[data-testid=lost]');
      await page.waitForSelector(`${FORM} button[type=submit]:disabled`);
      await page.fill(`${FORM} input[name=phone]`, '030 5550');
      await page.press(`${FORM} input[name=phone]`, 'Enter');
    } finally {
      clinic.thaw();
    }
    await live(page, PATIENCE_MS);
    await page.waitForSelector(`${FORM} button[type=submit]:enabled`);
    assert.equal(await page.inputValue(`${FORM} input[name=phone]`), '030 5550');
    assert.equal(await page.inputValue(`${FORM} input[name=escort]`), 'Ö. Yıldız');
    await fillIn(page, 'patient', PAPER);
    await phase(page, 'screening');
    assert.equal((await entries(session, 'check_in')).length, 1);

    // The server itself is gone, and comes back as another run of it.
    await page.click('[data-form=order]');
    await page.fill(`${FORM} input[name=ordered_by]`, 'S. Novak');
    await clinic.kill();
    await page.waitForSelector('[data-testid=lost]');
    await clinic.start();
    await live(page, PATIENCE_MS);
    assert.equal(await page.inputValue(`${FORM} input[name=ordered_by]`), 'S. Novak');
    await page.click(`${FORM} button[type=submit]:enabled`);
    await saysWho(page, 'KM');
    await formClosed(page);
    assert.equal((await entries(session, 'order')).length, 1);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  const NAMES = {
    'a name of 500 letters': 'Wolfeschlegelsteinhausenbergerdorff '.repeat(14).slice(0, 500),
    Arabic: 'عبد الرحمن بن محمد بن عبد العزيز الهاشمي '.repeat(4),
    Chinese: '歐陽修遠司馬相如諸葛孔明'.repeat(16),
    markup: '<img src=x onerror="document.title=1">&amp;"\'</b>\u202e',
  };
  const SIZES = [STATION, { width: 768, height: 1024 }, PHONE];
  it('takes any name in every field, and no page breaks by it', async () => {
    const { page, session, room } = await opened();
    for (const [what, name] of Object.entries(NAMES)) {
      await page.click('[data-form=patient]');
      for (const field of ['escort', 'phone', 'allergies']) {
        const input = `${FORM} input[name=${field}]`;
        await page.fill(input, '');
        await page.focus(input);
        await page.keyboard.insertText(name);
      }
      const typed = await page.inputValue(`${FORM} input[name=escort]`);
      assert.ok(typed.length > 0 && name.startsWith(typed), what);
      for (const tick of PAPER.ticks) await page.check(`${FORM} input[name=${tick}]`);
      await page.fill(`${FORM} input[name=number]`, '2');
      await page.fill(`${FORM} input[name=weight_kg]`, '70');
      await page.click(`${FORM} button[type=submit]`);
      await page.waitForSelector(`${FORM} .wrong:not(:empty), [data-testid=before]`);
      const wrong = await page.$$eval(`${FORM} .wrong`, (all) =>
        all.map((one) => one.textContent).join(' '),
      );
      assert.equal(wrong, '', `${what} is taken`);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        assert.equal(await overflow(page), 0, `${what} at ${size.width}`);
        assert.deepEqual(await collisions(page), [], `${what} at ${size.width}`);
      }
      await page.setViewportSize(STATION);
      assert.notEqual(await page.title(), '1', 'what staff wrote is text');
      const { stated } = await shown(session);
      assert.ok(stated.escort.name.length > 0 && typed.startsWith(stated.escort.name), what);
      await page.evaluate((id) => (location.hash = `#/session/${id}`), session);
      await page.waitForSelector('[data-testid=past]');
      for (const size of SIZES) {
        await page.setViewportSize(size);
        assert.equal(await overflow(page), 0, `${what} at ${size.width}`);
      }
      await page.setViewportSize(STATION);
      await page.evaluate((id) => (location.hash = `#/room/${id}`), room);
      await page.waitForSelector('[data-testid=before]');
    }
    assert.match(await plainText(page, '[data-block=patient]'), /Series/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
});
