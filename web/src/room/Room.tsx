import { useEffect } from 'preact/hooks';
import { padOpen } from '../people/acting';
import { recordOpen } from '../page/dialogs';
import { Actions } from './Actions';
import { courseOf } from './course';
import { Given, Leave, LeaveActions, Record, Start, StartSession } from '../parts/care';
import { AudioButton } from '../parts/Audio';
import { Elsewhere } from '../alerts/Elsewhere';
import { EventList } from './EventList';
import { Clock, Live } from '../parts/Live';
import { Guard } from '../parts/Guard';
import { HelpButtons } from '../help/HelpButtons';
import { KeyHelp } from '../parts/MenuPlace';
import { NotApproved } from './NotApproved';
import { Notice } from '../parts/later';
import { Outcomes } from '../parts/alertlog';
import { OwnLimits } from './OwnLimits';
import { Elapsed, Phase, ProgressBar } from './Progress';
import { RoomNumbers } from './RoomNumbers';
import { Stack } from '../alerts/Stack';
import { Source, Unread } from '../ward/Tile';
import { QuietBar, QuietButton } from './QuietRoom';
import { ToDo } from './ToDo';
import { EarlierChoice } from '../trend/EarlierChoice';
import { Trend } from '../trend/Trend';
import { Undo } from '../record/Undo';
import { PadPlace, Who } from '../people/Who';
import { toCentral } from '../route';
import { strings } from '../strings';
import { later } from '../strings/later';
import { quietRoom } from '../alerts/sound';
import { ready, roomStore, type RoomStore } from '../ward/store';
import type { Session } from '../stream/shapes';

export function Room({ id }: { id: string }) {
  useEffect(() => () => void (recordOpen.value = false), []);
  // Read so that this draws again when the snapshot brings the room.
  const room = ready.value ? roomStore(id) : undefined;
  if (room === undefined) {
    return (
      <main class="plain">
        <h1>{ready.value ? later.noSuchRoom : `${strings.connecting}…`}</h1>
        <a class="button" href={toCentral}>
          {strings.allRooms}
        </a>
      </main>
    );
  }
  const session = room.session.value;
  const asking = padOpen.value;
  const recording = recordOpen.value && session !== null;
  const sheet = recording || asking;
  const course = session === null ? null : courseOf(session);
  return (
    <main
      class="room"
      data-testid="room"
      data-room={id}
      data-phase={session?.phase ?? 'none'}
      data-course={course ?? undefined}
      data-recording={sheet || undefined}
      data-quiet={quietRoom.value === id || undefined}
    >
      <QuietBar room={id} />
      <Head room={room} session={session} />
      <Unread room={room} />
      <Stack room={room} />
      {session !== null && <ToDo session={session} />}
      <RoomNumbers room={room} session={session} />
      {session !== null && course !== 'before' && (
        <Guard instead={NotDrawn}>
          <Given room={room} session={session} />
        </Guard>
      )}
      {sheet && <Notice />}
      <div class="room-lower">
        <div class="room-rest" inert={sheet}>
          {course === 'before' && session !== null ? (
            <Guard instead={NotDrawn}>
              <Start key={session.id} room={room} session={session} />
            </Guard>
          ) : (
            <div class="room-middle">
              {course === 'leave' && session !== null && (
                <Guard instead={NotDrawn}>
                  <Leave key={session.id} session={session} />
                </Guard>
              )}
              <Guard instead={NotDrawn}>
                <Trend room={room} />
              </Guard>
              <div class="side" role="region" aria-label={later.thisSession} tabIndex={0}>
                <Guard instead={NotDrawn}>
                  <Outcomes room={id} />
                  {session !== null && <OwnLimits session={session} />}
                  {session === null ? (
                    <StartSession room={room} />
                  ) : (
                    <>
                      <EventList session={session} />
                      <EarlierChoice session={session} />
                    </>
                  )}
                  {session !== null && <NotApproved session={session} />}
                  <KeyHelp />
                </Guard>
              </div>
            </div>
          )}
          {!sheet && (
            <div class="said">
              <Notice />
              {session !== null && <Undo session={session.id} />}
            </div>
          )}
          <div class="actions">
            {session !== null && (
              <Actions key={session.id} room={room} session={session} course={course} />
            )}
            {session !== null && course === 'leave' && <LeaveActions session={session} />}
            <HelpButtons room={room} />
            <QuietButton room={id} />
            <AudioButton />
          </div>
        </div>
        {recording && (
          <Guard instead={RecordNotDrawn}>
            {/* What was typed is still there once somebody has said who they are. */}
            <Record key={session.id} session={session} hidden={asking} />
          </Guard>
        )}
        <PadPlace />
      </div>
    </main>
  );
}

function NotDrawn() {
  return <p class="notice notice-bad">{later.notDrawn}</p>;
}

/** The way out of a sheet that is broken. */
function RecordNotDrawn() {
  return (
    <section class="record">
      <NotDrawn />
      <button type="button" onClick={() => (recordOpen.value = false)}>
        {later.close}
      </button>
    </section>
  );
}

function Head({ room, session }: { room: RoomStore; session: Session | null }) {
  return (
    <header class="room-head">
      <a class="button back-button" href={toCentral} aria-label={strings.allRooms}>
        ‹ <span class="wide-only">{strings.allRooms}</span>
      </a>
      <h1>{room.name.value}</h1>
      <Source room={room} />
      {session === null ? (
        <span class="who">{strings.noSession}</span>
      ) : (
        <>
          <span class="who">
            {session.initials} · {session.title}
          </span>
          <span class="chip">
            <Phase session={session} />
          </span>
          <Elapsed session={session} long />
          <ProgressBar session={session} />
        </>
      )}
      <span class="room-live">
        <Elsewhere room={room.id} />
        <Who />
        <Live />
        <Clock />
      </span>
    </header>
  );
}
