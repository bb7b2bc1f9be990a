// A screen shows what is, or says NOT MONITORING: after frozen servers, cut wires and pages that
// slept, when something in the browser changes its text, and when two people share one browser.
// Against the real program.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clinic, Demo, Wire } from './clinic.mjs';
import { asleep, launch, live, open, PHONE, STATION, until } from './screen.mjs';

const FROZEN_MS = 12_000;
const CUT_MS = 3_000;
const FOUND_MAX_MS = 9_000;
const UNWATCHED_MAX_MS = 9_000;
const WATCHED_MS = 25_000;

const SIZES = {
  wall: ['#/wall', { width: 1920, height: 1080 }],
  laptop: ['#/central', STATION],
  portrait: ['#/room/1', { width: 768, height: 1024 }],
  phone: ['#/central', PHONE],
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** What a page says of every room that does not change with each second. */
const said = (page) =>
  page.$$eval('.tile', (tiles) =>
    tiles.map((tile) => ({
      room: tile.dataset.room,
      state: tile.dataset.state,
      bp: tile.querySelector('[data-vital=bp] .value')?.textContent ?? '',
      age: tile.querySelector('[data-vital=bp] .aside')?.textContent ?? '',
      phase: tile.querySelector('.phase')?.textContent ?? '',
    })),
  );

describe('eight rooms', { concurrency: false }, () => {
  let demo;
  let wire;
  let page;
  const as = () => ({ name: demo.name, password: demo.password, hash: '#/central' });

  /** A page that was there all the time says what one says that has just been opened. */
  const isAsANewcomer = async () => {
    await live(page, 10_000);
    const newcomer = await open(browser, demo.url, as());
    try {
      const both = () => Promise.all([said(page), said(newcomer)]);
      let last;
      const agree = async () => {
        last = await both();
        return JSON.stringify(last[0]) === JSON.stringify(last[1]);
      };
      await until(agree, 4_000).catch(() => assert.deepEqual(last[0], last[1]));
    } finally {
      await newcomer.context().close();
    }
  };

  before(async () => {
    demo = await Demo.open();
    wire = await Wire.to(demo.port);
    page = await open(browser, wire.url ?? `http://127.0.0.1:${wire.port}`, as());
    await page.waitForSelector('[data-vital=bp][data-freshness=current]', { timeout: 60_000 });
  });
  after(async () => {
    await wire?.close();
    await demo?.kill();
  });

  it('say the same after the server stood still', async () => {
    demo.child.kill('SIGSTOP');
    await sleep(FROZEN_MS);
    demo.child.kill('SIGCONT');
    await isAsANewcomer();
  });

  it('say the same after the page stood still', async () => {
    const wake = await asleep(browser);
    await sleep(FROZEN_MS);
    wake();
    await isAsANewcomer();
  });

  it('say the same after the wire was cut, again and again', async () => {
    for (let cut = 0; cut < 3; cut += 1) {
      wire.cut();
      await sleep(CUT_MS);
    }
    await isAsANewcomer();
  });
});

describe('text that something in the browser changes', { concurrency: false }, () => {
  let clinic;
  const as = (hash, size) => ({ name: 'KM', password: clinic.password, hash, size });
  const watchedBy = async (page) =>
    page.evaluate(async () => {
      const answer = await fetch('/api/v1/rooms/1');
      return (await answer.json()).watched_by;
    });
  const isNotMonitoring = async (page) => {
    await page.waitForSelector('[data-testid=altered]', { timeout: FOUND_MAX_MS });
    assert.match(await page.textContent('[data-testid=lost]'), /NOT MONITORING.*translator/s);
    assert.deepEqual(await page.$$('.numeral'), []);
    assert.match(await page.title(), /NOT MONITORING/);
    // Nobody watches by such a page.
    await until(async () => (await watchedBy(page)) === 0, UNWATCHED_MAX_MS);
  };

  before(async () => {
    clinic = await Clinic.open();
    const monitor = clinic.watch(97);
    // Never the same twice, as a patient is not.
    clinic.values = setInterval(() => (monitor.spo2 = 95 + ((monitor.spo2 - 94) % 4)), 1_000);
  });
  after(async () => {
    clearInterval(clinic?.values);
    await clinic?.close();
  });

  it('forbids translation', async () => {
    const html = await (await fetch(clinic.url)).text();
    assert.match(html, /<html[^>]* translate="no"/);
    assert.match(html, /<meta name="google" content="notranslate"/);
  });

  for (const [name, [hash, size]] of Object.entries(SIZES)) {
    it(`is no longer monitored by a page that was translated (${name})`, async () => {
      const page = await open(browser, clinic.url, as(hash, size));
      await page.waitForSelector('[data-vital=spo2][data-freshness=current]');
      await until(async () => (await watchedBy(page)) > 0);
      await page.evaluate(() => {
        const walk = document.createTreeWalker(
          document.querySelector('#app'),
          NodeFilter.SHOW_TEXT,
        );
        const texts = [];
        while (walk.nextNode()) texts.push(walk.currentNode);
        for (const text of texts) {
          const [outer, inner] = [document.createElement('font'), document.createElement('font')];
          inner.textContent = text.data;
          outer.append(inner);
          text.replaceWith(outer);
        }
      });
      await isNotMonitoring(page);
      await page.context().close();
    });

    it(`is no longer monitored by a page whose numbers stand still (${name})`, async () => {
      const page = await open(browser, clinic.url, as(hash, size));
      await page.waitForSelector('[data-vital=spo2][data-freshness=current]');
      await page.evaluate(() => {
        const value = document.querySelector('[data-vital=spo2][data-freshness=current] .value');
        value.firstChild.replaceWith(document.createTextNode('42'));
      });
      await isNotMonitoring(page);
      await page.context().close();
    });
  }

  it('is watched without a false alarm while the numbers change', async () => {
    const page = await open(browser, clinic.url, as('#/central', STATION));
    await page.waitForSelector('[data-vital=spo2][data-freshness=current]');
    const end = Date.now() + WATCHED_MS;
    while (Date.now() < end) {
      assert.equal(await page.$('[data-testid=altered]'), null);
      await sleep(250);
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
});

describe('two people in two tabs of one browser', { concurrency: false }, () => {
  let clinic;
  let first;
  const signIn = (page, name) =>
    page.evaluate(
      async ([name, password]) => {
        const headers = { 'Content-Type': 'application/json' };
        const body = JSON.stringify({ name, password });
        return (await fetch('/api/v1/login', { method: 'POST', headers, body })).status;
      },
      [name, clinic.password],
    );
  const whose = (page) => page.textContent('.rail button[aria-haspopup=dialog]');

  before(async () => {
    clinic = await Clinic.open();
    clinic.watch(97);
    first = await open(browser, clinic.url, {
      name: 'KM',
      password: clinic.password,
      hash: '#/central',
    });
  });
  after(() => clinic?.close());

  it('the first tab shows at once who is signed in now', async () => {
    assert.match(await whose(first), /KM/);
    const second = await first.context().newPage();
    await second.goto(clinic.url);
    assert.equal(await signIn(second, 'TJ'), 200);
    await until(async () => /TJ/.test(await whose(first)), 4_000);
    assert.match(await first.textContent('.notice'), /signed in as TJ/);
    await live(first, 5_000);
    await second.close();
  });

  it('a tap under the name of before does nothing, and says whose screen it is', async () => {
    const second = await first.context().newPage();
    await second.goto(clinic.url);
    const answer = await first.evaluate(async () => {
      const headers = { 'Content-Type': 'application/json', 'Dripwatch-As': 'KM' };
      const body = JSON.stringify({ patient: { initials: 'J.T.' } });
      const sent = await fetch('/api/v1/rooms/2/sessions', { method: 'POST', headers, body });
      return { status: sent.status, ...(await sent.json()) };
    });
    assert.equal(answer.status, 409);
    assert.equal(answer.code, 'not_as_named');
    assert.match(answer.title, /TJ is signed in here now/);
    await second.close();
  });

  it('signing out in one tab ends the other, which says that nobody watches', async () => {
    const second = await first.context().newPage();
    await second.goto(clinic.url);
    await second.waitForSelector('.app[data-link=live]');
    await second.evaluate(() => fetch('/api/v1/logout', { method: 'POST' }));
    await first.waitForSelector('[data-testid=lost]', { timeout: 4_000 });
    assert.deepEqual(await first.$$('.numeral'), []);
  });
});
