import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { second } from '../clock';
import { hourMinute } from '../format';
import { Live } from '../parts/Live';
import { me } from '../people/account';
import { actsNow } from '../people/acting';
import { byWhom } from '../people/asked';
import { PadPlace } from '../people/Who';
import { toCentral } from '../route';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { words } from '../strings/day';
import { roomIds, roomName, roomStore } from '../ward/store';
import { shortName } from '../ward/Tile';
import { PageFoot } from './PageFoot';
import {
  changed,
  choices,
  readAssigned,
  roomsOf,
  type Assigned,
  type AssignedRoom,
} from './assigned';

const REFRESH_MS = 15_000;

/** Who has which room, who is on a break, and who is told first. */
export function Assignments() {
  const known = useSignal<Assigned | null>(null);
  const wrong = useSignal('');
  const busy = useSignal(false);
  // What somebody else changes comes with the stream, and a backup a little later.
  const told = useComputed(
    () =>
      `${Math.floor(second.value / REFRESH_MS)} ${roomIds.value.map((id) => roomStore(id)?.nurse.value).join()}`,
  );
  useSignalEffect(() => {
    void told.value;
    void get('/assignments').then((answer) => {
      if (answer.ok) known.value = readAssigned(answer.value);
      wrong.value = answer.ok ? '' : answer.message;
    });
  });
  const put = async (body: object, what: string) => {
    busy.value = true;
    const answer = await byWhom((key) => command('PUT', '/assignments', body, key));
    busy.value = false;
    if (report(answer, what) && answer.ok) known.value = readAssigned(answer.value);
  };
  const off = busy.value || link.value === 'lost';
  const self = (actsNow.value ?? me.value)?.initials ?? '';
  const now = known.value;
  return (
    <>
      <main class="patients shift" data-testid="assignments">
        <header class="inbox-head">
          <h1>{words.assignments}</h1>
          <a class="button" href={toCentral}>
            {strings.allRooms} <kbd>C</kbd>
          </a>
          <Live />
        </header>
        <p class="quiet">{words.assignmentsHint}</p>
        {wrong.value !== '' && <p class="notice notice-bad">{wrong.value}</p>}
        {now === null ? (
          wrong.value === '' && <p class="quiet">{strings.loading}</p>
        ) : (
          <>
            <People known={now} self={self} off={off} put={put} />
            <ul>
              {now.rooms.map((of) => (
                <Room key={of.room} of={of} known={now} off={off} put={put} />
              ))}
            </ul>
          </>
        )}
      </main>
      <PageFoot>
        <PadPlace />
      </PageFoot>
    </>
  );
}

type Put = (body: object, what: string) => Promise<void>;

interface Props {
  known: Assigned;
  off: boolean;
  put: Put;
}

function Room({ of, known, off, put }: Props & { of: AssignedRoom }) {
  const name = roomName(of.room) ?? of.room;
  const give = (part: 'nurse' | 'backup', who: string) => {
    const next = changed(of, part, who);
    void put({ assignments: [next] }, words.assigned(name, next.nurse ?? words.nobody));
  };
  return (
    <li data-assign={of.room}>
      <b>{name}</b>
      <Choice
        label={words.nurse}
        full={words.nurseOf(name)}
        part="nurse"
        value={of.nurse}
        {...{ known, off, give }}
      />
      <Choice
        label={words.backup}
        full={words.backupOf(name)}
        part="backup"
        value={of.backup}
        {...{ known, off, give }}
      />
      <span class="quiet" data-first={of.first}>
        {of.first === '' ? words.toldEverybody : words.toldFirst(of.first)}
      </span>
    </li>
  );
}

function Choice({
  label,
  full,
  part,
  value,
  known,
  off,
  give,
}: {
  label: string;
  full: string;
  part: 'nurse' | 'backup';
  value: string;
  known: Assigned;
  off: boolean;
  give: (part: 'nurse' | 'backup', who: string) => void;
}) {
  const isOfStaff = (who: string) => known.people.some(({ initials }) => initials === who);
  return (
    <label>
      {label}{' '}
      <select
        name={part}
        aria-label={full}
        disabled={off}
        value={value}
        onChange={(event) => give(part, event.currentTarget.value)}
      >
        <option value="">{words.nobody}</option>
        {choices(known.people, value).map((who) => (
          <option key={who} value={who} selected={who === value}>
            {isOfStaff(who) ? who : words.leftStaff(who)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Who is here: a break is one's own, and a lead may say it of others. */
function People({ known, self, off, put }: Props & { self: string }) {
  const role = me.value?.role;
  const isLead = role === 'lead' || role === 'prescriber' || role === 'admin';
  const set = (initials: string, on_break: boolean) =>
    void put(
      { people: [{ initials, on_break }] },
      on_break ? words.breakBegun(initials) : words.breakOver(initials),
    );
  return (
    <section aria-label={words.people}>
      <h2>{words.people}</h2>
      <ul>
        {known.people.map(({ initials, on_break, on_break_since }) => {
          const own = initials === self;
          const rooms = roomsOf(known.rooms, initials).map((id) => shortName(roomName(id) ?? id));
          return (
            <li key={initials} data-person={initials}>
              <b>{initials}</b>
              <span class="quiet">
                {rooms.length === 0 ? words.noRoom : rooms.join(', ')} ·{' '}
                {on_break && on_break_since !== null
                  ? words.onBreakSince(hourMinute(on_break_since))
                  : words.here}
              </span>
              {(own || isLead) && (
                <button
                  type="button"
                  data-break={initials}
                  aria-pressed={on_break}
                  disabled={off}
                  onClick={() => set(initials, !on_break)}
                >
                  {own ? words.ownBreak : words.breakOf(initials)}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
