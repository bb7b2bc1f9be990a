import { effect, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { readings } from '../ward/queries';
import { now_ms } from '../clock';
import { allCuffs, emptyHistory, extend, windowOf, type History, type Window } from './history';
import { gaps } from '../stream/socket';
import { later } from '../strings/later';
import { theme } from '../page/theme';
import { heartRate } from '../room/vitals';
import { revised, type RoomStore } from '../ward/store';
import type { Reading, Session } from '../stream/shapes';
import { earlierOf, earlierText } from './earlier';
import { Table } from './Table';
import { TrendPlot } from './TrendPlot';
import { useUnder } from './under';

const REDRAW_MS = 5_000;
/** Until then what was just sent is stored. */
const STORED_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The last hour: what is stored, and then each value as it comes. */
export function Trend({ room }: { room: RoomStore }) {
  const box = useRef<HTMLDivElement>(null);
  const failed = useSignal(false);
  const asTable = useSignal(false);
  const drawn = useSignal<{ history: History; window: Window } | null>(null);
  const session = room.session.value;
  const of = session === null ? '' : session.id;
  const earlier = session === null ? null : earlierOf(session);
  const under = useUnder(earlier, session?.started_at ?? null);
  const text = useSignal('');
  text.value = earlier === null ? '' : earlierText(earlier);
  const devices = room.devices.value.map((device) => device.id).join('\n');

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const plot = new TrendPlot(element);
    let history = emptyHistory();
    let over = false;

    const draw = () => {
      const open = room.session.peek();
      const start = open === null ? null : beginning(open);
      const now = now_ms();
      const all = { ...history, bp: allCuffs(history, open?.events ?? []) };
      const window = windowOf(start, now);
      drawn.value = { history: all, window };
      plot.draw({
        history: all,
        window,
        session: open,
        now,
        under: under.value,
        underText: text.peek(),
      });
    };
    const load = async () => {
      const open = room.session.peek();
      const start = open === null ? now_ms() - HOUR_MS : beginning(open);
      const from = Math.max(start, now_ms() - HOUR_MS);
      const stored = await storedReadings(of, devices, from);
      if (over) return;
      failed.value = stored === null;
      const live = history;
      history = emptyHistory();
      for (const reading of stored ?? []) extend(history, reading);
      append(history, live);
      draw();
    };
    const stops = [
      effect(() => {
        const vitals = room.vitals.value;
        const rate = heartRate(vitals, now_ms());
        for (const reading of [rate, vitals['spo2'], vitals['nibp']]) {
          if (reading !== undefined) extend(history, reading);
        }
      }),
      // After a gap in this screen's own connection the server has what was missed.
      effect(() => {
        void gaps.value;
        void load();
      }),
      effect(() => {
        if (revised.value[0] === room.id) setTimeout(() => void (over || load()), STORED_MS);
      }),
      effect(() => {
        void theme.value;
        plot.restyle();
        draw();
      }),
      // What somebody entered or withdrew is there at once.
      effect(() => {
        void room.session.value?.events;
        void under.value;
        draw();
      }),
    ];
    const timer = setInterval(draw, REDRAW_MS);
    return () => {
      over = true;
      clearInterval(timer);
      for (const stop of stops) stop();
      plot.destroy();
    };
  }, [of, devices]);

  return (
    <section class="trend" aria-label={later.trend}>
      {failed.value && <p class="quiet">{later.trendFailed}</p>}
      {asTable.value && drawn.value !== null && <Table {...drawn.value} session={session} />}
      <div
        class="plots"
        ref={box}
        role="img"
        aria-label={later.trendSummary}
        hidden={asTable.value}
      />
      <button
        type="button"
        class="as-table plain-button"
        aria-pressed={asTable.value}
        onClick={() => (asTable.value = !asTable.value)}
      >
        {later.table}
      </button>
    </section>
  );
}

/** What was done before somebody opened the session is part of it; its mark needs room. */
function beginning(session: Session): number {
  return Math.min(session.opened_at, ...session.events.map((event) => event.at)) - MINUTE_MS;
}

async function storedReadings(
  session: string,
  devices: string,
  from: number,
): Promise<Reading[] | null> {
  const sources =
    session === ''
      ? devices
          .split('\n')
          .filter(Boolean)
          .map((id) => `devices/${encodeURIComponent(id)}/readings`)
      : [`sessions/${encodeURIComponent(session)}/readings`];
  const found: Reading[] = [];
  for (const source of sources) {
    const answer = await readings(source, from);
    if (!answer.ok) return null;
    found.push(...answer.value);
  }
  return found.sort((a, b) => a.received_at - b.received_at);
}

/** What came while the stored values were on their way. */
function append(history: History, live: History): void {
  const since = (points: readonly { at: number }[]) => points.at(-1)?.at ?? -Infinity;
  const [hr, spo2, bp] = [since(history.hr), since(history.spo2), since(history.bp)];
  // What was taken back of what is stored is stored too.
  history.takenBack.push(...live.takenBack.filter(({ of, at }) => at > (of === 'hr' ? hr : spo2)));
  history.hr.push(...live.hr.filter((point) => point.at > hr));
  history.spo2.push(...live.spo2.filter((point) => point.at > spo2));
  history.bp.push(...live.bp.filter((cuff) => cuff.at > bp));
}
