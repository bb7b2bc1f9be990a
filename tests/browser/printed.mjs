// The records of four sessions, as paper: what is on which sheet, in what shape, in what ink. The
// words of the four are committed beside their other forms; here they meet a real printer's rules.
//
//   node --test printed.mjs
//   DRIPWATCH_LOOKS=write node --test printed.mjs    writes `printed.json` anew, to be read in review

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch } from './screen.mjs';

const RECORDS =
  process.env.DRIPWATCH_RECORDS ?? join(import.meta.dirname, '../../examples/records');
const PRINTED = join(import.meta.dirname, 'printed.json');
const NAMES = ['quiet', 'surge', 'esketamine', 'reaction'];
/** What A4 leaves between the margins of the record's own `@page`. */
const SHEET = { width: Math.round((186 / 25.4) * 96), height: Math.round((268 / 25.4) * 96) };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The committed page of `name`, its chart put back where there is one, as the printer gets it. */
async function printed(name, use) {
  const context = await browser.newContext({ viewport: SHEET });
  const page = await context.newPage();
  try {
    await page.goto(pathToFileURL(join(RECORDS, `${name}.html`)).href);
    const chart = await readFile(join(RECORDS, 'surge.svg'), 'utf8');
    await page.$eval(
      'figure',
      (figure, svg) => {
        figure.className = 'chart';
        figure.innerHTML = svg;
      },
      chart,
    );
    await page.emulateMedia({ media: 'print' });
    await use(page);
  } finally {
    await context.close();
  }
}

/** Each part as a line that a person can read: where it is across the sheet, its rows, its columns. */
function parts(page) {
  return page.evaluate((sheet) => {
    const shown = (one) => one.checkVisibility();
    const words = (one) => one?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';
    const across = (one) => {
      const { left, width } = one.getBoundingClientRect();
      const side = left > sheet.width * 0.25 ? 'right' : 'left';
      return width > sheet.width * 0.9 ? 'whole width' : `${side} column`;
    };
    return [...document.querySelectorAll('header, .facts, .dose, figure, section, footer')]
      .filter(shown)
      .map((one) => {
        const heading = words(one.querySelector('h1, h2')) || one.className || one.localName;
        const columns = [...one.querySelectorAll('thead th')].map(words).join(' · ');
        const rows = one.querySelectorAll('tbody tr, li').length;
        const together = getComputedStyle(one).breakInside === 'avoid' ? ', on one sheet' : '';
        return `${heading}: ${across(one)}, ${rows} rows${columns && ` of ${columns}`}${together}`;
      });
  }, SHEET);
}

/** How many sheets Chromium makes of it. */
async function sheets(page) {
  const paper = await page.pdf({ preferCSSPageSize: true, printBackground: false });
  return paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
}

describe('the record on paper', { concurrency: false }, () => {
  for (const name of NAMES) {
    it(`of the ${name} session matches the one that somebody last looked at (46)`, () =>
      printed(name, async (page) => {
        const now = { sheets: await sheets(page), parts: await parts(page) };
        const kept = JSON.parse(await readFile(PRINTED, 'utf8').catch(() => '{}'));
        if (process.env.DRIPWATCH_LOOKS === 'write') {
          await writeFile(PRINTED, `${JSON.stringify({ ...kept, [name]: now }, null, 2)}\n`);
          return;
        }
        assert.deepEqual(now, kept[name]);
      }));

    it(`of the ${name} session loses nothing over the edge of the sheet, and reads without colour`, () =>
      printed(name, async (page) => {
        const faults = await page.evaluate((sheet) => {
          const found = [];
          const hear = (one, what) =>
            found.push(
              `${one.localName}.${one.className}: ${what}: ${one.textContent.slice(0, 40)}`,
            );
          if (document.documentElement.scrollWidth > sheet.width + 1)
            hear(document.body, `${document.documentElement.scrollWidth} px wide`);
          for (const one of document.querySelectorAll('body *:not(svg, svg *)')) {
            if (!one.checkVisibility()) continue;
            const { overflowX, color } = getComputedStyle(one);
            if (overflowX !== 'visible' && one.scrollWidth > one.clientWidth) hear(one, 'cut off');
            if (/^(BUTTON|INPUT|NAV|SCRIPT)$/.test(one.tagName)) hear(one, 'no use on paper');
            const [red, green, blue] = color.match(/[\d.]+/g).map(Number);
            // White is inside black or red shapes, which are printed with their ground.
            const isGrey = red === green && green === blue;
            const isReadable = red <= 0x55 || getComputedStyle(one).printColorAdjust === 'exact';
            if (!isGrey || !isReadable) hear(one, `ink ${color}`);
          }
          for (const row of document.querySelectorAll('tr'))
            if (getComputedStyle(row).breakInside !== 'avoid') hear(row, 'may be torn in two');
          for (const head of document.querySelectorAll('thead'))
            if (getComputedStyle(head).display !== 'table-header-group')
              hear(head, 'is not said again on the next sheet');
          return found;
        }, SHEET);
        assert.deepEqual(faults, []);
      }));
  }
});
