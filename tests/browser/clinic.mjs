// A real server to look at, and a monitor that speaks to it. Everything that is started here is
// stopped here, by its own process, and listens on 127.0.0.1 only.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export const BIN = resolve(
  process.env.DRIPWATCH_BIN ?? join(import.meta.dirname, '../../target/debug/dripwatch'),
);
const START_MS = 30_000;
const PASSWORD = 'a long enough password';

export function freePort() {
  return new Promise((done, fail) => {
    const probe = net.createServer().on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Runs a command to its end; gives back what it printed. */
function output(args, input = '') {
  return new Promise((done, fail) => {
    const child = spawn(BIN, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0 ? done(out) : fail(new Error(`dripwatch ${args.join(' ')}: ${code}\n${err}`)),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

async function answers(url) {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const found = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) }).catch(
      () => null,
    );
    if (found?.ok) return;
    await sleep(50);
  }
  throw new Error(`no answer from ${url}/healthz within ${START_MS} ms`);
}

async function ended(child) {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGCONT');
  child.kill('SIGKILL');
  await exit;
}

/** `dripwatch serve` with two rooms, two nurses and a monitor in room 1. */
export class Clinic {
  static async open() {
    const clinic = new Clinic();
    clinic.dir = await mkdtemp(join(tmpdir(), 'dripwatch-browser-'));
    clinic.port = await freePort();
    clinic.url = `http://127.0.0.1:${clinic.port}`;
    clinic.password = PASSWORD;
    clinic.child = null;
    clinic.seq = 0;
    clinic.config = join(clinic.dir, 'dripwatch.toml');
    await writeFile(
      clinic.config,
      [
        '[server]',
        `listen = "127.0.0.1:${clinic.port}"`,
        `data_dir = ${JSON.stringify(join(clinic.dir, 'data'))}`,
        '[[rooms]]',
        'id = "1"',
        'name = "Room 1"',
        '[[rooms]]',
        'id = "2"',
        'name = "Room 2"',
        '',
      ].join('\n'),
    );
    const with_config = ['--config', clinic.config];
    for (const name of ['KM', 'TJ']) {
      const add = ['staff', 'add', name, '--role', 'nurse', '--password-stdin', ...with_config];
      await output(add, `${PASSWORD}\n`);
    }
    const add = ['device', 'add', 'mon-1', '--room', '1', ...with_config];
    clinic.token = (await output(add)).trim().split('\n').at(-1).trim();
    await clinic.start();
    return clinic;
  }

  async start() {
    this.child = spawn(BIN, ['serve', '--config', this.config], { stdio: 'ignore' });
    await answers(this.url);
  }

  /** Ends the server without a goodbye, as a power cut does. */
  async kill() {
    await ended(this.child);
  }

  freeze() {
    this.child.kill('SIGSTOP');
  }

  thaw() {
    this.child.kill('SIGCONT');
  }

  async close() {
    this.monitor?.stop();
    await ended(this.child);
    await rm(this.dir, { recursive: true, force: true });
  }

  /** One frame from the monitor. Gives back whether the server stored it. */
  async send(spo2, pulse = 72) {
    this.seq += 1;
    const response = await fetch(`${this.url}/api/v1/readings`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        type: 'readings',
        seq: this.seq,
        boot: `${process.pid}`,
        taken_at: Date.now(),
        readings: [
          { vital: 'spo2', value: spo2 },
          { vital: 'pulse_rate', value: pulse },
        ],
      }),
      signal: AbortSignal.timeout(2_000),
    }).catch(() => null);
    return response?.ok ?? false;
  }

  /** A monitor at 1 Hz; `spo2` of what it gives back can be changed while it runs. */
  watch(spo2 = 97) {
    this.monitor?.stop();
    const monitor = { spo2, stop: () => clearInterval(timer) };
    const timer = setInterval(() => void this.send(monitor.spo2), 1_000);
    void this.send(monitor.spo2);
    this.monitor = monitor;
    return monitor;
  }
}

/** `dripwatch demo`: eight rooms with simulated patients. */
export class Demo {
  static async open() {
    const demo = new Demo();
    const port = await freePort();
    const args = ['demo', '--listen', `127.0.0.1:${port}`, '--rooms', '8', '--seed', '7', '--json'];
    demo.child = spawn(BIN, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const line = await firstLine(demo.child);
    const { url, accounts } = JSON.parse(line);
    const nurse = accounts.find((account) => account.role === 'nurse') ?? accounts[0];
    Object.assign(demo, { url, port, name: nurse.name, password: nurse.password });
    await answers(url);
    return demo;
  }

  async kill() {
    await ended(this.child);
  }
}

function firstLine(child) {
  return new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error('the demo said nothing')), START_MS);
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (line) => {
      clearTimeout(late);
      done(line);
      // What the demo prints later has to go somewhere, or it would block.
      child.stdout.resume();
    });
    child.once('exit', (code) => fail(new Error(`the demo ended with ${code}`)));
    child.once('error', fail);
  });
}

/** A lost part is sent again after two round trips, and once more after twice as long. */
const RESENDS_MS = [600, 1_200];

/** The delay of one part on a bad network: its way, and being sent again where it was lost. */
function underWay_ms({ latency_ms, loss }, luck) {
  let delay_ms = latency_ms;
  for (const again_ms of RESENDS_MS) {
    if (luck() >= loss) break;
    delay_ms += again_ms;
  }
  return delay_ms;
}

/** The same luck each time. */
function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Passes on what it reads in its order, as late as a bad network would. */
async function* late(from, bad, luck) {
  const waiting = [];
  let over = false;
  let wake = () => {};
  from.on('data', (part) => {
    waiting.push({ part, due: Date.now() + underWay_ms(bad, luck) });
    wake();
  });
  from.on('close', () => {
    over = true;
    wake();
  });
  while (!over) {
    const next = waiting.shift();
    if (next === undefined) await new Promise((done) => (wake = done));
    else {
      // What comes after a part that was lost waits for it.
      await sleep(Math.max(0, next.due - Date.now()));
      yield next.part;
    }
  }
}

/** A wire between a browser and the server that can be cut, and can be `bad`. */
export class Wire {
  static async to(port, bad) {
    const wire = new Wire();
    wire.sockets = new Set();
    const luck = dice(7);
    wire.server = net.createServer((near) => {
      const far = net.connect(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ]) {
        wire.sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          wire.sockets.delete(from);
          to.destroy();
        });
        if (bad === undefined) from.pipe(to);
        else Readable.from(late(from, bad, luck)).pipe(to);
      }
    });
    await new Promise((done) => wire.server.listen(0, '127.0.0.1', done));
    wire.url = `http://127.0.0.1:${wire.server.address().port}`;
    return wire;
  }

  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  async close() {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }
}
