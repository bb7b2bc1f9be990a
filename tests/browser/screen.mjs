// A browser with a member of staff in front of it.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** As a wall display is started: sound without a gesture. */
const KIOSK = '--autoplay-policy=no-user-gesture-required';
export const STATION = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

export function launch({ kiosk = true } = {}) {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, args: kiosk ? [...ARGS, KIOSK] : ARGS });
}

/** Opens `hash` as somebody who has just signed in, and waits for the first numbers. */
export async function open(browser, url, { name, password, hash, size = STATION, theme = 'dim' }) {
  const context = await browser.newContext({ viewport: size });
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) page.complaints.push(line.text());
  });
  await page.addInitScript((chosen) => localStorage.setItem('dripwatch.theme', chosen), theme);
  await page.goto(`${url}/${hash}`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.press('input[name=password]', 'Enter');
  await page.waitForSelector('.app[data-link=live]');
  return page;
}

export function live(page, timeout) {
  return page.waitForSelector('.app[data-link=live]', { timeout });
}

/** Waits for NOT MONITORING; gives back how long that took. */
export async function lost(page, since) {
  await page.waitForSelector('[data-testid=lost]', { timeout: 10_000 });
  return Date.now() - since;
}

/** The numbers that the page shows as current ones. */
export function numerals(page) {
  return page.$$eval('.numeral .value', (values) =>
    values.map((value) => value.textContent).filter((text) => /\d/.test(text)),
  );
}

/** Plain lines of what axe finds wrong. */
export async function violations(page) {
  // Evaluated by the debugger, which the page's content security policy does not concern.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document));
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' | ')}`);
}

/** By how many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
