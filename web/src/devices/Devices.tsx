import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { actsNow } from '../people/acting';
import { report } from '../alerts/actions';
import { command } from '../api';
import { detailOf } from '../problem';
import type { KnownDevice } from '../ward/queries';
import { now_ms, second } from '../clock';
import { span } from '../format';
import { BottomBar } from '../parts/BottomBar';
import { Live } from '../parts/Live';
import { Notice } from '../parts/later';
import { askWho, PadPlace } from '../people/Who';
import { toCentral } from '../route';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { otherVital } from '../room/otherVitals';
import { unknownText } from './unknownCodes';
import { useDevices } from './useDevices';
import { pressure, shown } from '../room/vitals';
import { roomIds, roomName, roomStore } from '../ward/store';
import { fields } from '../stream/fields';
import type { Reading } from '../stream/shapes';

/** Every device ever heard, and the room that it speaks for. */
export function Devices() {
  const { known, wrong, load } = useDevices();

  return (
    <>
      <main class="devices" data-testid="devices">
        <header class="inbox-head">
          <a class="button" href={toCentral}>
            ‹ {strings.allRooms}
          </a>
          <h1>{later.devices}</h1>
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

/** The confirmation before a choice that leaves a patient without a monitor. */
interface Asked {
  readonly room: string | null;
  readonly why: string;
}

interface Props {
  device: KnownDevice;
  changed: () => Promise<void>;
  /** What may be done to it beside choosing its room. */
  children?: ComponentChildren;
}

export function Device({ device, changed, children }: Props) {
  const asked = useSignal<Asked | null>(null);
  const bind = async (room: string | null, confirm = false) => {
    const path = `/devices/${encodeURIComponent(device.id)}/binding`;
    const what = `${device.id} → ${roomName(room) ?? later.unbound}`;
    const answer = await command('PUT', path, confirm ? { room, confirm } : { room });
    const code = answer.ok ? '' : fields(answer.problem)['code'];
    if (!answer.ok && (code === 'needs_identity' || code === 'needs_confirmation'))
      asked.value = { room, why: detailOf(answer.problem) };
    else {
      asked.value = null;
      report(answer, what);
    }
    await changed();
  };
  const lost = link.value === 'lost';
  const offset = Math.abs(device.clock_offset_ms ?? 0);
  return (
    <li class="device" data-device={device.id} data-link={device.link}>
      <div class="device-name">
        <strong>{device.id}</strong>
        <span class="quiet">
          {device.original && `“${device.original}” · `}
          {device.adapter} · {later.links[device.link] ?? device.link} ·{' '}
          {device.last_seen === null
            ? later.neverHeard
            : later.lastHeard(span(second.value - device.last_seen))}
          {offset > 2_000 && ` · ${later.clockOffBy(span(offset))}`}
        </span>
      </div>
      <p class="mini">
        {inOrder(device.latest).map((reading) => (
          <span key={reading.vital}>
            {label(reading.vital)} <b>{lost ? strings.missing : latest(reading)}</b>
          </span>
        ))}
      </p>
      <label class="device-room">
        {later.boundTo}
        <select
          key={String(asked.value?.room)}
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
      {children}
      {asked.value !== null && (
        <TakeAway
          {...asked.value}
          who={whoIsThere(device.room)}
          done={() => void bind(asked.value?.room ?? null, true)}
          cancel={() => (asked.value = null)}
        />
      )}
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

/** `E.B. · Ketamine IV, adult · Infusion` in the room that it is taken from. */
function whoIsThere(room: string | null): string {
  const session = room === null ? null : roomStore(room)?.session.value;
  if (session == null) return '';
  const phase = strings.phases[session.phase] ?? session.phase;
  return `${session.initials} · ${session.title} · ${phase}`;
}

interface TakeAwayProps extends Asked {
  who: string;
  done: () => void;
  cancel: () => void;
}

/** Says what will happen, and asks who does it. */
function TakeAway({ why, who, done, cancel }: TakeAwayProps) {
  return (
    <section class="take-away" role="alert" data-testid="take-away">
      {who !== '' && <p data-testid="whose-monitor">{who}</p>}
      <p>{why}</p>
      <PadPlace />
      <div class="chips">
        {actsNow.value === null ? (
          <button type="button" onClick={askWho}>
            {later.sayWho}
          </button>
        ) : (
          <button type="button" disabled={link.value === 'lost'} onClick={done}>
            {later.takeAway(actsNow.value.initials)}
          </button>
        )}
        <button type="button" onClick={cancel}>
          {later.cancel}
        </button>
      </div>
    </section>
  );
}

/** In the order of every tile. */
const LABELS: Readonly<Record<string, string>> = {
  heart_rate: strings.hr,
  pulse_rate: `${strings.hr} (${later.fromPulse})`,
  spo2: strings.spo2,
  nibp: strings.bp,
};

function inOrder(latest: readonly Reading[]): Reading[] {
  const first = Object.keys(LABELS).flatMap((vital) => latest.filter((one) => one.vital === vital));
  return [...first, ...latest.filter(({ vital }) => LABELS[vital] === undefined)];
}

function label(vital: string): string {
  return LABELS[vital] ?? later.otherVitals[vital]?.[0] ?? vital.replaceAll('_', ' ');
}

function latest(reading: Reading): string {
  const now = now_ms();
  if (reading.vital === 'nibp') return pressure(reading, null, now).text;
  return reading.vital in later.otherVitals
    ? otherVital(reading, now).text
    : shown(reading, now).text;
}
