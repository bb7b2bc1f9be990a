// The ways out of the house as the server tells of them.

import { fields, label, list, number, text } from '../stream/fields';
import type { Wire } from '../stream/shapes';

export interface Channel {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly priorities: readonly string[];
  readonly last: number | null;
  readonly waiting: number;
  readonly givenUp: number;
  readonly failingSince: number | null;
  readonly why: string | null;
  readonly remedy: string | null;
}

const WORDS_MAX = 300;

export function readChannel(raw: unknown): Channel | null {
  const from = fields<Wire['Channel']>(raw);
  const id = text(from['id']);
  if (id === '') return null;
  const words = (of: unknown) => label(of, WORDS_MAX) || null;
  return {
    id,
    kind: text(from['kind']),
    to: label(from['to'], WORDS_MAX),
    priorities: list(from['priorities']).map((one) => text(one)),
    last: number(from['last_delivered']),
    waiting: number(from['waiting']) ?? 0,
    givenUp: number(from['given_up']) ?? 0,
    failingSince: number(from['failing_since']),
    why: words(from['why']),
    remedy: words(from['remedy']),
  };
}
