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
const FRAME_MS = 2_000;
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

/** Who works there, and where a monitor is, unless a test says otherwise. */
const USUAL = {
  rooms: ['1', '2'],
  staff: [
    { name: 'KM', role: 'nurse' },
    { name: 'TJ', role: 'nurse' },
  ],
  monitors: { 'mon-1': '1' },
};

/** `dripwatch serve` with two rooms, two nurses and a monitor in room 1, or with what is `given`. */
export class Clinic {
  static async open(given = {}) {
    const { rooms, staff, monitors, more = [] } = { ...USUAL, ...given };
    const clinic = new Clinic();
    clinic.dir = await mkdtemp(join(tmpdir(), 'dripwatch-browser-'));
    clinic.port = await freePort();
    clinic.hl7 = await freePort();
    clinic.url = `http://127.0.0.1:${clinic.port}`;
    clinic.password = PASSWORD;
    clinic.child = null;
    clinic.seq = 0;
    clinic.monitors = new Set();
    clinic.config = join(clinic.dir, 'dripwatch.toml');
    await writeFile(
      clinic.config,
      [
        '[server]',
        `listen = "127.0.0.1:${clinic.port}"`,
        `data_dir = ${JSON.stringify(join(clinic.dir, 'data'))}`,
        '[[adapters]]',
        'kind = "hl7-mllp"',
        `listen = "127.0.0.1:${clinic.hl7}"`,
        ...rooms.flatMap((id) => ['[[rooms]]', `id = "${id}"`, `name = "Room ${id}"`]),
        ...more,
        '',
      ].join('\n'),
    );
    for (const one of staff) await clinic.employ(one);
    clinic.tokens = {};
    for (const [id, room] of Object.entries(monitors))
      clinic.tokens[id] = await clinic.token_of(['device', 'add', id, '--room', room]);
    clinic.token = clinic.tokens['mon-1'];
    await clinic.start();
    return clinic;
  }

  /** Somebody who may sign in, and with a PIN say who they are. */
  async employ({ name, role, initials, pin }) {
    const more = [
      ...(initials === undefined ? [] : ['--initials', initials]),
      ...(pin === undefined ? [] : ['--pin-stdin']),
    ];
    const add = ['staff', 'add', name, '--role', role, ...more, '--password-stdin'];
    const secrets = [PASSWORD, ...(pin === undefined ? [] : [pin])];
    await output([...add, '--config', this.config], `${secrets.join('\n')}\n`);
  }

  /** The token that a command prints. */
  async token_of(args) {
    const said = await output([...args, '--config', this.config]);
    return said.trim().split('\n').at(-1).trim();
  }

  /** What the server answers to whoever has this token. */
  async call(token, method, path, body) {
    const response = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = await response.json().catch(() => null);
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(said)}`);
    return said;
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
    for (const monitor of this.monitors) monitor.stop();
    await ended(this.child);
    await rm(this.dir, { recursive: true, force: true });
  }

  /** One frame from the monitor. Gives back whether the server stored it. */
  send(spo2, pulse = 72) {
    return this.frame(this.token, [
      { vital: 'spo2', value: spo2 },
      { vital: 'pulse_rate', value: pulse },
    ]);
  }

  /** These readings as one frame of the monitor with this token. */
  frame(token, readings) {
    return this.say(token, { type: 'readings', readings });
  }

  /** What a monitor says instead of a value. */
  status(token, vital, status) {
    return this.say(token, { type: 'status', vital, status });
  }

  /** Gives back whether the server stored it. */
  async say(token, frame) {
    this.seq += 1;
    const response = await fetch(`${this.url}/api/v1/readings`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        seq: this.seq,
        boot: `${process.pid}`,
        taken_at: Date.now(),
        ...frame,
      }),
      signal: AbortSignal.timeout(FRAME_MS),
    }).catch(() => null);
    return response?.ok ?? false;
  }

  /** The monitor of this name, in one room of several. */
  monitor_of(id) {
    return new Monitor(this, this.tokens[id]);
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

/** A bedside monitor: values at 1 Hz, and a cuff when somebody presses its button. */
class Monitor {
  #values = {};
  #timer;

  constructor(clinic, token) {
    Object.assign(this, { clinic, token });
    clinic.monitors.add(this);
  }

  /** From now on it shows these, once a second. */
  shows(values) {
    this.#values = { ...this.#values, ...values };
    clearInterval(this.#timer);
    const say = () =>
      void this.clinic.frame(
        this.token,
        Object.entries(this.#values).map(([vital, value]) => ({ vital, value })),
      );
    this.#timer = setInterval(say, 1_000);
    say();
  }

  /** A cuff pressure; it is the room's when this is over. */
  async measures(systolic, diastolic) {
    const cuff = [{ vital: 'nibp', systolic, diastolic }];
    if (!(await this.clinic.frame(this.token, cuff))) await this.clinic.frame(this.token, cuff);
  }

  stop() {
    clearInterval(this.#timer);
    this.clinic.monitors.delete(this);
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
