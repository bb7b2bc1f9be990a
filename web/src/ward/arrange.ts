// How many columns make the numerals largest. Pure.

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Arrangement {
  readonly columns: number;
  readonly rows: number;
  /** Too many or too small for one screen: tiles get a fixed height and the grid scrolls. */
  readonly scrolls: boolean;
}

export const MOST_ON_ONE_SCREEN = 40;
const NARROW_PX = 700;
const NARROWEST_PX = 340;
const FIXED_TILE_WIDTH_PX = 210;
const LOWEST_TILE_PX = 132;

/** `isPage`: the page itself scrolls, as on a phone, and has no height to fill. */
export function arrange(count: number, { width, height }: Size, isPage = false): Arrangement {
  if (width < NARROW_PX) {
    const columns = width < NARROWEST_PX ? 1 : 2;
    const rows = Math.ceil(count / columns);
    const fits = !isPage && height >= rows * LOWEST_TILE_PX && count > columns;
    if (!fits) return { columns, rows, scrolls: true };
  }
  if (count > MOST_ON_ONE_SCREEN) {
    const columns = Math.max(2, Math.floor(width / FIXED_TILE_WIDTH_PX));
    return { columns, rows: Math.ceil(count / columns), scrolls: true };
  }
  let best = { columns: 1, rows: Math.max(1, count), scrolls: false };
  let largest = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    // The same two measures as the font size of a numeral.
    const numeral = Math.min((0.22 * width) / columns, (0.28 * height) / rows);
    if (numeral > largest) {
      largest = numeral;
      best = { columns, rows, scrolls: false };
    }
  }
  return best;
}
