// What a device sends and the server does not understand.

import { later } from '../strings/later';
import { fields, label, number } from '../stream/fields';

/** A code with its unit, as the device writes them. */
export interface Unknown {
  readonly code: string;
  readonly unit: string;
  readonly name: string;
  readonly count: number;
}

/** So many are named; of the rest it says how many there are. */
const NAMED_MAX = 6;
/** The longest code or unit, and the longest name, in letters. */
const CODE_MAX = 40;
const NAME_MAX = 60;

export function readUnknown(raw: unknown): Unknown | null {
  const from = fields(raw);
  const [code, unit, name] = [
    label(from['code'], CODE_MAX),
    label(from['unit'], CODE_MAX),
    label(from['name'], NAME_MAX),
  ];
  if (code === '' && name === '') return null;
  return { code, unit, name, count: number(from['count']) ?? 0 };
}

/** "Sends PEEP (Peak pressure) cmH2O, not understood"; null when everything is. */
export function unknownText(all: readonly Unknown[]): string | null {
  if (all.length === 0) return null;
  const often = [...all].sort((a, b) => b.count - a.count);
  const named = often.slice(0, NAMED_MAX).map(({ code, unit, name }) => {
    const what = code === '' || name === '' ? code || name : `${code} (${name})`;
    return unit === '' ? what : `${what} ${unit}`;
  });
  return later.notUnderstood(named.join(' · '), all.length - named.length);
}
