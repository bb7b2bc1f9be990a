import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { second } from '../clock';
import { span } from '../format';
import { raisedBetween } from '../lists';
import type { Gap } from '../link';
import { onWall } from '../route';
import { gap as lastGap } from '../stream';
import { strings } from '../strings';
import { later } from '../strings/later';

/** On a wall nobody can dismiss it. */
const ON_WALL_MS = 10 * 60_000;

/** For how long nothing was monitored here, and what alarmed meanwhile. */
export function Back({ gap }: { gap: Gap }) {
  const alerts = useRaised(gap);
  if (onWall.value && second.value - gap.to > ON_WALL_MS) return null;
  const lost = span(gap.lost_ms);
  return (
    <p class="back" role="status">
      {gap.times === 1 ? later.back(lost) : later.backOften(gap.times, lost)}
      {alerts !== null && ` — ${later.duringGap(alerts)}`}
      {!onWall.value && (
        <button type="button" onClick={() => (lastGap.value = null)}>
          {strings.dismiss}
        </button>
      )}
    </p>
  );
}

/** How many alerts were raised meanwhile, also those that are over; null until the server says. */
function useRaised({ from, to }: Gap): number | null {
  const count = useMemo(() => signal<number | null>(null), []);
  useEffect(() => {
    let over = false;
    void raisedBetween(from, to).then((found) => {
      if (!over) count.value = found;
    });
    return () => void (over = true);
  }, [from, to]);
  return count.value;
}
