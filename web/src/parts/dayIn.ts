// Days by the clock of the clinic. Pure.

const DAY_MS = 86_400_000;

/** From midnight to midnight by the clinic's clock: 23 or 25 hours when it changes. */
export function dayIn(day: string, zone: string | undefined): { from: number; to: number } {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return { from: midnight(day, zone), to: midnight(next, zone) };
}

function midnight(day: string, zone: string | undefined): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  // The zone's offset at about that time, and then at that time.
  let at = asUtc;
  for (let round = 0; round < 2; round += 1) at = asUtc - offsetOf(at, zone);
  return at;
}

/** By how much the clinic's clock is ahead of UTC. */
function offsetOf(at: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '00';
  const local = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`;
  return Date.parse(local) - Math.floor(at / 1_000) * 1_000;
}
