// The ward by hand (`tests/stream/ward_by_hand.rs`) at the other end of a pipe: one JSON line in,
// one out.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const { DRIPWATCH_WARD_BY_HAND, DRIPWATCH_SEED, DRIPWATCH_SEEDS } = process.env;

/** Whether there is one to try the page's model with. */
export const isAtHand = Boolean(DRIPWATCH_WARD_BY_HAND);

/** Those to be played: one that is named, else the first so many. */
export const seeds =
  DRIPWATCH_SEED === undefined
    ? Array.from({ length: Number(DRIPWATCH_SEEDS ?? 60) }, (_, n) => n + 1)
    : [Number(DRIPWATCH_SEED)];

export class Ward {
  #program;
  #answers = [];
  #ended = null;

  constructor(seed) {
    const stdio = ['pipe', 'pipe', 'inherit'];
    this.#program = spawn(DRIPWATCH_WARD_BY_HAND, [String(seed)], { stdio });
    const lines = createInterface({ input: this.#program.stdout });
    lines.on('line', (line) => this.#answers.shift()?.resolve(JSON.parse(line)));
    this.#program.once('exit', (code) => {
      this.#ended = new Error(`the ward ended with ${code}`);
      for (const { reject } of this.#answers.splice(0)) reject(this.#ended);
    });
    this.#program.stdin.on('error', () => {});
  }

  ask(op) {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      this.#answers.push({ resolve, reject });
      this.#program.stdin.write(`${JSON.stringify(op)}\n`);
    });
  }

  end() {
    this.#program.stdin.end();
  }
}
