import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../actions';
import { command } from '../api';
import { devices, type KnownDevice } from '../lists';
import { now_ms, second } from '../clock';
import { span } from '../format';
import { BottomBar } from '../parts/BottomBar';
import { Live } from '../parts/Live';
import { Notice } from '../parts/Notice';
import { toCentral } from '../route';
import { link } from '../stream';
import { strings } from '../strings';
import { later } from '../strings/later';
import { unknownText } from '../unknowns';
import { minor, pressure, shown } from '../vitals';
import { roomIds, roomName } from '../ward';
import type { Reading } from '../wire';

const REFRESH_MS = 3_000;

/** Every device ever heard, and the room that it speaks for. */
export function Devices() {
  const known = useSignal<readonly KnownDevice[] | null>(null);
  const wrong = useSignal<string | null>(null);

  const load = async () => {
    const answer = await devices();
    if (answer.ok) known.value = answer.value;
    wrong.value = answer.ok ? null : answer.message;
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <>
      <main class="devices" data-testid="devices">
        <header class="inbox-head">
          <a class="button" href={toCentral}>
            ‹ {strings.allRooms}
          </a>
          <h1>{strings.devices}</h1>
          <Live />
        </header>
        {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
        {known.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
        {known.value?.length === 0 && (
          <div class="empty">
            <h2>{later.noDevices}</h2>
            <p>{later.noDevicesNext}</p>
          </div>
        )}
        <ul class="device-list">
          {known.value?.map((device) => (
            <Device key={device.id} device={device} changed={load} />
          ))}
        </ul>
      </main>
      <footer class="bottom">
        <Notice />
        <BottomBar here="other" />
      </footer>
    </>
  );
}

function Device({ device, changed }: { device: KnownDevice; changed: () => Promise<void> }) {
  const bind = async (room: string | null) => {
    const path = `/devices/${encodeURIComponent(device.id)}/binding`;
    const what = `${device.id} → ${roomName(room) ?? later.unbound}`;
    report(await command('PUT', path, { room }), what);
    await changed();
  };
  const lost = link.value === 'lost';
  const offset = Math.abs(device.clock_offset_ms ?? 0);
  return (
    <li class="device" data-device={device.id} data-link={device.link}>
      <div class="device-name">
        <strong>{device.id}</strong>
        <span class="quiet">
          {device.adapter} · {later.links[device.link] ?? device.link} ·{' '}
          {device.last_seen === null
            ? later.neverHeard
            : later.lastHeard(span(second.value - device.last_seen))}
          {offset > 2_000 && ` · ${later.clockOffBy(span(offset))}`}
        </span>
      </div>
      <p class="mini">
        {device.latest.map((reading) => (
          <span key={reading.vital}>
            {label(reading.vital)} <b>{lost ? strings.missing : latest(reading)}</b>
          </span>
        ))}
      </p>
      <label class="device-room">
        {later.boundTo}
        <select
          value={device.room ?? ''}
          disabled={lost}
          onChange={(event) => void bind(event.currentTarget.value || null)}
        >
          <option value="">{later.unbound}</option>
          {roomIds.value.map((id) => (
            <option key={id} value={id}>
              {roomName(id)}
            </option>
          ))}
        </select>
      </label>
      <Trouble device={device} />
    </li>
  );
}

/** What whoever set the device up has to know. */
function Trouble({ device }: { device: KnownDevice }) {
  const unknown = unknownText(device.not_understood);
  return (
    <>
      {device.conflict && <p class="device-trouble notice-bad">{later.inConflict}</p>}
      {unknown !== null && (
        <p class="device-trouble quiet" data-testid="not-understood">
          {unknown}
        </p>
      )}
    </>
  );
}

function label(vital: string): string {
  const known: Readonly<Record<string, string>> = {
    heart_rate: strings.hr,
    pulse_rate: `${strings.hr} (${later.fromPulse})`,
    spo2: strings.spo2,
    nibp: strings.bp,
  };
  return known[vital] ?? later.minor[vital]?.[0] ?? vital.replaceAll('_', ' ');
}

function latest(reading: Reading): string {
  const now = now_ms();
  if (reading.vital === 'nibp') return pressure(reading, null, now).text;
  return reading.vital in later.minor ? minor(reading, now).text : shown(reading, now).text;
}
