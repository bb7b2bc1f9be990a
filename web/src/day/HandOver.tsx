import { useSignal } from '@preact/signals';
import { Glyph } from '../parts/Glyph';
import { report } from '../alerts/actions';
import { foremost, short } from '../alerts/alerts';
import { command } from '../api';
import { second } from '../clock';
import { hourMinute } from '../format';
import { me } from '../people/account';
import { actsNow } from '../people/acting';
import { byWhom } from '../people/asked';
import { heartRate, pressure, shown } from '../room/vitals';
import { brief } from '../room/tasks';
import { strings } from '../strings';
import { words } from '../strings/day';
import { link } from '../stream/socket';
import type { Session } from '../stream/shapes';
import { roomIds, roomName, roomStore, type RoomStore } from '../ward/store';
import { shortName } from '../ward/Tile';
import { itemsInWords, openItems } from './NotSigned';
import type { DayOf, HandedOver } from './read';

/** As long as initials are. */
const INITIALS_MAX = 4;

/** What the next shift is told of the rooms that it takes; to be read out, or printed. */
export function HandOver({ day, changed }: { day: DayOf; changed: () => void }) {
  const from = useSignal(actsNow.peek()?.initials ?? me.peek()?.initials ?? '');
  const to = useSignal('');
  const left = useSignal<ReadonlySet<string>>(new Set());
  const order = roomIds.value;
  const rooms = [...new Set(day.hand_over.map(({ room }) => room))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const chosen = rooms.filter((room) => !left.value.has(room));
  const names = chosen.map((room) => shortName(roomName(room) ?? room));
  const toggle = (room: string) => {
    const next = new Set(left.value);
    if (!next.delete(room)) next.add(room);
    left.value = next;
  };
  const busy = useSignal(false);
  const who = to.value.trim();
  const done = day.hand_overs;
  const take = async () => {
    busy.value = true;
    const given = { rooms: chosen, to: who };
    const answer = await byWhom((key) => command('POST', '/handovers', given, key));
    busy.value = false;
    if (report(answer, words.tookRooms(who, names.join(', ')))) {
      to.value = '';
      changed();
    }
  };
  const told = chosen
    .flatMap((room) => day.hand_over.filter((one) => one.room === room))
    .sort((a, b) => Number(alertsIn(b)) - Number(alertsIn(a)));
  return (
    <section class="handover" data-testid="handover" aria-label={words.handOver}>
      <h2>{words.handOverTitle(from.value.trim(), to.value.trim())}</h2>
      <p class="quiet">{names.length === 0 ? words.noRooms : words.roomsNamed(names.join(', '))}</p>
      <div class="handover-ask screen-only">
        <Initials label={words.gives} name="gives" value={from} />
        <Initials label={words.takes} name="takes" value={to} />
        <button type="button" disabled={names.length === 0} onClick={() => print()}>
          {words.print}
        </button>
      </div>
      {done !== null && who !== '' && (
        <button
          type="button"
          class="go handover-take screen-only"
          data-take
          disabled={busy.value || names.length === 0 || link.value === 'lost'}
          onClick={() => void take()}
        >
          {words.takesRooms(who, names.join(', '))}
        </button>
      )}
      {rooms.length > 1 && (
        <div class="chips screen-only" role="group" aria-label={words.whichRooms}>
          {rooms.map((room) => (
            <button
              key={room}
              type="button"
              data-give={room}
              aria-pressed={!left.value.has(room)}
              aria-label={roomName(room) ?? room}
              onClick={() => toggle(room)}
            >
              {shortName(roomName(room) ?? room)}
            </button>
          ))}
        </div>
      )}
      {told.length === 0 && <p class="quiet">{words.nothingToTell}</p>}
      <ol>
        {told.map((one) => (
          <Told key={one.session} of={one} />
        ))}
      </ol>
      {done?.map((one) => (
        <p class="quiet handover-done" key={`${one.at} ${one.to}`}>
          {words.wasGiven(
            hourMinute(one.at),
            one.by,
            one.to,
            one.rooms.map((room) => shortName(roomName(room) ?? room)).join(', '),
          )}
        </p>
      ))}
      <p class="print-only handover-sign">
        {words.gives} {from.value} ________________ {words.takes} {to.value} ________________
      </p>
      <p class="print-only">{words.printedAt(hourMinute(second.value))}</p>
    </section>
  );
}

/** What alerts is said first. */
function alertsIn({ room, session }: HandedOver): boolean {
  const found = roomStore(room);
  return found?.session.value?.id === session && found.alerts.value.length > 0;
}

function Initials(of: { label: string; name: string; value: { value: string } }) {
  return (
    <label>
      {of.label}
      <input
        name={of.name}
        maxlength={INITIALS_MAX}
        autocomplete="off"
        placeholder={words.initials}
        value={of.value.value}
        onInput={(event) => (of.value.value = event.currentTarget.value)}
      />
    </label>
  );
}

function Told({ of }: { of: HandedOver }) {
  const room = roomStore(of.room);
  const session = room?.session.value ?? null;
  const live = session?.id === of.session ? session : null;
  const items = openItems(of);
  return (
    <li data-session={of.session}>
      <b class="handover-room">{shortName(roomName(of.room) ?? of.room)}</b>
      <div>
        {live !== null && room !== undefined ? (
          <Live room={room} session={live} />
        ) : (
          <p>
            <b>{of.initials}</b>{' '}
            {(words.ended[of.phase] ?? strings.phases[of.phase] ?? of.phase).toLowerCase()}
          </p>
        )}
        {live === null && of.tasks.length > 0 && <p class="quiet">{of.tasks.join('. ')}</p>}
        {items.length > 0 && <p class="quiet">{itemsInWords(items)}</p>}
        {of.remarks.map((remark) => (
          <p class="quiet" key={`${remark.at} ${remark.text}`}>
            {hourMinute(remark.at)} {remark.by}: <bdi>{remark.text}</bdi>
          </p>
        ))}
      </div>
    </li>
  );
}

/** As the room is at this moment: nothing that is old is handed over. */
function Live({ room, session }: { room: RoomStore; session: Session }) {
  const now = second.value;
  const alert = foremost(room.alerts.value);
  const vitals = room.vitals.value;
  const lost = link.value === 'lost';
  const bp = pressure(vitals['nibp'], session, now);
  const hr = shown(heartRate(vitals, now), now);
  const spo2 = shown(vitals['spo2'], now);
  const value = (text: string) => (lost ? strings.missing : text);
  const ends =
    session.phase === 'infusing' && session.started_at !== null
      ? now +
        Math.max(0, session.planned_s * 1_000 - session.infused_ms - (now - session.phase_since))
      : null;
  const who = alert?.acknowledged?.by;
  return (
    <>
      <p>
        <b>{session.initials}</b> {strings.phases[session.phase] ?? session.phase}: {value(bp.text)}
        {bp.taken_at !== null && !lost && ` (${hourMinute(bp.taken_at)})`},{' '}
        {`${strings.hr}\u00a0${value(hr.text)}, ${strings.spo2}\u00a0${value(spo2.text)}`}
      </p>
      {alert !== undefined && (
        <p class="handover-alert">
          <Glyph priority={alert.priority} /> {short(alert)}, {hourMinute(alert.raised_at)},{' '}
          {who === undefined ? words.nobodyHas : strings.isGoing(who)}
        </p>
      )}
      <p class="quiet">
        {[
          ...session.tasks.filter(({ kind }) => kind !== 'bp_due').map((task) => `${brief(task)}.`),
          ...(session.next_nibp_due === null
            ? []
            : [words.bpDue(hourMinute(session.next_nibp_due))]),
          ...(ends === null ? [] : [words.endsAbout(hourMinute(ends))]),
        ].join(' ')}
      </p>
    </>
  );
}
