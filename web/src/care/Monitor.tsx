import { useEffect, useRef } from 'preact/hooks';
import { second } from '../clock';
import { heartRate, measuredAt, shown } from '../room/vitals';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { words } from '../strings/care';
import type { RoomStore } from '../ward/store';
import { readings } from '../ward/queries';
import { polyline, SPAN_MS, type Sample } from './spark';

/** Two minutes at one value a second, and as much from before the page was opened. */
const SAMPLES_KEPT = 240;

/** What this page has seen of the monitor since it was opened, two minutes at most. */
export function Monitor({ room }: { room: RoomStore }) {
  const seen = useRef<{ hr: Sample[]; spo2: Sample[] }>({ hr: [], spo2: [] });
  const now = second.value;
  const vitals = room.vitals.value;
  const hr = Number(shown(heartRate(vitals, now), now).text);
  const spo2 = Number(shown(vitals['spo2'], now).text);
  useEffect(() => {
    // What is not current leaves a gap.
    const isLost = link.peek() === 'lost';
    for (const [kept, value] of [
      [seen.current.hr, hr],
      [seen.current.spo2, spo2],
    ] as const) {
      kept.push({ at: now, value: isLost || Number.isNaN(value) ? null : value });
      if (kept.length > SAMPLES_KEPT) kept.shift();
    }
  }, [now]);
  // What came before the page was opened is asked for once.
  const session = room.session.value?.id;
  useEffect(() => {
    if (session === undefined) return;
    void readings(`sessions/${encodeURIComponent(session)}/readings`, now - SPAN_MS).then(
      (answer) => {
        if (!answer.ok) return;
        const past = (vitals: readonly string[]) =>
          answer.value
            .filter(({ vital, value }) => vitals.includes(vital) && value !== undefined)
            .map((one) => ({ at: measuredAt(one), value: one.value ?? null }))
            .filter(({ at }) => at > now - SPAN_MS && at < now);
        const { hr: rate, spo2: saturation } = seen.current;
        seen.current = {
          hr: [...past(['pulse_rate', 'heart_rate']), ...rate],
          spo2: [...past(['spo2']), ...saturation],
        };
      },
    );
  }, [session]);
  const devices = room.devices.value;
  return (
    <>
      <Spark label={strings.hr} samples={seen.current.hr} now={now} />
      <Spark label={strings.spo2} samples={seen.current.spo2} now={now} />
      {devices.length === 0 && (
        <p class="care-line">
          <span>{words.device}</span>
          <b>{words.noDevice}</b>
        </p>
      )}
      {devices.map(({ id, link: linked }) => (
        <p key={id} class="care-line">
          <span>{id}</span>
          <b>{words.links[linked] ?? linked}</b>
        </p>
      ))}
    </>
  );
}

const WIDTH = 240;
const HEIGHT = 30;

function Spark({
  label,
  samples,
  now,
}: {
  label: string;
  samples: readonly Sample[];
  now: number;
}) {
  return (
    <p class="care-line" title={words.lastMinutes}>
      <b>{label}</b>
      <svg class="care-spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {polyline(samples, now, { width: WIDTH, height: HEIGHT }).map((points) => (
          <polyline key={points} points={points} />
        ))}
      </svg>
    </p>
  );
}
