// What a tile looks like, as facts that a person can read and a test can compare: no pictures.

/** Boxes may differ by this much: fonts are drawn a little differently elsewhere. */
const BOX_PX = 2;

/** The tile of each of `ids`: its words, its shape, its colour, and all of its facts. */
export function looks(page, ids) {
  return page.evaluate((wanted) => {
    // Times run while anybody looks: only how long they are written counts.
    const still = (text) =>
      text
        .replaceAll(/\d+(:\d\d)+/g, (time) => time.replaceAll(/\d/g, '0'))
        .replaceAll(/\s+/g, ' ');
    const hex = (colour) => {
      const parts = colour.match(/[\d.]+/g)?.map(Number) ?? [];
      if (parts[3] === 0) return 'none';
      return `#${parts
        .slice(0, 3)
        .map((part) => part.toString(16).padStart(2, '0'))
        .join('')}`;
    };
    const behind = (style) =>
      style.backgroundImage === 'none' ? hex(style.backgroundColor) : 'hatched';
    const shown = (one) => one !== null && one.checkVisibility() && one.textContent.trim() !== '';
    const wordsOf = (one) =>
      [...one.childNodes]
        .map((node) =>
          node.nodeType === Node.TEXT_NODE ? node.data : shown(node) ? wordsOf(node) : '',
        )
        .join(' ');

    return Object.fromEntries(
      wanted.map((id) => {
        const tile = document.querySelector(`.tile[data-room="${id}"]`);
        const style = getComputedStyle(tile);
        const frame = getComputedStyle(tile, '::before');
        const { left, top } = tile.getBoundingClientRect();
        const place = (one) => {
          const box = one.getBoundingClientRect();
          return [box.left - left, box.top - top, box.width, box.height].map(Math.round).join(' ');
        };
        const flash =
          frame.animationName === 'none' ? 'steady' : `flash ${frame.animationDuration}`;
        const edge =
          frame.borderTopStyle === 'none'
            ? 'no frame'
            : `${frame.borderTopStyle} ${frame.borderTopWidth} ${hex(frame.borderTopColor)} ${flash}`;
        const inner = frame.boxShadow === 'none' ? '' : ` inner ${hex(frame.boxShadow)}`;
        const glyph = tile.querySelector('.glyph')?.classList[1].slice('glyph-'.length) ?? '';
        const part = (name, selector) => {
          const one = tile.querySelector(selector);
          if (!shown(one)) return [];
          const { color, fontSize, fontWeight, ...rest } = getComputedStyle(one);
          const ground = behind(getComputedStyle(one));
          return [
            `${name} “${still(wordsOf(one)).trim()}” ${hex(color)} on ${ground} ${parseFloat(fontSize).toFixed(0)}px ${fontWeight} at ${place(one)}`,
          ];
        };
        const numeral = (vital) => {
          const one = tile.querySelector(`[data-vital=${vital}]`);
          if (one === null) return [];
          const value = one.querySelector('.value');
          const { color, fontSize } = getComputedStyle(value);
          const box = getComputedStyle(one);
          const ring = box.boxShadow === 'none' ? '' : ` ring ${hex(box.boxShadow)}`;
          return [
            `${vital} “${value.textContent}” ${one.dataset.freshness} ${hex(color)} on ${behind(box)}${ring} ${parseFloat(fontSize).toFixed(0)}px at ${place(value)}`,
            ...part(`${vital} head`, `[data-vital=${vital}] .numeral-head`),
          ];
        };
        const foot = tile.querySelector('.foot');
        const facts = [
          `tile ${behind(style)}, ${edge}${inner}, glyph ${glyph || 'none'}`,
          ...part('head', '.tile-head'),
          ...numeral('hr'),
          ...numeral('spo2'),
          ...numeral('bp'),
          ...part('foot', '.foot'),
        ];
        const colours = facts.flatMap((fact) => fact.match(/#[0-9a-f]{6}/g) ?? []);
        const across = getComputedStyle(tile, '::after').content;
        return [
          id,
          {
            words: still(wordsOf(tile).replace(/^\s*\d+/, '')).trim(),
            shape: `${glyph} ${frame.borderTopStyle} ${frame.borderTopWidth} ${flash} ${foot === null ? '' : behind(getComputedStyle(foot)) === 'hatched'} ${across}`,
            colour: [...new Set(colours)].join(' '),
            glyph,
            facts,
          },
        ];
      }),
    );
  }, ids);
}

/** Plain lines of what is no longer as it was. */
export function differences(before, after) {
  const lines = [];
  for (const id of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[id] ?? [], after[id] ?? []];
    for (let at = 0; at < Math.max(old.length, now.length); at += 1)
      if (!same(old[at], now[at])) lines.push(`${id}\n  was ${old[at]}\n  is  ${now[at]}`);
  }
  return lines;
}

function same(old, now) {
  if (old === undefined || now === undefined) return false;
  const [words, box] = old.split(' at ');
  const [nowWords, nowBox] = now.split(' at ');
  if (words !== nowWords) return false;
  const places = box?.split(' ') ?? [];
  const nowPlaces = nowBox?.split(' ') ?? [];
  return places.every((place, at) => Math.abs(Number(place) - Number(nowPlaces[at])) <= BOX_PX);
}
