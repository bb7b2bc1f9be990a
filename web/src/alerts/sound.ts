// The alarm sounds, made here: no files to fail to load. Pulse times follow screens.md#sound.

import { effect, signal } from '@preact/signals';
import { loudest } from './alerts';
import { pausedLocally } from './actions';
import { now_ms, second, span_ms, tick } from '../clock';
import { me, signedOutByServer, unanswered } from '../people/account';
import { link, sendPresence } from '../stream/socket';
import { soundingAlerts } from '../ward/store';
import { bursts, escalated, gain, repeatAfter_ms, type Tone, type Volume } from './tones';

export const running = signal(false);
/** Another tab of this device sounds in this one's place. */
export const elsewhere = signal(false);
/** The room in which this screen keeps quiet, while another one sounds for it. */
export const quietRoom = signal<string | null>(null);

export const VOLUME_KEY = 'dripwatch.volume';

function storedVolume(): Volume {
  try {
    const kept = localStorage.getItem(VOLUME_KEY);
    return kept === '0' ? 0 : kept === '2' ? 2 : 1;
  } catch {
    return 1;
  }
}

export const volume = signal<Volume>(storedVolume());

/** Whether somebody near this screen would hear an alarm. The server gets this. */
export function audible(): boolean {
  return running.value && !elsewhere.value;
}

interface Played {
  readonly tone: Tone;
  readonly at: number;
}

/** Every burst that this page played, newest last, for whoever asks whether it could be heard. */
export const played: Played[] = [];
const PLAYED_MAX = 500;
const LOW_REPEATS_MAX = 3;
/** How long the tones wait for the other tabs of this device to say which of them sounds. */
const ELECTION_MS = 1_000;
const PARTIALS = [0, 1, 0.7, 0.55, 0.45, 0.35, 0.3];

let context: AudioContext | null = null;
let wave: PeriodicWave | null = null;
let playing: { tone: Tone; key: string; count: number } | null = null;
let nextAt_ms = 0;
const elected = signal(false);

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
  running.value = now;
}

function play(tone: Tone, loudness: number): number {
  if (context === null || wave === null || context.state !== 'running') return 0;
  const start = context.currentTime + 0.02;
  let end_s = 0;
  for (const pulse of bursts(tone)) {
    const oscillator = new OscillatorNode(context, { frequency: pulse.hz });
    oscillator.setPeriodicWave(wave);
    const envelope = new GainNode(context, { gain: 0 });
    const from = start + pulse.at_s;
    const slope = pulse.length_s * 0.15;
    envelope.gain.setValueAtTime(0, from);
    envelope.gain.linearRampToValueAtTime(loudness, from + slope);
    envelope.gain.setValueAtTime(loudness, from + pulse.length_s - slope);
    envelope.gain.linearRampToValueAtTime(0, from + pulse.length_s);
    oscillator.connect(envelope).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(from + pulse.length_s);
    end_s = Math.max(end_s, pulse.at_s + pulse.length_s);
  }
  played.push({ tone, at: now_ms() });
  if (played.length > PLAYED_MAX) played.shift();
  document.documentElement.dataset['sounded'] = tone;
  return end_s * 1_000;
}

export function test(tone: Tone): void {
  void turnOn().then(() => play(tone, gain(volume.value, false)));
}

export interface Wanted {
  readonly tone: Tone;
  /** A new key starts at once, also between two bursts of the one before. */
  readonly key: string;
  readonly loudness: number;
}

/** What calls for somebody here now; null where another screen or tab does the calling. */
export function wanted(): Wanted | null {
  if (elsewhere.value || !elected.value) return null;
  const now = second.value;
  if (signedOutByServer.value || unanswered.value || (me.value != null && link.value === 'lost')) {
    return pausedLocally.value > now ? null : { tone: 'lost', key: 'lost', loudness: 1 };
  }
  if (me.value == null || quietRoom.value !== null) return null;
  const loud = loudest(soundingAlerts.value, now);
  if (loud === null) return null;
  const loudness = gain(volume.value, escalated(loud.priority, now - loud.since));
  return { tone: loud.priority, key: `${loud.priority} ${loud.newest}`, loudness };
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
  const length_ms = play(want.tone, want.loudness);
  playing.count += 1;
  nextAt_ms = now + Math.max(length_ms, repeatAfter_ms(want.tone));
}

/** `second` repeats this once a second, from the metronome that no hidden page slows down. */
export function begin(): void {
  effect(sound);
  effect(() => {
    // Read here so that the server hears at once of any change.
    void [running.value, elsewhere.value, quietRoom.value];
    sendPresence();
  });
  // Whoever was signed out has no metronome left, and still has to hear it.
  setInterval(() => {
    if (signedOutByServer.peek() || unanswered.peek()) tick();
  }, 1_000);
  // A kiosk may start its sound without a gesture; elsewhere this leaves it suspended.
  void turnOn();
  // Without a word of the other tabs this one sounds: a tone twice is better than none.
  setTimeout(elect, ELECTION_MS);
}

/** The tabs of this device have agreed which of them sounds. */
export function elect(): void {
  elected.value = true;
}

Object.defineProperty(window, 'dripwatch', { value: { played } });
