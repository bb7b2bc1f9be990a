import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { hourMinute } from '../format';
import { longDate } from '../rules/date';
import { link } from '../stream/socket';
import { fields, text } from '../stream/fields';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { moved } from './order';
import { badDose, EMPTY_LINE, itemOf, lineOf, readList, type ClinicList, type Line } from './read';

const NAMES = ['medications', 'symptoms', 'checklist'] as const;
type ListName = (typeof NAMES)[number];

/** As the server bounds them. */
const ITEMS_MAX = 100;
const TEXT_MAX = 100;
const UNIT_MAX = 20;

/** What screens offer by one tap, as this clinic wants it. */
export function ListsPage() {
  const name = useSignal<ListName>('medications');
  return (
    <section data-testid="admin-lists">
      <div class="chips" role="group" aria-label={words.pages['lists']}>
        {NAMES.map((one) => (
          <button
            key={one}
            type="button"
            data-list={one}
            aria-pressed={name.value === one}
            onClick={() => (name.value = one)}
          >
            {words.lists[one]}
          </button>
        ))}
      </div>
      <OneList key={name.value} name={name.value} />
    </section>
  );
}

interface Wrong {
  readonly line: number | null;
  readonly why: string;
}

/** Each line with a number of its own, so that it stays the same one while it is moved. */
interface Kept {
  readonly key: number;
  readonly line: Line;
}

let keys = 0;
const keep = (line: Line): Kept => ({ key: (keys += 1), line });

function OneList({ name }: { name: ListName }) {
  const known = useSignal<ClinicList | null>(null);
  const lines = useSignal<readonly Kept[]>([]);
  const changed = useSignal(false);
  const wrong = useSignal<Wrong | null>(null);
  const isMedication = name === 'medications';

  const show = (list: ClinicList) => {
    known.value = list;
    lines.value = list.lines.map(keep);
    changed.value = false;
    wrong.value = null;
  };
  const load = async () => {
    const answer = await get(`/lists/${name}`);
    if (answer.ok) show(readList(answer.value));
    else wrong.value = { line: null, why: answer.message };
  };
  useEffect(() => void load(), [name]);

  const edit = (next: readonly Kept[]) => {
    lines.value = next;
    changed.value = true;
    wrong.value = null;
  };
  const save = async (event: Event) => {
    event.preventDefault();
    const bad = isMedication
      ? lines.value.findIndex(({ line }) => badDose(line.doses) !== null)
      : -1;
    if (bad !== -1) {
      const dose = badDose(lines.value[bad]?.line.doses ?? '') ?? '';
      wrong.value = { line: bad, why: words.badDose(dose.trim()) };
      return;
    }
    const answer = await command('PUT', `/lists/${name}`, {
      version: known.value?.version ?? 0,
      items: lines.value.map(({ line }) => itemOf(line, isMedication)),
    });
    if (answer.ok) {
      report(answer, words.listSaved(words.lists[name] ?? name));
      show(readList(answer.value));
      return;
    }
    const line = lineOf(text(fields(answer.problem)['field']));
    wrong.value = { line, why: answer.message };
  };
  if (known.value === null) {
    return wrong.value === null ? (
      <p class="quiet">{strings.loading}</p>
    ) : (
      <p class="notice notice-bad">{wrong.value.why}</p>
    );
  }
  const { version, by, at } = known.value;
  return (
    <form class="admin-lines" onSubmit={(event) => void save(event)}>
      <p class="quiet">
        {words.listHints[name]}{' '}
        {version === 0 || at === null
          ? words.shipped
          : words.versionBy(version, by, `${longDate(at)}, ${hourMinute(at)}`)}
      </p>
      {lines.value.length === 0 && <p class="quiet">{words.noItems}</p>}
      <ol class="admin-list">
        {lines.value.map(({ key, line }, index) => (
          <li key={key} data-line={index} data-wrong={wrong.value?.line === index || undefined}>
            <OneLine
              line={line}
              isMedication={isMedication}
              n={index + 1}
              first={index === 0}
              last={index === lines.value.length - 1}
              set={(next) =>
                edit(lines.value.map((one) => (one.key === key ? { key, line: next } : one)))
              }
              move={(by) => edit(moved(lines.value, index, index + by))}
              remove={() => edit(lines.value.filter((one) => one.key !== key))}
            />
            {wrong.value?.line === index && (
              <p class="wrong" role="alert">
                {wrong.value.why}
              </p>
            )}
          </li>
        ))}
      </ol>
      {wrong.value !== null && wrong.value.line === null && (
        <p class="notice notice-bad" role="alert">
          {wrong.value.why}{' '}
          <button type="button" onClick={() => void load()}>
            {words.again}
          </button>
        </p>
      )}
      <div class="chips admin-save">
        <button
          type="button"
          data-add
          disabled={lines.value.length >= ITEMS_MAX}
          onClick={() => edit([...lines.value, keep(EMPTY_LINE)])}
        >
          {words.addItem}
        </button>
        <button class="go" disabled={!changed.value || link.value === 'lost'}>
          {words.saveList}
        </button>
        {changed.value && (
          <>
            <button type="button" onClick={() => void load()}>
              {words.cancel}
            </button>
            <span role="status">{words.unsaved}</span>
          </>
        )}
      </div>
    </form>
  );
}

interface LineProps {
  line: Line;
  isMedication: boolean;
  n: number;
  first: boolean;
  last: boolean;
  set: (line: Line) => void;
  move: (by: number) => void;
  remove: () => void;
}

function OneLine({ line, isMedication, n, first, last, set, move, remove }: LineProps) {
  const what = (isMedication ? line.drug : line.text) || words.line(n);
  const field = (name: keyof Line, label: string, max: number, hint?: string) => (
    <label>
      {label}
      <input
        name={name}
        required
        maxlength={max}
        autocomplete="off"
        {...(hint === undefined ? {} : { placeholder: hint })}
        value={line[name]}
        onInput={(event) => set({ ...line, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <>
      <span class="arrows">
        <button
          type="button"
          data-move="up"
          disabled={first}
          aria-label={words.up(what)}
          onClick={() => move(-1)}
        >
          ↑
        </button>
        <button
          type="button"
          data-move="down"
          disabled={last}
          aria-label={words.down(what)}
          onClick={() => move(1)}
        >
          ↓
        </button>
      </span>
      <div class={isMedication ? 'admin-fields' : 'admin-fields admin-text'}>
        {isMedication ? (
          <>
            {field('drug', words.drug, TEXT_MAX)}
            {field('doses', words.doses, TEXT_MAX, words.dosesHint)}
            {field('unit', words.unit, UNIT_MAX)}
            {field('route', words.route, UNIT_MAX)}
          </>
        ) : (
          field('text', words.text, TEXT_MAX)
        )}
      </div>
      <button type="button" data-remove aria-label={`${words.remove} ${what}`} onClick={remove}>
        {words.remove}
      </button>
    </>
  );
}
