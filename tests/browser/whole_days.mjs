// Whole days in a real browser against the real program: from check-in to the signed record, as a
// nurse does them, at a laptop, a tablet on its end and a phone. The profiles are shipped ones with
// short times.
//
//   node --test whole_days.mjs

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Clinic } from './clinic.mjs';
import {
  announce,
  chooseProfile,
  closeSheet,
  fillIn,
  formClosed,
  inOrder,
  maySayWho,
  onTile,
  openBefore,
  openSession,
  phase,
  phaseOnTile,
  PIN,
  plainText,
  pressureByHand,
  readRecord,
  saysWho,
  saysWhoByPassword,
  score,
  sheet,
  signIn,
  signOff,
  tapUntil,
} from './nurse.mjs';
import { launch, PHONE } from './screen.mjs';
import { putShort, SPRAYS_APART_S } from './short_profile.mjs';

const STAFF = [
  { name: 'KM', role: 'nurse', pin: PIN.KM },
  { name: 'TJ', role: 'nurse', pin: PIN.TJ },
  { name: 'Sara Novak', role: 'prescriber', initials: 'SN', pin: PIN.SN },
];
const PORTRAIT = { width: 768, height: 1024 };
const MONITORS = { 'mon-1': '1', 'mon-2': '2', 'mon-3': '3' };

let browser;
let clinic;
let station;
before(async () => {
  browser = await launch();
  clinic = await Clinic.open({ rooms: ['1', '2', '3', '4'], staff: STAFF, monitors: MONITORS });
  clinic.program = await clinic.token_of(['token', 'add', 'test', '--role', 'nurse']);
  const prescriber = await clinic.token_of(['token', 'add', 'dr', '--role', 'prescriber']);
  for (const name of ['ketamine-iv-adult', 'esketamine-nasal-adult', 'infliximab'])
    await putShort(clinic, prescriber, name, `short-${name}`);
  station = await signIn(browser, clinic, 'TJ', '#/central');
});
after(async () => {
  await browser?.close();
  await clinic?.close();
});

/** The session that runs in this room. */
async function sessionIn(room) {
  const { session } = await clinic.call(clinic.program, 'GET', `rooms/${room}`);
  return session.id;
}

/** What the page says is open before the patient leaves, by its words. */
async function openToLeave(page) {
  const said = await plainText(page, '[data-testid=leave-open]');
  const items = said.replace(/^\d+ open: /, '').split(' · ');
  return items.map((item) => item.replace(/ \d+:\d\d$/, ''));
}

/** Where something has not been seen to yet: everything that a person ticks. */
async function tickAll(page, names) {
  for (const name of names) {
    await page.click(`[data-list] button[data-item=${name}]:visible`);
    await page.waitForSelector(`[data-untick=${name}]`);
  }
}

async function tickBefore(page, item) {
  await page.click(`[data-block=checklist] button[data-item=${item}]`);
  await page.waitForSelector(`[data-block=checklist] [data-item=${item}][data-met=true]`);
}

/** Says of every alert that was taken here what it was. */
async function sayOutcomes(page, outcome) {
  for (;;) {
    const asked = page.locator('[data-outcomes]').first();
    if ((await asked.count()) === 0) return;
    const selector = `[data-outcomes="${await asked.getAttribute('data-outcomes')}"]`;
    await tapUntil(page, `${selector} [data-outcome=${outcome}]`, { selector, state: 'detached' });
  }
}

