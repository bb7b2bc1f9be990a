// How the record of a past session is kept, and its removal by a lead, in a real browser before a
// server that is not there.
//
//   node --test keeping.mjs

import assert from 'node:assert/strict';
import { after, before as first, describe, it } from 'node:test';
import { answers, NOON, NURSE, PATIENT, rooms } from './clinicday.mjs';
import { fake, FAKE_URL } from './fake.mjs';
import { record, session } from './pastcourse.mjs';
import {
  collisions,
  launch,
  openPage,
  overflow,
  PHONE,
  STATION,
  tooSmall,
  until,
  violations,
} from './screen.mjs';

let browser;
first(async () => {
  browser = await launch();
});
after(() => browser?.close());

const DAY = 24 * 3_600_000;
const LEAD = { ...NURSE, role: 'lead' };
const removal = (reason) => ({ at: NOON, by: 'KM', reason });
const KEEPING = {
  session: 'd-3',
  state: 'open',
  ended_at: NOON - DAY / 24,
  seal_due_at: NOON + DAY,
  sealed_at: null,
  delete_due_at: null,
  redacted: null,
  deleted: null,
};

/** Runs `use` on the page of the session, kept like this. */
async function at({ me = LEAD, keeping = KEEPING, shown = session(), ...rest }, use) {
  const context = await browser.newContext({ viewport: rest.size ?? STATION });
  const page = await openPage(context, rest.theme ?? 'dim');
  await page.clock.install({ time: NOON });
  await page.clock.resume();
  const began = Date.now();
  const clinic = await fake(page, {
    rooms,
    me,
    answers: {
      ...answers(),
      'GET sessions/d-3': shown,
      'GET sessions/d-3/record.json': record(),
      'GET courses/c-1': PATIENT,
      'GET sessions': { sessions: [shown], next: null },
      'GET sessions/d-3/keeping': keeping,
      ...rest.answers,
    },
    steady: true,
    now: () => NOON + Date.now() - began,
  });
  try {
    await page.goto(`${FAKE_URL}/#/session/d-3`);
    await page.waitForSelector('[data-testid=keeping] p');
    await use(page, clinic);
    assert.deepEqual(page.complaints, []);
  } finally {
    await context.close();
  }
}

const said = async (page) =>
  (await page.textContent('[data-testid=keeping]')).replaceAll(/\s+/g, ' ').trim();
const removals = (clinic) => clinic.sent.filter(({ path }) => path === 'sessions/d-3/redact');
const buttons = (page) =>
  page.$$eval('[data-testid=keeping] button', (all) => all.map((one) => one.textContent));

describe('the keeping of a record', { concurrency: false }, () => {
  it('says when it is sealed and that it is kept, and a nurse can remove nothing', async () => {
    await at({ me: NURSE }, async (page) => {
      assert.match(
        await said(page),
        /It will be sealed after .*It is kept until somebody deletes it/,
      );
      assert.deepEqual(await buttons(page), []);
    });
    const sealed = { ...KEEPING, state: 'sealed', seal_due_at: null, sealed_at: NOON };
    const keeping = { ...sealed, delete_due_at: NOON + 30 * DAY };
    await at({ me: NURSE, keeping }, async (page) => {
      assert.match(await said(page), /Sealed since .*It will be deleted after/);
    });
  });

  it('removes for a lead, with a reason, and only when it is pressed twice', async () => {
    await at({}, async (page, clinic) => {
      assert.deepEqual(await buttons(page), ['Remove personal details', 'Delete this session']);
      const remove = page.getByRole('button', { name: 'Remove personal details' });
      assert.ok(await remove.isDisabled(), 'without a reason');
      await page.fill('[name=removal-reason]', '  asked for in writing ');
      await remove.click();
      assert.deepEqual(removals(clinic), []);
      await page.getByRole('button', { name: 'Remove them for good' }).click();
      await until(() => removals(clinic).length === 1);
      assert.deepEqual(removals(clinic)[0].body, { reason: 'asked for in writing' });
    });
  });

  it('shows of a deleted session that there was one, who deleted it and why', async () => {
    const keeping = { ...KEEPING, state: 'deleted', deleted: removal('opened by mistake') };
    const shown = { ...session(), removed: 'session', initials: '', events: [] };
    await at({ keeping, shown }, async (page) => {
      assert.match(await said(page), /was deleted on .* by KM.*opened by mistake/);
      assert.match(await page.textContent('h1'), /^Deleted session, /);
      assert.deepEqual(await buttons(page), []);
      for (const gone of ['review', 'record-files', 'signing']) {
        assert.equal(await page.$(`[data-testid=${gone}]`), null, gone);
      }
    });
  });

  it('shows of one without personal details since when they are gone', async () => {
    const keeping = { ...KEEPING, state: 'redacted', redacted: removal('asked for') };
    const shown = { ...session(), removed: 'personal', initials: '' };
    await at({ keeping, shown }, async (page) => {
      assert.match(await said(page), /Personal details were removed on .* by KM.*asked for/);
      assert.match(await page.textContent('h1'), /^Personal details removed, /);
      assert.deepEqual(await buttons(page), ['Delete this session']);
    });
  });

  it('is large enough to press, fits a phone, and is readable by everybody', async () => {
    for (const theme of ['dim', 'light']) {
      for (const size of [STATION, PHONE]) {
        await at({ size, theme }, async (page) => {
          await page.fill('[name=removal-reason]', 'asked for');
          await page.getByRole('button', { name: 'Delete this session' }).click();
          assert.deepEqual(await tooSmall(page), []);
          assert.equal(await overflow(page), 0);
          assert.deepEqual(await collisions(page), []);
          assert.deepEqual(await violations(page), []);
        });
      }
    }
  });
});
