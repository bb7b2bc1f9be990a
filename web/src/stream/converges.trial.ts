// Whatever happens between the ward and a screen (slow reading, freezes, dropped connections,
// restarts), the screen ends knowing what a new screen is sent. The ward at the other end of the
// pipe is the real one (`tests/stream/ward_by_hand.rs`), and so is the page's model.
//
// `tests/run --only stream` runs this. A seed that fails is named with the command that repeats it.

import { afterAll, expect, test } from 'vitest';
import { seeds, Ward } from '../../ward.mjs';
import { apply, EMPTY, type Model } from '../ward/model';
import { forgetAll, epoch, known, receive, resumePoint } from '../ward/store';
import { fields } from './fields';
import type { RoomState } from './shapes';

const ROUNDS = 16;

/** mulberry32: the same numbers everywhere. */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** The screen as `socket.ts` has it, without its socket and its clock. */
class Screen {
  asked = 0;
  constructor(
    private readonly ward: Ward,
    private readonly view: string,
  ) {}
  async connect(): Promise<void> {
    await this.ward.ask({ op: 'join', view: this.view });
    await this.hello(true);
  }
  async hello(resume: boolean): Promise<void> {
    this.asked += 1;
    await this.ward.ask({ op: 'hello', ...(resume ? resumePoint() : null) });
  }
  /** Reads one message; gives back whether there was one. `lose` says which lines never come. */
  async read(bytes: number, lose: (line: string) => boolean = () => false): Promise<boolean> {
    const { text, closed } = await this.ward.ask({ op: 'take', bytes });
    if (closed === true) {
      await this.connect();
      return true;
    }
    if (text === undefined || text === '') return false;
    const lines = text.split('\n').filter((line) => !lose(line));
    const frames = lines.map((line) => JSON.parse(line) as unknown);
    const before = epoch();
    const missed = receive(frames);
    const restarted = frames.some((frame) => {
      const { type, epoch: of } = fields(frame);
      return type === 'heartbeat' && typeof of === 'string' && before !== null && of !== epoch();
    });
    if (restarted || missed.size > 0) await this.hello(!restarted && this.asked % 7 !== 0);
    return true;
  }
  async readAll(): Promise<void> {
    for (let read = 0; await this.read(16_384); read += 1) {
      if (read > 2_000) throw new Error('there is no end of what waits');
    }
  }
}

/** All that screens of one ward must agree on; see `remembering` in `ward/model.ts`. */
function agreed(model: Model) {
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  const alerts = (all: Model['alerts']) => all.map((one) => ({ ...one, quiet: false })).sort(byId);
  const room = ({ closed: _, ahead: __, ...known }: RoomState) => ({
    ...known,
    alerts: alerts(known.alerts),
    devices: [...known.devices].sort(byId),
    vitals: Object.fromEntries(Object.entries(known.vitals).sort()),
  });
  return {
    epoch: model.epoch,
    alerts: alerts(model.alerts),
    rooms: [...model.rooms.values()].map(room).sort(byId),
  };
}

async function settled(ward: Ward, screen: Screen): Promise<void> {
  await ward.ask({ op: 'settle' });
  await screen.readAll();
  const { text } = await ward.ask({ op: 'fresh' });
  const newcomer = apply(EMPTY, JSON.parse(text ?? 'null')).model;
  expect(agreed(known())).toEqual(agreed(newcomer));
}

async function play(seed: number): Promise<void> {
  forgetAll();
  const draw = chance(seed);
  const ward = new Ward(seed);
  try {
    const screen = new Screen(ward, draw(3) === 0 ? 'display' : 'staff');
    await screen.connect();
    for (let round = 0; round < ROUNDS; round += 1) {
      await ward.ask({ op: 'step', count: 1 + draw(30) });
      switch (draw(12)) {
        case 0: // Nobody reads for a while.
          await ward.ask({ op: 'step', count: 200 + draw(300) });
          break;
        case 1: // The connection drops; what was under way is lost.
          await ward.ask({ op: 'take', bytes: 1 + draw(60_000) });
          await screen.connect();
          break;
        case 2: // Away for longer, perhaps for longer than the frames are kept.
          await ward.ask({ op: 'step', count: 100 + draw(600) });
          await screen.connect();
          break;
        case 3:
          if (draw(3) === 0) await ward.ask({ op: 'restart' });
          await screen.connect();
          break;
        case 4: // Asks again although nothing is missing, while frames wait.
          await screen.hello(draw(2) === 0);
          break;
        case 5: // A frame that never came.
          await screen.read(1 + draw(20_000), (line) => /"rev":/.test(line) && draw(6) === 0);
          await screen.hello(true);
          break;
        default: // Reads, slowly or not.
          for (let reads = draw(5); reads > 0; reads -= 1) await screen.read(1 + draw(20_000));
      }
      if (round % 8 === 7) await settled(ward, screen);
    }
  } finally {
    ward.end();
  }
}

const failed: number[] = [];

test.each(seeds)('seed %i', { timeout: 30_000 }, async (seed) => {
  failed.push(seed);
  await play(seed);
  failed.pop();
});

afterAll(() => {
  for (const seed of failed)
    console.log(`To repeat it: DRIPWATCH_SEED=${seed} tests/run --only stream`);
});
