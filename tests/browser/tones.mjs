// The page's own tones, rendered without a loudspeaker and taken apart.

const SLOT_S = 10;
const SLOTS = 40;
const RATE_HZ = 22_050;

/**
 * Runs in the page before it: its sound goes to a recording, one burst to each ten seconds of it.
 * What it plays, and when within a burst, is the page's own doing.
 */
export const listen = `{
  const real = OfflineAudioContext;
  globalThis.AudioContext = function () {
    const context = new real(1, ${SLOT_S * SLOTS * RATE_HZ}, ${RATE_HZ});
    Object.defineProperties(context, {
      state: { value: 'running' },
      resume: { value: async () => {} },
      currentTime: { get: () => globalThis.dripwatch.played.length * ${SLOT_S} },
    });
    globalThis.recording = context;
    return context;
  };
}`;

/** Of each tone's first burst: when its pulses start, and how strong its harmonics are. */
export function burstsOf(page) {
  return page.evaluate(
    async ([slot_s, slots, rate]) => {
      const order = globalThis.dripwatch.played.map(({ tone }) => tone).slice(0, slots);
      const start = Object.getPrototypeOf(globalThis.recording).startRendering;
      const samples = (await start.call(globalThis.recording)).getChannelData(0);
      const found = {};
      for (const [index, tone] of order.entries()) {
        if (tone in found) continue;
        const burst = samples.subarray(index * slot_s * rate, (index + 1) * slot_s * rate);
        found[tone] = { starts: pulses(burst), harmonics: harmonics(burst) };
      }
      return found;

      /** Loudness in steps of 5 ms; a pulse begins where it rises over a tenth of the loudest. */
      function pulses(burst) {
        const step = Math.round(rate * 0.005);
        const loud = [];
        for (let at = 0; at + step <= burst.length; at += step)
          loud.push(
            burst.subarray(at, at + step).reduce((most, one) => Math.max(most, Math.abs(one)), 0),
          );
        const least = Math.max(...loud) / 10;
        const at = loud.flatMap((one, n) =>
          one >= least && (loud[n - 1] ?? 0) < least ? [n * 0.005] : [],
        );
        return at.map((one) => Number((one - at[0]).toFixed(3)));
      }

      /** Of the middle of the first pulse. */
      function harmonics(burst) {
        const first = burst.findIndex((one) => Math.abs(one) > 0.01);
        const part = burst.subarray(
          first + Math.round(rate * 0.025),
          first + Math.round(rate * 0.095),
        );
        let [base, most] = [0, 0];
        for (let hz = 150; hz <= 1_000; hz += 1) {
          const power = strength(part, hz);
          if (power > most) [base, most] = [hz, power];
        }
        return [2, 3, 4, 5, 6, 7, 8].map((n) => ({
          hz: n * base,
          db: Number((20 * Math.log10(strength(part, n * base) / most)).toFixed(1)),
        }));
      }

      function strength(part, hz) {
        let [re, im] = [0, 0];
        part.forEach((one, n) => {
          // A Hann window: what is not at this frequency does not leak into it.
          const weight = one * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / part.length));
          re += weight * Math.cos((2 * Math.PI * hz * n) / rate);
          im += weight * Math.sin((2 * Math.PI * hz * n) / rate);
        });
        return Math.hypot(re, im);
      }
    },
    [SLOT_S, SLOTS, RATE_HZ],
  );
}