describe('a whole day', { concurrency: true }, () => {
  it('of ketamine: held once, and a discharge that waits for everything', async () => {
    const monitor = clinic.monitor_of('mon-1');
    monitor.shows({ spo2: 97, pulse_rate: 72 });
    const page = await signIn(browser, clinic, 'KM', '#/room/1');
    await onTile(station, '1', '.no-session');
    await openSession(page, 'J.T.', 'short-ketamine-iv-adult');
    const session = await sessionIn('1');
    await phaseOnTile(station, '1', 'checked_in');

    // Half of it first: what is missing is named.
    await fillIn(page, 'patient', { words: { allergies: 'latex' } });
    const wrong = await plainText(page, '[data-testid=care-form] .wrong:not(:empty)');
    for (const item of [
      'Name and birth date match',
      'Consent on file',
      'Number in the series',
      'Escort: name and phone',
    ])
      assert.ok(wrong.includes(item), wrong);
    await fillIn(page, 'patient', {
      ticks: ['name', 'birth_date', 'consent'],
      words: {
        number: '2',
        of: '8',
        weight_kg: '82,5',
        escort: 'Ö. Yıldız',
        phone: '+49 30 5550',
      },
    });
    await formClosed(page);
    await phaseOnTile(station, '1', 'screening');
    await fillIn(page, 'screening', { taps: ['[data-all-no]'] });
    await formClosed(page);
    await phaseOnTile(station, '1', 'baseline');

    // Too high, five minutes ago: held, and measured again by the monitor.
    await pressureByHand(page, 152, 94, 5);
    await page.waitForSelector('[data-testid=hold]');
    await phaseOnTile(station, '1', 'held');
    assert.match(await plainText(page, '[data-testid=hold]'), /152\/94/);
    await monitor.measures(132, 84);
    await page.waitForSelector('[data-testid=hold]', { state: 'detached' });
    await score(page, 'moaa_s 5');
    await page.click('[data-event=accept_baseline].go');
    await phase(page, 'ready');
    await phaseOnTile(station, '1', 'ready');
    assert.equal(await page.locator('[data-event=start]').count(), 0, 'no GO without an order');

    await fillIn(page, 'order', { words: { mg_per_kg: '0,5', ordered_by: 'S. Novak' } });
    await saysWho(page, 'KM');
    await formClosed(page);
    const order = await plainText(page, '[data-block=order]');
    for (const part of ['0.5 mg/kg', '82.5 kg', '41.3 mg', '75 mL/h', 'S. Novak'])
      assert.ok(order.includes(part), order);
    // Whoever entered it does not check it.
    await page.click('[data-check=second_check]');
    await saysWho(page, 'TJ');
    await page.waitForSelector('[data-check=second_check]', { state: 'detached' });
    for (const item of ['kit', 'call_button']) await tickBefore(page, item);
    await page.click('[data-event=start]');
    await phase(page, 'infusing');
    await phaseOnTile(station, '1', 'infusing');
    assert.match(await plainText(page, '.notice'), /Start the pump at the pump/);

    await sheet(page, 'rate');
    assert.equal(await page.inputValue('[data-testid=rate-change] input[name=from]'), '75');
    await page.fill('[data-testid=rate-change] input[name=to]', '50');
    await page.press('[data-testid=rate-change] input[name=to]', 'Enter');
    await page.waitForSelector('.record-said:has-text("Rate 75 → 50 mL/h — recorded")');
    await closeSheet(page);
    await page.waitForSelector('[data-testid=given]:has-text("50 mL/h")');

    await page.keyboard.press('h');
    await phase(page, 'paused');
    await phaseOnTile(station, '1', 'paused');
    await page.keyboard.press('h');
    await phase(page, 'infusing');

    await sheet(page, 'happened');
    await page.click('[data-symptom=nausea]');
    await page.waitForSelector('[data-symptom=nausea][data-open]');
    await page.click('[data-testid=record] [data-page=medication]');
    await page.click('[data-dose="ondansetron 4"]');
    await maySayWho(page, 'KM', '.record-said:has-text("Ondansetron 4 mg")');
    await page.click('[data-testid=record] [data-page=happened]');
    await page.click('[data-symptom=nausea]');
    await page.waitForSelector('[data-symptom=nausea]:not([data-open])');
    await closeSheet(page);
    await score(page, 'dissociation 6');

    await page.click('[data-event=stop]');
    await page.fill('.ask input', 'the patient wants no more');
    await page.click('.ask button[type=submit]');
    await phase(page, 'recovery');
    await phaseOnTile(station, '1', 'recovery');

    // The gate refuses with the words that the page shows.
    await page.waitForSelector('[data-event=discharge]:disabled');
    const shown = await openToLeave(page);
    for (const item of ['Stay of 30 min', 'Walks steadily', 'Escort here', 'Dissociation 0 to 1'])
      assert.ok(shown.includes(item), shown.join(' · '));
    assert.deepEqual(shown, await openBefore(clinic, session, 'discharge'));
    await assert.rejects(
      clinic.call(clinic.program, 'POST', `sessions/${session}/events`, { type: 'discharge' }),
      (error) => shown.every((item) => error.message.includes(item)),
    );

    await score(page, 'moaa_s 5', 'dissociation 0', 'aldrete 10');
    await tickAll(page, ['oriented', 'walks', 'iv_removed', 'instructions', 'escort_here']);
    await monitor.measures(126, 80);
    await page.waitForSelector('[data-event=discharge]:enabled');
    await phaseOnTile(station, '1', 'ready_to_leave');
    await page.click('[data-event=discharge]');
    await phase(page, 'none');
    await onTile(station, '1', '.no-session');

    await signOff(page, session, 'KM');
    inOrder(await readRecord(page, session), [
      'J.T.',
      'session 2 of 8',
      'Ketamine, 0.5 mg/kg, 50 mL, 40 min',
      'checked by TJ',
      'the patient wants no more',
      'Baseline accepted: BP 132/84',
      'Infusion started',
      'Rate changed from 75 to 50 mL/h',
      'Infusion paused',
      'Infusion resumed',
      'Nausea',
      'Ondansetron 4 mg IV',
      'Nausea has gone',
      'Infusion ended',
      'Discharged',
      // Who came for the check did that, and nothing after it.
      'Second check of dose and rate',
      'TJ',
      'Emergency kit and oxygen ready',
      'KM',
      'Escort here',
      'Hold: BP above 140/90',
      'Signed KM',
    ]);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    monitor.stop();
  });

  it('of esketamine: three devices, the BP of 40 min and the stay from the first of them', async () => {
    const monitor = clinic.monitor_of('mon-2');
    monitor.shows({ spo2: 98, pulse_rate: 66 });
    await announce(clinic.hl7, ['4711', 'Brandt', 'Dora', '19810405']);
    const page = await signIn(browser, clinic, 'KM', '#/room/2', { size: PORTRAIT });
    // Announced by the hospital's system: one tap says who it is.
    await page.click('[data-testid=start-session] [data-expected]:has-text("Brandt, Dora")');
    await chooseProfile(page, 'short-esketamine-nasal-adult');
    await page.click('[data-testid=start-session] button[type=submit]');
    await phase(page, 'checked_in');
    const session = await sessionIn('2');
    await onTile(station, '2', '.initials:has-text("D.B.")');
    await fillIn(page, 'patient', {
      ticks: ['name', 'birth_date', 'consent'],
      words: { number: '1', of: '8', weight_kg: '64', escort: 'P. Brandt', phone: '030 1234' },
    });
    await formClosed(page);
    await phaseOnTile(station, '2', 'screening');
    await fillIn(page, 'screening', { taps: ['[data-all-no]'] });
    await formClosed(page);
    await pressureByHand(page, 124, 78, 5);
    await monitor.measures(122, 76);
    await score(page, 'moaa_s 5');
    await page.click('[data-event=accept_baseline].go');
    await phaseOnTile(station, '2', 'ready');

    await fillIn(page, 'order', { words: { mg: '84', ordered_by: 'S. Novak' } });
    await saysWho(page, 'KM');
    await formClosed(page);
    for (const item of ['prescriber_on_site', 'kit', 'call_button']) await tickBefore(page, item);
    await page.click('.care-go[data-event=spray]');
    await phase(page, 'infusing');
    await phaseOnTile(station, '2', 'infusing');
    const given = '[data-testid=given]';
    for (const next of [2, 3]) {
      await page.waitForSelector(`${given}:has-text("Device ${next} of 3")`);
      await page.click(`${given} [data-event=spray]:has-text("Record device ${next}"):enabled`);
    }
    // The last one that was ordered leads to recovery, and the clock of the first runs on.
    await phase(page, 'recovery');
    await phaseOnTile(station, '2', 'recovery');
    const { doses, started_at } = await clinic.call(clinic.program, 'GET', `sessions/${session}`);
    assert.deepEqual(
      doses.map(({ mg }) => mg),
      [28, 28, 28],
    );
    for (const [index, { at }] of doses.entries())
      assert.ok(index === 0 || at - doses[index - 1].at >= SPRAYS_APART_S * 1_000);

    await page.waitForSelector('[data-list=measured] [data-item=pressure_at_40][data-met=false]');
    await page.waitForSelector('[data-event=discharge]:disabled');
    await monitor.measures(131, 82);
    await page.waitForSelector('[data-list=measured] [data-item=pressure_at_40][data-met=true]');
    await score(page, 'moaa_s 5', 'dissociation 1');
    await tickAll(page, ['oriented', 'walks', 'instructions', 'escort_here']);
    await monitor.measures(124, 79);
    await page.waitForSelector('[data-event=discharge]:enabled');
    await page.click('[data-event=discharge]');
    await phase(page, 'none');
    const { phase_since } = await clinic.call(clinic.program, 'GET', `sessions/${session}`);
    assert.ok(phase_since - started_at >= 60_000, 'nobody leaves before the stay is over');

    await signOff(page, session, 'KM');
    inOrder(await readRecord(page, session), [
      'Dora Brandt, born 1981-04-05',
      'Esketamine',
      'Spray device 1 28 mg',
      'Spray device 2 28 mg',
      'Spray device 3 28 mg',
      'Discharged',
      'BP at 40 min',
      'Escort here',
      'Signed KM',
    ]);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    monitor.stop();
  });

  it('of infliximab with a reaction: stopped, treated, and left by the word of a prescriber', async () => {
    const monitor = clinic.monitor_of('mon-3');
    monitor.shows({ spo2: 98, pulse_rate: 70, temp: 36.6 });
    const page = await signIn(browser, clinic, 'KM', '#/room/3', { size: PHONE });
    await openSession(page, 'A.K.', 'short-infliximab');
    const session = await sessionIn('3');
    await fillIn(page, 'patient', {
      ticks: ['name', 'birth_date', 'consent'],
      words: { number: '3', weight_kg: '70' },
    });
    await formClosed(page);
    await phaseOnTile(station, '3', 'baseline');
    await monitor.measures(128, 78);
    await page.waitForSelector('[data-testid=room] [data-vital=bp]:has-text("128")');
    await page.click('[data-event=accept_baseline].go');
    await phaseOnTile(station, '3', 'ready');
    await fillIn(page, 'order', { words: { mg_per_kg: '5', ordered_by: 'S. Novak' } });
    await saysWho(page, 'KM');
    await formClosed(page);
    await tickBefore(page, 'kit');

    // A nurse may go on without this one, with a name and a reason: the tile shows it from then on.
    await page.click('[data-waive]');
    await page.fill('[data-testid=waive] input[name=reason]', 'has a bell of her own');
    await page.click('[data-testid=waive] .go');
    await page.waitForSelector('[data-testid=pad], [data-testid=room][data-phase=infusing]');
    if ((await page.locator('[data-testid=pad]').count()) > 0) {
      await saysWho(page, 'KM');
      await page.click('[data-testid=waive] [type=submit]');
    }
    await phase(page, 'infusing');
    await phaseOnTile(station, '3', 'infusing');
    await onTile(station, '3', '.waived');

    // One sign is a caution, the airway is urgent.
    await monitor.measures(94, 58);
    await station.waitForSelector('.tile[data-room="3"][data-priority=medium]');
    await sheet(page, 'happened');
    await page.click('[data-symptom=wheeze]');
    await station.waitForSelector('.tile[data-room="3"][data-priority=high]');
    await closeSheet(page);
    const claim = '[data-testid=room] .stack [data-claim]';
    await tapUntil(page, claim, { selector: claim, state: 'detached' });
    await station.waitForSelector('.tile[data-room="3"] .foot-alert:has-text("✓ KM")');

    await page.click('[data-event=stop]');
    await page.fill('.ask input', 'reaction');
    await page.click('.ask button[type=submit]');
    await phaseOnTile(station, '3', 'recovery');
    await sheet(page, 'care');
    await page.click('[data-oxygen="4"]');
    await page.click('[data-severity=severe]');
    await page.fill('[data-testid=adverse] input[name=text]', 'wheeze and a fall of BP');
    await page.fill('[data-testid=adverse] input[name=action]', 'stopped, steroid');
    await page.press('[data-testid=adverse] input[name=action]', 'Enter');
    await page.waitForFunction(
      () => document.querySelector('[data-testid=adverse] input[name=text]').value === '',
    );
    await page.click('[data-testid=record] [data-page=medication]');
    await page.click('[data-other-drug]');
    for (const [name, text] of [
      ['drug', 'Hydrocortisone'],
      ['dose', '200'],
      ['route', 'iv'],
    ])
      await page.fill(`[data-testid=other-drug] input[name=${name}]`, text);
    await page.press('[data-testid=other-drug] input[name=route]', 'Enter');
    await maySayWho(page, 'KM', '.record-said:has-text("Hydrocortisone 200 mg")');

    await monitor.measures(122, 76);
    await page.click('[data-testid=record] [data-page=happened]');
    await page.click('[data-symptom=wheeze][data-open]');
    await page.waitForSelector('[data-symptom=wheeze]:not([data-open])');
    await page.click('[data-testid=record] [data-page=care]');
    await page.click('[data-oxygen="0"]');
    await closeSheet(page);
    await page.waitForSelector('[data-list=measured] [data-item=none_active][data-met=true]');
    await sayOutcomes(page, 'clinician_called');
    await page.waitForSelector('[data-list=measured] [data-item=alerts_closed][data-met=true]');

    await tickAll(page, ['iv_removed', 'instructions']);
    await page.waitForSelector('[data-event=discharge]:disabled');
    assert.ok((await openToLeave(page)).includes('Feels well, no sign of a reaction'));
    await onTile(station, '3', '.waived');
    await page.click('[data-leave-open]');
    await page.fill('[data-testid=waive] input[name=reason]', 'goes to the ward by bed');
    await page.click('[data-testid=waive] .go');
    await saysWhoByPassword(page, 'SN', clinic.password);
    await page.click('[data-testid=waive] [type=submit]');
    await phase(page, 'none');

    await page.keyboard.press('d');
    await page.waitForSelector(
      `[data-testid=not-signed] a[href="#/session/${session}"]:has-text("a gate passed with something missing")`,
    );
    await signOff(page, session, 'KM');
    const record = await readRecord(page, session);
    inOrder(record, ['A.K.', 'Infliximab', 'Infusion ended', 'Signed KM']);
    for (const line of [
      'Hydrocortisone 200 mg',
      'wheeze and a fall of BP',
      'goes to the ward by bed',
      'has a bell of her own',
    ])
      assert.ok(record.includes(line), line);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    monitor.stop();
  });
});
