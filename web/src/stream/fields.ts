// JSON of which nothing is believed yet: what is missing or of another kind is as if it was not sent.

export type Fields = Readonly<Record<string, unknown>>;

type Keys<Shape> = Shape extends unknown ? keyof Shape : never;

/** What may be there of a shape, or of one of several, before anything of it is believed. */
export type Of<Shape> = { readonly [Key in Keys<Shape>]?: unknown };

/** The fields of a JSON object, or none of anything else. */
export function fields<Shape = Fields>(raw: unknown): Of<Shape> {
  const isObject = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  return (isObject ? raw : {}) as Of<Shape>;
}

export function list(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? (raw as readonly unknown[]) : [];
}

export function number(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : null;
}

export function text(raw: unknown, otherwise = ''): string {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' ? String(raw) : otherwise;
}

/** What turns the direction of other people's text, or is no letter at all. */
const CONTROLS = /[\0-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;

/** Text that is shown beside other text: of bounded length, and without control characters. */
export function label(raw: unknown, most: number): string {
  const whole = text(raw).replace(CONTROLS, ' ').trim();
  if (whole.length <= most) return whole;
  const letters = [...whole];
  return letters.length <= most ? whole : `${letters.slice(0, most).join('')}…`;
}

/** Reads each of `raw` and leaves out what cannot be read. */
export function readAll<T>(raw: unknown, read: (one: unknown) => T | null): T[] {
  return list(raw)
    .map(read)
    .filter((one) => one !== null);
}
