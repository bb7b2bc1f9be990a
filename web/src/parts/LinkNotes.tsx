import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { clockError_ms } from '../clock';
import { span } from '../format';
import { raisedBetween } from '../lists';
import { onWall } from '../route';
import { gaps, link } from '../stream';
import { strings } from '../strings';
import { later } from '../strings/later';
import { older } from '../version';

/** What this page says of itself while it monitors: what it missed, its version, its clock. */
export function LinkNotes() {
  return (
    <>
      {link.value !== 'lost' && gaps.value.length > 0 && <Back />}
      {link.value !== 'lost' && older.value && <Older />}
      {clockError_ms.value !== 0 && (
        <p class="slow">{later.clockWrong(span(Math.abs(clockError_ms.value)))}</p>
      )}
    </>
  );
}

/** Never reloaded by itself: somebody may be in the middle of something. A wall knows when. */
function Older() {
  return (
    <p class="back" role="status">
      {later.older}
      {!onWall.value && (
        <button type="button" onClick={() => location.reload()}>
          {later.reload}
        </button>
      )}
    </p>
  );
}

/** For how long nothing was monitored here, and what alarmed meanwhile. */
function Back() {
  const alerts = useRaised();
  const times = gaps.value.length;
  const lost = span(gaps.value.reduce((sum, { from, to }) => sum + to - from, 0));
  return (
    <p class="back" role="status">
      {times === 1 ? later.back(lost) : later.backOften(times, lost)}
      {alerts !== null && ` — ${later.duringGap(alerts)}`}
      {!onWall.value && (
        <button type="button" onClick={() => (gaps.value = [])}>
          {strings.dismiss}
        </button>
      )}
    </p>
  );
}

const AGAIN_MS = 5_000;

/** How many alerts were raised meanwhile, also those that are over; null until the server says. */
function useRaised(): number | null {
  const count = useMemo(() => signal<number | null>(null), []);
  const wanted = gaps.value;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    count.value = null;
    const ask = async () => {
      const found = await Promise.all(wanted.map(({ from, to }) => raisedBetween(from, to)));
      if (over) return;
      const known = found.filter((one) => one !== null);
      if (known.length === found.length) count.value = known.reduce((sum, one) => sum + one, 0);
      else timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return count.value;
}
