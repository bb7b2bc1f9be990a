import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { recordEvent, report } from '../alerts/actions';
import { get } from '../api';
import { hourMinute, pretty, span } from '../format';
import { Glyph } from '../parts/Glyph';
import { Live } from '../parts/Live';
import { actsNow } from '../people/acting';
import { me } from '../people/account';
import { byWhom } from '../people/asked';
import { PadPlace } from '../people/Who';
import { toCentral, toRoom } from '../route';
import { toPatients, toSessions } from '../parts/routes';
import { PageFoot } from './PageFoot';
import { RecordFiles } from './RecordFiles';
import { Keeping } from './Keeping';
import { Review } from './review';
import { strings } from '../strings';
import { later } from '../strings/later';
import { words } from '../strings/day';
import { fields, list, number, readAll, text } from '../stream/fields';
import { link } from '../stream/socket';
import type { Alert, Session } from '../stream/shapes';
import { readAlert, readSession } from '../stream/wire';
import { roomName } from '../ward/store';
import { dayMonth, longDate } from '../rules/date';
import { baselineText, givenText, peakText } from './facts';
import { itemsInWords } from './NotSigned';

/** As the server bounds a note. */
const NOTE_MAX = 500;

interface Looked {
  readonly session: Session;
  readonly room: string;
  readonly patient: string | null;
  /** Its course of treatments; null where it is of none. */
  readonly course: string | null;
  /** Which treatment of it this is, and of how many. */
  readonly number: number | null;
  readonly of: number | null;
  readonly ended_at: number | null;
  /** What was removed from its record, if anything was. */
  readonly removed: 'personal' | 'session' | null;
  readonly baseline: string;
  readonly peak: string;
  readonly given: string;
  /** The drug that was ordered; empty where none was. */
  readonly ordered: string;
  /** Who signed it off; undefined where the server knows of no signatures. */
  readonly signed: { readonly by: string; readonly at: number } | null | undefined;
  /** What was added once it was over. */
  readonly addenda: readonly {
    readonly n: number;
    readonly at: number;
    readonly by: string;
    readonly text: string;
    readonly late: boolean;
  }[];
}

function readLooked(raw: unknown): Looked | null {
  const session = readSession(raw);
  if (session === null) return null;
  const from = fields(raw);
  const patient = fields(from['patient']);
  const series = fields(fields(from['stated'])['series']);
  return {
    session,
    room: text(from['room']),
    patient: text(patient['id']) || null,
    course: text(patient['course']) || null,
    number: number(patient['number']) ?? number(series['number']),
    of: number(series['of']),
    // A session that is over has been so since its last phase began.
    ended_at: words.ended[session.phase] === undefined ? null : session.phase_since,
    removed:
      from['removed'] === 'personal' || from['removed'] === 'session' ? from['removed'] : null,
    baseline: baselineText(from['baseline']),
    peak: peakText(from['peak']),
    given: givenText(from['given']),
    ordered: text(fields(from['order'])['drug']),
    signed: 'signed_off' in from ? readSigned(from['signed_off']) : undefined,
    addenda: readAll(from['addenda'], (one) => {
      const added = fields(one);
      const at = number(added['at']);
      if (at === null) return null;
      const late = added['after_sign_off'] === true;
      const [by, said] = [text(added['by']), text(added['text'])];
      return { n: number(added['n']) ?? at, at, by, text: said, late };
    }),
  };
}

function readSigned(raw: unknown): { by: string; at: number } | null {
  const from = fields(raw);
  const at = number(from['at']);
  return at === null ? null : { by: text(from['by']), at };
}

