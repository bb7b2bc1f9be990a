// A phone in a pocket also vibrates for what nobody has taken, and stops when somebody has.

import { effect } from '@preact/signals';
import { second, span_ms } from '../clock';
import { wanted } from './sound';
import { repeatAfter_ms, type Tone } from './tones';

/** Milliseconds on, off, on …: the more urgent, the longer. */
export const PATTERNS: Readonly<Record<Tone, readonly number[]>> = {
  high: [400, 120, 400, 120, 400],
  medium: [250, 150, 250],
  low: [120],
  lost: [700, 200, 700],
};

let buzzing: { readonly key: string; again_ms: number } | null = null;

export function vibrate(): void {
  if (!('vibrate' in navigator)) return;
  effect(() => {
    void second.value;
    const want = wanted();
    if (want === null) {
      if (buzzing !== null) navigator.vibrate(0);
      buzzing = null;
      return;
    }
    const now = span_ms();
    if (buzzing?.key === want.key && now < buzzing.again_ms) return;
    // The least urgent calls once.
    const after_ms = want.tone === 'low' ? Infinity : repeatAfter_ms(want.tone);
    buzzing = { key: want.key, again_ms: now + after_ms };
    navigator.vibrate([...PATTERNS[want.tone]]);
  });
}
