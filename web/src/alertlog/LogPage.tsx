import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { hourMinute, pretty, span, zone } from '../format';
import { Glyph } from '../parts/Glyph';
import { toAlertWeek, toSession } from '../parts/routes';
import { me } from '../people/account';
import { strings } from '../strings';
import { words } from '../strings/alertlog';
import { later } from '../strings/later';
import { roomIds, roomName } from '../ward/store';
import { Frame } from './Frame';
import { nameOf } from './names';
import {
  ANYTHING,
  askForLog,
  csvOf,
  isAnything,
  wantedOf,
  type Logged,
  type Page,
  type Said,
  type Wanted,
} from './log';

/** How long after the last key it is searched: one call a word, not one a letter. */
const PAUSE_MS = 200;

/** Kept while the page is open: who comes back from a session finds what they had searched. */
const wanted = signal<Wanted>(ANYTHING);
/** Where the pages that were turned over began; the first begins at null. */
const turned = signal<readonly (string | null)[]>([null]);

/** Alerts by day, room, rule, outcome and who took them, the newest first. */
export function LogPage({ query }: { query: string }) {
  const page = useSignal<Page | null>(null);
  const wrong = useSignal<string | null>(null);
  const latest = useRef(0);
  const here = useRef('');
  if (query !== here.current && query !== '') {
    here.current = query;
    wanted.value = wantedOf(query);
    turned.value = [null];
  }
  const after = turned.value.at(-1) ?? null;
  useEffect(() => {
    latest.current += 1;
    const mine = latest.current;
    const ask = async () => {
      const answer = await askForLog(wanted.peek(), after, zone);
      // What was asked before is answered after, now and then.
      if (mine !== latest.current) return;
      if (answer.ok) page.value = answer.value;
      wrong.value = answer.ok ? null : answer.message;
    };
    const timer = setTimeout(() => void ask(), page.peek() === null ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      latest.current += 1;
    };
  }, [wanted.value, after]);
  const shown = page.value;
  const mayReadFigures = !['nurse', 'display'].includes(me.value?.role ?? '');
  return (
    <Frame
      title={words.log}
      testid="alert-log"
      beside={
        mayReadFigures && (
          <a class="button" href={toAlertWeek()}>
            {words.week}
          </a>
        )
      }
    >
      <Search />
      {wrong.value !== null && (
        <p class="notice notice-bad" role="alert">
          {wrong.value}
        </p>
      )}
      {shown === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {shown?.alerts.length === 0 && (
        <p class="quiet">{isAnything(wanted.value) ? words.noneAtAll : words.noneFound}</p>
      )}
      {shown !== null && shown.alerts.length > 0 && <List alerts={shown.alerts} />}
      {shown !== null && (turned.value.length > 1 || shown.next !== null) && (
        <nav class="chips" aria-label={words.found}>
          <button
            type="button"
            data-page="newer"
            disabled={turned.value.length === 1}
            onClick={() => (turned.value = turned.value.slice(0, -1))}
          >
            ‹ {words.newer}
          </button>
          <button
            type="button"
            data-page="older"
            disabled={shown.next === null}
            onClick={() => (turned.value = [...turned.value, shown.next])}
          >
            {words.older} ›
          </button>
        </nav>
      )}
    </Frame>
  );
}

function search(change: Partial<Wanted>): void {
  wanted.value = { ...wanted.value, ...change };
  turned.value = [null];
}

function Search() {
  const { day, from, to, room, condition, outcome, person } = wanted.value;
  const rooms = [...new Set([...roomIds.value, ...(room === '' ? [] : [room])])];
  const rules = [...new Set([...Object.keys(words.conditions), ...(condition ? [condition] : [])])];
  return (
    <form
      class="alertlog-search"
      role="search"
      aria-label={words.search}
      onSubmit={(event) => event.preventDefault()}
    >
      <label>
        {words.day}
        <input
          type="date"
          name="day"
          value={day}
          onInput={(event) => search({ day: event.currentTarget.value, from: '', to: '' })}
        />
      </label>
      <Choice
        name="room"
        label={words.room}
        value={room}
        any={words.anyRoom}
        choices={rooms.map((id) => [id, roomName(id) ?? id])}
      />
      <Choice
        name="condition"
        label={words.rule}
        value={condition}
        any={words.anyRule}
        choices={rules.map((one) => [one, nameOf(one)])}
      />
      <Choice
        name="outcome"
        label={words.outcome}
        value={outcome}
        any={words.anyOutcome}
        choices={[['missing', words.missing], ...Object.entries(later.outcomes)]}
      />
      <label>
        {words.person}
        <input
          name="person"
          autocomplete="off"
          maxlength={12}
          value={person}
          onInput={(event) => search({ person: event.currentTarget.value })}
        />
      </label>
      {from !== '' && to !== '' && <p class="alertlog-span">{words.weekOf(from, to)}</p>}
      {!isAnything(wanted.value) && (
        <button type="button" data-clear onClick={() => search(ANYTHING)}>
          {words.clear}
        </button>
      )}
      <a class="button" data-csv href={csvOf(wanted.value, zone)} download="alerts.csv">
        {words.csv}
      </a>
    </form>
  );
}

interface ChoiceProps {
  name: 'room' | 'condition' | 'outcome';
  label: string;
  value: string;
  any: string;
  choices: readonly (readonly [string, string])[];
}

function Choice({ name, label, value, any, choices }: ChoiceProps) {
  return (
    <label>
      {label}
      <select
        name={name}
        value={value}
        onChange={(event) => search({ [name]: event.currentTarget.value })}
      >
        <option value="">{any}</option>
        {choices.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function List({ alerts }: { alerts: readonly Logged[] }) {
  const { columns } = words;
  return (
    <div class="alertlog-list" role="region" aria-label={words.found} tabIndex={0}>
      <table>
        <caption class="hidden">{words.found}</caption>
        <thead>
          <tr>
            {Object.entries(columns).map(([key, name]) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <tr key={alert.id} data-alert={alert.id}>
              <th scope="row">
                <Raised alert={alert} />
              </th>
              <td data-of={columns.room}>
                {alert.room === null ? words.ward : (roomName(alert.room) ?? alert.room)}
              </td>
              <td data-of={columns.what}>
                <span class="alertlog-what">
                  <Glyph priority={alert.priority} /> {pretty(alert.text)}
                </span>
              </td>
              <td data-of={columns.taken}>
                {alert.taken === null
                  ? words.nobody
                  : words.takenBy(alert.taken.by, span(alert.taken.after_ms))}
              </td>
              <td data-of={columns.lasted}>
                {alert.ended_at === null ? words.still : span(alert.ended_at - alert.raised_at)}
                {alert.silenced && <small> {words.silenced}</small>}
              </td>
              <td data-of={columns.outcome}>
                <CameOf alert={alert} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Raised({ alert: { session, raised_at } }: { alert: Logged }) {
  const when = `${dayOf(raised_at)}, ${hourMinute(raised_at)}`;
  if (session === null) return <span class="alertlog-when">{when}</span>;
  return (
    <a class="button" href={toSession(session)}>
      {when}
    </a>
  );
}

function CameOf({ alert: { outcome, said, ended_at } }: { alert: Logged }) {
  const last = said.at(-1);
  const earlier = said.slice(0, -1).map(saidText);
  const now =
    outcome === null
      ? ended_at === null
        ? ''
        : words.notSaid
      : last?.outcome === outcome
        ? saidText(last)
        : outcomeName(outcome);
  return (
    <>
      {now}
      {earlier.length > 0 && <small>{words.before(earlier.join(', '))}</small>}
    </>
  );
}

const outcomeName = (outcome: string): string =>
  later.outcomes[outcome as keyof typeof later.outcomes] ?? outcome;

function saidText({ outcome, by, at }: Said): string {
  const what = outcome === null ? words.takenBack : outcomeName(outcome);
  return words.saidBy(what, by, hourMinute(at));
}

/** `Fri 27 Nov` */
function dayOf(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
}
