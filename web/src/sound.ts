// The alarm sounds, made here: no files to fail to load. Pulse times follow UX 2.4.

import { effect, signal } from '@preact/signals';
import { loudest } from './alerts';
import { pausedLocally } from './actions';
import { now_ms, second, span_ms } from './clock';
import { me, thrownOut, unanswered } from './staff';
import { link, sendPresence } from './stream';
import { openAlerts } from './ward';
import { bursts, escalated, repeatAfter_ms, type Tone } from './tones';

export const running = signal(false);

interface Played {
  readonly tone: Tone;
  readonly at: number;
}

/** Every burst that this page played, newest last, for whoever asks whether it could be heard. */
export const played: Played[] = [];
const PLAYED_MAX = 500;
const LOW_REPEATS_MAX = 3;
/** Three steps with a floor: there is no silent one. */
const VOLUMES = [0.25, 0.5, 1] as const;
const PARTIALS = [0, 1, 0.7, 0.55, 0.45, 0.35, 0.3];

let context: AudioContext | null = null;
let wave: PeriodicWave | null = null;
let playing: { tone: Tone; key: string; count: number } | null = null;
let nextAt_ms = 0;

/** Needs a gesture, unless the browser was started as a kiosk. */
export async function turnOn(): Promise<void> {
  context ??= newContext();
  try {
    await context.resume();
  } catch {
    // Stays suspended: the button that turns sound on stays as well.
  }
  noteState();
}

function newContext(): AudioContext {
  const made = new AudioContext();
  made.onstatechange = noteState;
  wave = made.createPeriodicWave(new Float32Array(PARTIALS.length), new Float32Array(PARTIALS));
  return made;
}

function noteState(): void {
  const now = context?.state === 'running';
  if (now === running.value) return;
  running.value = now;
  sendPresence();
}

function play(tone: Tone, volume: number): number {
  if (context === null || wave === null || context.state !== 'running') return 0;
  const start = context.currentTime + 0.02;
  let end_s = 0;
  for (const pulse of bursts(tone)) {
    const oscillator = new OscillatorNode(context, { frequency: pulse.hz });
    oscillator.setPeriodicWave(wave);
    const gain = new GainNode(context, { gain: 0 });
    const from = start + pulse.at_s;
    const slope = pulse.length_s * 0.15;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(volume, from + slope);
    gain.gain.setValueAtTime(volume, from + pulse.length_s - slope);
    gain.gain.linearRampToValueAtTime(0, from + pulse.length_s);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + pulse.length_s);
    end_s = Math.max(end_s, pulse.at_s + pulse.length_s);
  }
  played.push({ tone, at: now_ms() });
  if (played.length > PLAYED_MAX) played.shift();
  document.documentElement.dataset['sounded'] = tone;
  return end_s * 1_000;
}

export function test(): void {
  void turnOn().then(() => play('medium', VOLUMES[1]));
}

interface Wanted {
  readonly tone: Tone;
  /** A new key starts at once, also between two bursts of the one before. */
  readonly key: string;
  readonly volume: number;
}

function wanted(): Wanted | null {
  const now = second.value;
  if (thrownOut.value || unanswered.value || (me.value != null && link.value === 'lost')) {
    return pausedLocally.value > now ? null : { tone: 'lost', key: 'lost', volume: VOLUMES[2] };
  }
  if (me.value == null) return null;
  const loud = loudest(openAlerts.value, now);
  if (loud === null) return null;
  const step = escalated(loud.priority, now - loud.since) ? 2 : 1;
  return { tone: loud.priority, key: `${loud.priority} ${loud.since}`, volume: VOLUMES[step] };
}

function sound(): void {
  const want = wanted();
  if (want === null || !running.value) {
    playing = null;
    return;
  }
  const now = span_ms();
  if (playing?.key !== want.key) {
    playing = { tone: want.tone, key: want.key, count: 0 };
    nextAt_ms = Math.min(nextAt_ms, now);
  }
  const worn = want.tone === 'low' && playing.count > LOW_REPEATS_MAX;
  if (now < nextAt_ms || worn) return;
  const length_ms = play(want.tone, want.volume);
  playing.count += 1;
  nextAt_ms = now + Math.max(length_ms, repeatAfter_ms(want.tone));
}

/** `second` repeats this once a second, from the metronome that no hidden page slows down. */
export function begin(): void {
  effect(sound);
  // A kiosk may start its sound without a gesture; elsewhere this leaves it suspended.
  void turnOn();
}

Object.defineProperty(window, 'dripwatch', { value: { played } });