/** A session to look back at: its course, its alerts, and what was recorded. */
export function PastSession({ id }: { id: string }) {
  const looked = useSignal<Looked | null>(null);
  const alerts = useSignal<readonly Alert[]>([]);
  const wrong = useSignal<string | null>(null);
  const asked = useSignal(0);
  useEffect(() => {
    let isHere = true;
    void get(`/sessions/${encodeURIComponent(id)}`).then((answer) => {
      if (!isHere) return;
      if (answer.ok) looked.value = readLooked(answer.value);
      wrong.value = answer.ok
        ? looked.value === null
          ? words.notThere
          : null
        : answer.status === 404
          ? words.notThere
          : answer.message;
    });
    void get(`/alerts?session=${encodeURIComponent(id)}&limit=1000`).then((answer) => {
      if (isHere && answer.ok)
        alerts.value = readAll(fields(answer.value)['alerts'], readAlert).sort(
          (a, b) => a.raised_at - b.raised_at,
        );
    });
    return () => {
      isHere = false;
    };
  }, [id, asked.value]);
  return (
    <>
      <main class="past" data-testid="past">
        <Head looked={looked.value} />
        {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
        {looked.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
        {looked.value?.removed === 'session' && (
          <div class="past-column">
            <Keeping id={id} changed={() => (asked.value += 1)} />
          </div>
        )}
        {looked.value !== null && looked.value.removed !== 'session' && (
          <Review
            session={looked.value.session}
            addenda={looked.value.addenda}
            otherwise={
              <>
                <Raised alerts={alerts.value} />
                <Recorded looked={looked.value} />
              </>
            }
            beside={
              <div class="past-column">
                <Facts looked={looked.value} />
                <RecordFiles
                  id={id}
                  profile={looked.value.session.profile}
                  ordered={looked.value.ordered}
                />
                {looked.value.signed !== undefined && looked.value.ended_at !== null && (
                  <Signing
                    id={id}
                    looked={looked.value}
                    alerts={alerts.value}
                    changed={() => (asked.value += 1)}
                  />
                )}
                <Keeping id={id} changed={() => (asked.value += 1)} />
              </div>
            }
          />
        )}
      </main>
      <PageFoot>
        <PadPlace />
      </PageFoot>
    </>
  );
}

function Head({ looked }: { looked: Looked | null }) {
  const how = looked === null ? undefined : words.ended[looked.session.phase];
  const { initials, title, opened_at } = looked?.session ?? {};
  const who =
    looked?.removed === 'session'
      ? words.deleted
      : looked?.removed === 'personal'
        ? words.personalRemoved
        : initials;
  return (
    <header class="inbox-head past-head">
      <a class="button" href={toSessions()}>
        ‹ {later.sessions}
      </a>
      <h1>{looked === null ? words.session : `${who}, ${title}`}</h1>
      {looked !== null && (
        <>
          <span class="chip chip-inverted past-is">
            {how === undefined ? words.running : words.notLive}
          </span>
          <span class="quiet">
            {[
              ...(looked.number === null ? [] : [words.ofCourse(looked.number, looked.of)]),
              `${dayMonth(opened_at ?? 0)} ${hourMinute(opened_at ?? 0)}`,
              roomName(looked.room) ?? looked.room,
              ...(how === undefined ? [] : [`${how} ${hourMinute(looked.ended_at ?? 0)}`]),
            ].join(', ')}
          </span>
        </>
      )}
      <a class="button" href={toCentral}>
        {strings.allRooms} <kbd>C</kbd>
      </a>
      <Live />
    </header>
  );
}

function Facts({ looked }: { looked: Looked }) {
  const { session, room, ended_at } = looked;
  const rows: readonly (readonly [string, string])[] = [
    [words.opened, `${longDate(session.opened_at)}, ${hourMinute(session.opened_at)}`],
    [words.room, roomName(room) ?? room],
    [words.started, session.started_at === null ? '' : hourMinute(session.started_at)],
    [words.endedAt, ended_at === null ? '' : hourMinute(ended_at)],
    [words.given, looked.given],
    [words.baseline, looked.baseline],
    [words.peak, looked.peak],
    [words.by, session.events.findLast(({ by }) => by !== '')?.by ?? ''],
  ];
  return (
    <section class="past-part" aria-label={words.facts}>
      <h2>{words.facts}</h2>
      <dl class="past-facts">
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <p class="chips">
        {ended_at === null && (
          <a class="button" href={toRoom(room)}>
            {words.openRoom}
          </a>
        )}
        {looked.patient !== null && (
          <a class="button" href={toPatients(looked.patient)}>
            {words.allOf}
          </a>
        )}
        {looked.course !== null && (
          <a class="button" href={toSessions({ course: looked.course })}>
            {words.allOfCourse}
          </a>
        )}
      </p>
    </section>
  );
}

function Raised({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <section class="past-part" aria-label={words.alertsOf}>
      <h2>
        {words.alertsOf} <span>{alerts.length}</span>
      </h2>
      {alerts.length === 0 && <p class="quiet">{words.noAlerts}</p>}
      <ol class="past-list">
        {alerts.map((alert) => {
          const had = alert.acknowledged ?? alert.acknowledged_before;
          const outcome = later.outcomes[alert.outcome as keyof typeof later.outcomes];
          return (
            <li key={alert.id} data-alert={alert.id}>
              <time>{hourMinute(alert.raised_at)}</time>
              <span class="past-alert">
                <Glyph priority={alert.priority} /> {pretty(alert.text)}
              </span>
              <small>
                {had === null
                  ? words.nobodyTook
                  : words.took(had.by, span(had.at - alert.raised_at))}
                {', '}
                {outcome ?? words.outcomeMissing}
              </small>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Recorded({ looked: { session, addenda } }: { looked: Looked }) {
  return (
    <section class="past-part" aria-label={words.events}>
      <h2>
        {words.events} <span>{session.events.length}</span>
      </h2>
      <ol class="past-list">
        {session.events.map((event) => (
          <li key={event.n}>
            <time>{hourMinute(event.at)}</time>
            <bdi>
              {event.withdrawn === null ? (
                pretty(event.text)
              ) : (
                <del>{later.withdrawn(pretty(event.text))}</del>
              )}
            </bdi>
            <small>{event.by}</small>
          </li>
        ))}
        {addenda.map((added) => (
          <li key={`added ${added.n}`}>
            <time>{hourMinute(added.at)}</time>
            <bdi>
              {added.text}
              {added.late && <small> ({words.addedAfter})</small>}
            </bdi>
            <small>{added.by}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface SigningProps {
  id: string;
  looked: Looked;
  alerts: readonly Alert[];
  changed: () => void;
}

/** Who puts their name to it, with what is still open; and what is added once it is over. */
function Signing({ id, looked: { signed, session }, alerts, changed }: SigningProps) {
  const note = useSignal('');
  const busy = useSignal(false);
  const open = [
    ...(alerts.some(({ priority, outcome }) => priority === 'high' && outcome === null)
      ? ['outcome_missing']
      : []),
    ...(list(fields(session.raw)['waived']).length > 0 ? ['gate_waived'] : []),
  ];
  const enter = async (event: { type: string }, what: () => string) => {
    busy.value = true;
    const answer = await byWhom((key) => recordEvent(id, event, key));
    busy.value = false;
    const isDone = report(answer, what());
    if (isDone) changed();
    return isDone;
  };
  const off = busy.value || link.value === 'lost';
  /** Whose name it will be, where it is not that of who has signed in. */
  const acts = actsNow.value;
  return (
    <section class="past-part screen-only" data-testid="signing" aria-label={words.signOff}>
      {signed ? (
        <p>✓ {words.signedBy(signed.by, hourMinute(signed.at))}</p>
      ) : (
        <>
          {open.length > 0 && <p class="quiet">{words.signOffOpen(itemsInWords(open))}</p>}
          <button
            type="button"
            class="go"
            data-sign
            disabled={off}
            onClick={() =>
              void enter({ type: 'sign_off' }, () =>
                words.signedOffBy((actsNow.peek() ?? me.peek())?.initials ?? ''),
              )
            }
          >
            {acts === null ? words.signOff : words.signOffAs(acts.initials)}
          </button>
        </>
      )}
      <form
        class="past-note"
        onSubmit={(event) => {
          event.preventDefault();
          const said = { type: 'note', text: note.value.trim() };
          void enter(said, () => words.added).then((isDone) => {
            if (isDone) note.value = '';
          });
        }}
      >
        <label>
          {words.note}
          <input
            name="note"
            required
            maxlength={NOTE_MAX}
            autocomplete="off"
            value={note.value}
            onInput={(event) => (note.value = event.currentTarget.value)}
          />
        </label>
        <button disabled={off}>{words.addNote}</button>
      </form>
    </section>
  );
}
