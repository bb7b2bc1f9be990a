import { NoMonitors, NoRooms, Notice } from '../parts/later';
import type { ComponentChildren } from 'preact';
import { needsPerson } from '../alerts/alerts';
import { strings } from '../strings';
import { AlertLists } from '../alerts/AlertLists';
import { AudioButton } from '../parts/Audio';
import { Glyph } from '../parts/Glyph';
import { Grid, type Rooms } from './Grid';
import { AlarmPath, Clock, Live } from '../parts/Live';
import { Notes } from '../parts/LinkBar';
import { KeyHelp, Menu, Owed } from '../parts/MenuPlace';
import { PadPlace } from '../people/Who';
import { openAlerts, ready, roomIds, sessionCount } from './store';

const SKELETONS = 8;
const MANY_ROOMS = 20;

export function Central() {
  return (
    <Station
      name="central"
      between={<Owed />}
      more={ready.value && <NoMonitors />}
      foot={
        <>
          <KeyHelp />
          <PadPlace />
          <AudioButton />
          <Menu />
        </>
      }
    />
  );
}

interface Parts {
  name: string;
  /** Those that are shown here. */
  rooms?: Rooms;
  /** After the alerts that wait. */
  between?: ComponentChildren;
  /** Below the lists of alerts. */
  more?: ComponentChildren;
  /** Pinned to the end of the rail. */
  foot: ComponentChildren;
}

/** All rooms, and beside them the rail. */
export function Station({ name, rooms = {}, between, more, foot }: Parts) {
  return (
    <main class="central" data-testid={name}>
      <h1 class="hidden">{strings.allRooms}</h1>
      <div class="rooms">
        {!ready.value ? (
          <Skeleton />
        ) : roomIds.value.length === 0 ? (
          <NoRooms />
        ) : (
          <Grid {...rooms} />
        )}
      </div>
      <aside class="rail" aria-label={strings.alerts}>
        <div class="rail-head">
          <Clock />
          <Live />
        </div>
        <Counts />
        <AlarmPath />
        <div class="notes">
          <Notes />
          <Notice />
        </div>
        <div class="rail-lists">
          <AlertLists between={between} />
          {more}
          {(rooms.ids ?? roomIds.value).length > MANY_ROOMS && (
            <p class="quiet">{strings.manyRooms}</p>
          )}
        </div>
        {foot}
      </aside>
    </main>
  );
}

function Counts() {
  // What is over is listed, and calls nobody.
  const active = openAlerts.value.filter((alert) => needsPerson(alert) && alert.state === 'active');
  return (
    <div class="counts">
      {(['high', 'medium', 'low'] as const).map((priority) => {
        const count = active.filter((alert) => alert.priority === priority).length;
        return (
          <span key={priority} data-none={count === 0 || undefined} data-count={priority}>
            <Glyph priority={priority} /> {count}
          </span>
        );
      })}
      <span class="in-session">{strings.inSession(sessionCount.value)}</span>
      <span class="hidden" role="status">
        {active.length > 0 ? strings.needsAPerson : ''}
      </span>
    </div>
  );
}

/** Before the first snapshot there are places for rooms, and no numbers. */
function Skeleton() {
  return (
    <div
      class="grid skeleton"
      aria-hidden="true"
      style={{ '--columns': 4, '--rows': 'repeat(2, 1fr)' }}
    >
      {Array.from({ length: SKELETONS }, (_, index) => (
        <div class="tile" key={index} />
      ))}
    </div>
  );
}
