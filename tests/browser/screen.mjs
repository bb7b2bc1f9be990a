// A browser with a member of staff in front of it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** The processes that draw the pages of `browser`. */
async function renderers(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Stops every page of `browser` dead, as a tablet that sleeps; gives back what wakes them. */
export async function asleep(browser) {
  const found = await renderers(browser);
  for (const id of found) process.kill(id, 'SIGSTOP');
  return () => {
    for (const id of found) process.kill(id, 'SIGCONT');
  };
}

/** A page in this theme; what it or its content security policy complains of is in `complaints`. */
export async function openPage(context, theme) {
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(error.message));
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) page.complaints.push(line.text());
  });
  await page.addInitScript((chosen) => localStorage.setItem('dripwatch.theme', chosen), theme);
  return page;
}

/** Opens `hash` as somebody who has just signed in, and waits for the first numbers. */
export async function open(browser, url, { name, password, hash, size = STATION, theme = 'dim' }) {
  const context = await browser.newContext({ viewport: size });
  const page = await openPage(context, theme);
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

/** Whether two boxes have nothing in common. */
export const apart = (a, b) =>
  a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

/** Waits until `found` gives something back. */
export async function until(found, most_ms = 8_000) {
  const end = Date.now() + most_ms;
  for (;;) {
    const value = await found();
    if (value) return value;
    assert.ok(Date.now() < end, `not within ${most_ms} ms: ${found}`);
    await sleep(50);
  }
}

/** Where `selector` is, in whole pixels: what is drawn, not what is hidden. */
export function boxes(page, selector) {
  return page.$$eval(selector, (elements) =>
    elements
      .map((element) => element.getBoundingClientRect())
      .filter(({ width }) => width > 0)
      .map(({ left, top, right, bottom, width, height }) => ({
        left,
        top,
        right,
        bottom,
        width,
        height,
      })),
  );
}

/**
 * What can be tapped and is too small, or too near to the next: plain lines. What may be tapped is
 * 48 px, taking an alert 56 px, what is done at the bedside 64 px, all of it 8 px apart.
 */
export function tooSmall(page) {
  return page.evaluate(() => {
    const HALF_PX = 0.5;
    const all = [...document.querySelectorAll('a[href], button, input, select, summary')]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => {
        const drawn =
          one.closest('label.tick') ?? (one.matches('.tile-open') ? one.closest('.tile') : one);
        const box = drawn.getBoundingClientRect();
        const frame = one
          .closest(
            '.rail-lists, .keyhelp, .side, .care-body, .care-blocks > *, .care-leave > *, .care-scroll, .room-middle, .grid, .review-alerts ol, .past-list',
          )
          ?.getBoundingClientRect();
        return {
          one,
          box,
          name: `${one.className || one.localName} “${(one.ariaLabel ?? one.textContent).trim().slice(0, 30)}”`,
          least: one.matches('.claim, [data-claim]')
            ? 56
            : one.matches('.actions button')
              ? 64
              : 48,
          // What is partly scrolled away is under what is there; a bar that sticks is over all.
          layer: one.closest('.bottom, .admin-save, [data-testid=record]'),
          whole:
            frame === undefined || (box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1),
        };
      })
      .filter(({ box }) => box.width > 1);
    const lines = [];
    for (const { name, box, least } of all) {
      if (box.height < least - HALF_PX || box.width < 48 - HALF_PX)
        lines.push(`${name}: ${Math.round(box.width)} × ${Math.round(box.height)}, not ${least}`);
    }
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        if (!a.whole || !b.whole || a.layer !== b.layer) continue;
        // A tile as a whole is a target, with another in its foot.
        if (a.one.closest('.tile') !== null && a.one.closest('.tile') === b.one.closest('.tile'))
          continue;
        const across = Math.max(a.box.left - b.box.right, b.box.left - a.box.right);
        const down = Math.max(a.box.top - b.box.bottom, b.box.top - a.box.bottom);
        const apart = Math.max(across, down);
        if (apart < 8 - HALF_PX)
          lines.push(`${a.name} and ${b.name}: ${Math.round(apart)} px apart`);
      }
    }
    return lines;
  });
}

/**
 * What is drawn over something else: plain lines. Letters and digits as high as they are drawn,
 * shapes, and what can be tapped; each as far as it is not cut off.
 */
export function collisions(page) {
  return page.evaluate(() => {
    const TOUCH_PX = 1.5;
    // Of a line of text only the capitals and digits are looked at, not the space around them.
    const ABOVE_EM = 0.25;
    const BELOW_EM = 0.24;
    const cut = (element, box) => {
      let { left, top, right, bottom } = box;
      for (let one = element; one !== null; one = one.parentElement) {
        const { overflowX, contain, position } = getComputedStyle(one);
        if (overflowX !== 'visible' || /paint|strict|content/.test(contain)) {
          const edge = one.getBoundingClientRect();
          left = Math.max(left, edge.left);
          top = Math.max(top, edge.top);
          right = Math.min(right, edge.right);
          bottom = Math.min(bottom, edge.bottom);
        }
        if (position === 'fixed') break;
      }
      return { left, top, right, bottom };
    };
    const found = [];
    const add = (element, box, name) => {
      const seen = cut(element, box);
      if (seen.right - seen.left > 1 && seen.bottom - seen.top > 1)
        // What scrolls under a bar that stays is not covered by it.
        found.push({
          element,
          name,
          layer: element.closest('.bottom, .notes, .lost, .admin-save, .review-rows thead'),
          ...seen,
        });
    };
    const visible = (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      // Behind an open sheet nothing is read or tapped.
      element.closest('.hidden, [inert]') === null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (node.data.trim() === '' || !visible(parent)) continue;
      if (parent.closest('option, style, script') !== null) continue;
      const em = parseFloat(getComputedStyle(parent).fontSize);
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const { left, top, right, bottom } of range.getClientRects())
        add(
          parent,
          { left, right, top: top + ABOVE_EM * em, bottom: bottom - BELOW_EM * em },
          `“${node.data.trim().slice(0, 30)}”`,
        );
    }
    for (const shape of document.querySelectorAll('svg, .chip, button, select, input'))
      if (visible(shape) && shape.parentElement.closest('svg') === null)
        add(
          shape,
          shape.getBoundingClientRect(),
          `${shape.localName}.${shape.getAttribute('class') ?? ''}`,
        );
    const lines = [];
    for (const [index, a] of found.entries())
      for (const b of found.slice(index + 1)) {
        if (a.layer !== b.layer || a.element.contains(b.element) || b.element.contains(a.element))
          continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > TOUCH_PX && down > TOUCH_PX)
          lines.push(`${a.name} and ${b.name}: ${Math.round(across)} × ${Math.round(down)}`);
      }
    // Text that is cut off in its tile says less than it should.
    for (const number of document.querySelectorAll('.tile .number:not(.long), .tile .value'))
      if (visible(number)) {
        const whole = number.getBoundingClientRect();
        const seen = cut(number.parentElement, whole);
        if (whole.right - seen.right > 1)
          lines.push(`${number.textContent} is cut off in ${number.closest('.tile').dataset.room}`);
      }
    return lines;
  });
}
