// How alerts reach people away from the screens: what an administrator sees of it, and a browser that
// is told while the page is closed. The browser's maker is the test's own, since a browser without
// its maker's servers has no address; it opens what the server sealed with Node's own means.
//
//   DRIPWATCH_BIN=../../target/debug/dripwatch node --test channels.mjs

import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Clinic } from './clinic.mjs';
import { launch, open, overflow, PHONE, tooSmall, until, violations } from './screen.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Whoever made the browser: takes messages for it, and its keys. */
async function maker() {
  const key = createECDH('prime256v1');
  key.generateKeys();
  const auth = randomBytes(16);
  const came = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      came.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(201).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const endpoint = `http://127.0.0.1:${server.address().port}/send/k`;
  const keys = { p256dh: key.getPublicKey('base64url'), auth: auth.toString('base64url') };
  return {
    endpoint,
    keys,
    came,
    open: (body) => opened(body, key, auth),
    stop: () => server.close(),
  };
}

/** RFC 8291, from the browser's side. */
function opened(body, key, auth) {
  const [salt, length] = [body.subarray(0, 16), body[20]];
  const theirs = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), key.getPublicKey(), theirs]);
  const secret = Buffer.from(hkdfSync('sha256', key.computeSecret(theirs), auth, info, 32));
  const of = (what, bytes) =>
    Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(what), bytes));
  const content = of('Content-Encoding: aes128gcm\0', 16);
  const nonce = of('Content-Encoding: nonce\0', 12);
  const decipher = createDecipheriv('aes-128-gcm', content, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  assert.equal(text.at(-1), 2, 'the last record');
  return text.subarray(0, -1).toString('utf8');
}

/** In the page: the browser gives this address. */
const gives = ({ endpoint, keys }) => {
  let here = null;
  const made = {
    endpoint,
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => {
      here = null;
      return true;
    },
  };
  PushManager.prototype.getSubscription = async () => here;
  PushManager.prototype.subscribe = async (options) => {
    globalThis.asked = [...new Uint8Array(options.applicationServerKey)].length;
    here = made;
    return made;
  };
};

describe('away from the screens', { concurrency: false }, () => {
  let clinic;
  let push;
  let pager;
  before(async () => {
    push = await maker();
    pager = { up: false };
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(pager.up ? 204 : 500).end();
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    pager.server = server;
    clinic = await Clinic.open({
      staff: [
        { name: 'KM', role: 'nurse' },
        { name: 'Ada', role: 'admin' },
      ],
      more: [
        '[[channels]]',
        'kind = "push"',
        'contact = "mailto:it@clinic.example"',
        'allow = ["127.0.0.0/8"]',
        '[[channels]]',
        'kind = "webhook"',
        'id = "pager"',
        `url = "http://127.0.0.1:${server.address().port}/hook"`,
        'priorities = ["low"]',
      ],
    });
  });
  after(async () => {
    await clinic?.close();
    push?.stop();
    pager?.server.close();
  });

  const as = (name, hash, rest = {}) => ({ name, password: clinic.password, hash, ...rest });

  it('a nurse turns it on, and her browser shows priority and room while the page is closed', async () => {
    const { page, context } = await openAllowed(as('KM', '#/away', { size: PHONE }));
    try {
      await page.waitForSelector('[data-told=off]');
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await tooSmall(page), []);
      assert.deepEqual(await violations(page), []);
      await page.click('button.go');
      await page.waitForSelector('[data-told=on]');
      assert.equal(await page.evaluate(() => globalThis.asked), 65);

      await clinic.frame(clinic.token, [{ vital: 'nibp', systolic: 204, diastolic: 112 }]);
      await until(() => push.came.length > 0);
      const { headers, body } = push.came[0];
      assert.equal(headers['content-encoding'], 'aes128gcm');
      const said = push.open(body);
      const { title, room } = JSON.parse(said);
      assert.deepEqual([title, room], ['High priority, room 1', '1']);

      // The browser hands the message to the worker, as it does when the page is closed.
      const session = await context.newCDPSession(page);
      const registered = new Promise((done) =>
        session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
          const [found] = registrations.filter((one) => !one.isDeleted);
          if (found !== undefined) done(found.registrationId);
        }),
      );
      await session.send('ServiceWorker.enable');
      const registrationId = await registered;
      const message = { origin: clinic.url, registrationId, data: said };
      const handOver = () => session.send('ServiceWorker.deliverPushMessage', message);
      const shown = () =>
        page.evaluate(async () => {
          const ready = await navigator.serviceWorker.ready;
          const all = await ready.getNotifications();
          return all.map(({ title, body, data }) => ({ title, body, place: data.place }));
        });
      const isShown = async () => (await shown()).length > 0;
      await handOver();
      try {
        await until(isShown);
      } catch {
        // A busy machine's browser has dropped it before the worker had begun, and tells nobody.
        console.log('the browser is handed the message a second time');
        await handOver();
        await until(isShown);
      }
      const [notification] = await shown();
      assert.equal(notification.title, 'High priority, room 1');
      assert.match(notification.body, /^Alert at \d\d:\d\d\. Look at the staff screen, or go\.$/);
      assert.equal(notification.place, '/#/room/1');

      await page.click('main.admin .chips button');
      await page.waitForSelector('[data-told=off]');
      const known = await page.evaluate(async () => (await fetch('/api/v1/push')).json());
      assert.deepEqual(known.subscriptions, []);
    } finally {
      await context.close();
    }
  });

  it('an administrator sees what fails and why, and sends a test until it works', async () => {
    const { page, context } = await openAllowed(as('Ada', '#/admin/channels'));
    const of = '[data-channel=pager]';
    const text = async () => (await page.textContent(of)).replaceAll(/\s+/g, ' ');
    try {
      await page.waitForSelector(of);
      assert.match(await text(), /Webhook · to 127\.0\.0\.1 · low alerts/);
      await page.click(`${of} [data-test]`);
      await page.waitForSelector(`${of}[data-wrong] .wrong`);
      assert.match(await text(), /127\.0\.0\.1 has failed \(500\)\. Look into its own log\./);
      assert.deepEqual(await violations(page), []);
      pager.up = true;
      await page.click(`${of} [data-test]:enabled`);
      await page.waitForSelector(`${of}:not([data-wrong])`);
      assert.match(await text(), /Works/);
    } finally {
      await context.close();
    }
  });

  async function openAllowed(who) {
    const page = await open(browser, clinic.url, { ...who, hash: '#/central' });
    const context = page.context();
    await context.grantPermissions(['notifications'], { origin: clinic.url });
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.addInitScript(gives, { endpoint: push.endpoint, keys: push.keys });
    await page.reload();
    await page.waitForSelector('.app[data-link=live]');
    await page.evaluate((hash) => (location.hash = hash), who.hash);
    return { page, context };
  }
});
