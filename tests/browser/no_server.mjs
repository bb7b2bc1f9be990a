// A server that is not there: what the page keeps, and what it says.
// The numbers are those of the list in the specification of the screens.
//
//   node --test no_server.mjs

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { describe, it } from 'node:test';
import { DIST, KINDS, POLICY } from './fake.mjs';
import { STATION, violations } from './screen.mjs';
import { browser } from './visit.mjs';

describe('without a server', { concurrency: false }, () => {
  /** A server that gives out the page and knows nobody; to be stopped. */
  async function serve() {
    const asked = [];
    const server = createServer(async (request, response) => {
      const path = request.url.split('?')[0];
      asked.push(path);
      if (path.startsWith('/api/')) {
        response.writeHead(401, { 'Content-Type': 'application/problem+json' });
        return response.end('{"title":"sign in first","status":401}');
      }
      const name = path === '/' ? 'index.html' : path.slice(1);
      const body = await readFile(join(DIST, name)).catch(() => null);
      response.writeHead(body === null ? 404 : 200, {
        'Content-Type': KINDS[extname(name)] ?? 'application/octet-stream',
        'Content-Security-Policy': POLICY,
        'Cache-Control': name.startsWith('assets/') ? 'max-age=31536000, immutable' : 'no-cache',
      });
      response.end(body);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const stop = () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    };
    return { url: `http://127.0.0.1:${server.address().port}`, stop, asked };
  }

  it('the page opens all the same, says that nothing is monitored, and keeps no answer (47)', async () => {
    const server = await serve();
    const context = await browser.newContext({ viewport: STATION });
    const page = await context.newPage();
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    try {
      await page.goto(`${server.url}/`);
      await page.waitForSelector('input[name=name]');
      await page.evaluate(() => navigator.serviceWorker.ready);
      const kept = await page.evaluate(async () => {
        const found = [];
        for (const name of await caches.keys())
          for (const { url } of await (await caches.open(name)).keys())
            found.push(new URL(url).pathname);
        return found;
      });
      assert.ok(kept.includes('/') && kept.some((path) => path.endsWith('.js')));
      for (const path of kept) assert.match(path, /^\/(assets\/.*)?$/, path);
      await server.stop();
      await page.reload();
      await page.waitForSelector('[data-testid=lost]');
      assert.match(await page.textContent('body'), /NOT MONITORING.*No connection to the server/s);
      assert.match(await page.title(), /NOT MONITORING/);
      assert.deepEqual(await violations(page), []);
      await page.waitForFunction(() => globalThis.dripwatch.played.some((p) => p.tone === 'lost'));
      const after_ = await page.evaluate(async () => {
        let urls = '';
        for (const name of await caches.keys())
          for (const { url } of await (await caches.open(name)).keys()) urls += `${url}\n`;
        return urls;
      });
      assert.doesNotMatch(after_, /\/api\//);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
      await server.stop().catch(() => {});
    }
  });

  it('an update of the program is not held back by what is kept', async () => {
    const server = await serve();
    const context = await browser.newContext({ viewport: STATION });
    const page = await context.newPage();
    try {
      await page.goto(`${server.url}/`);
      await page.waitForSelector('input[name=name]');
      await page.evaluate(() => navigator.serviceWorker.ready);
      const before_ = server.asked.filter((path) => path === '/').length;
      await page.reload();
      await page.waitForSelector('input[name=name]');
      assert.ok(server.asked.filter((path) => path === '/').length > before_);
    } finally {
      await context.close();
      await server.stop();
    }
  });

  it('the page can be installed: a manifest with icons that can be drawn', async () => {
    const manifest = JSON.parse(await readFile(join(DIST, 'manifest.webmanifest'), 'utf8'));
    assert.equal(manifest.display, 'standalone');
    assert.deepEqual(
      manifest.icons.map(({ purpose }) => purpose),
      ['any', 'maskable'],
    );
    const page = await browser.newPage();
    for (const { src } of manifest.icons) {
      const svg = await readFile(join(DIST, src.slice(1)), 'utf8');
      await page.setContent(`<img src="data:image/svg+xml,${encodeURIComponent(svg)}">`);
      const drawn = await page.$eval('img', (image) =>
        image.decode().then(() => image.naturalWidth > 0),
      );
      assert.ok(drawn, src);
    }
    await page.close();
  });
});
