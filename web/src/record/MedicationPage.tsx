import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { medication, oxygen, oxygenWords } from '../care/bodies';
import { careOf } from '../care/read';
import { second } from '../clock';
import { hourMinute, span } from '../format';
import { actsNow, padOpen } from '../people/acting';
import { askWho } from '../people/Who';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { words } from '../strings/care';
import { words as record } from '../strings/record';
import type { Session } from '../stream/shapes';
import { decimal, type Typed } from './bodies';
import { Field, Wrong } from './Field';
import { isOxygen, lastOf, medicationList, wordsOf, type Drug } from './medications';
import type { Save } from './Record';

interface Props {
  session: Session;
  off: boolean;
  save: Save;
}

let known: readonly Drug[] | null = null;

interface Wanted {
  readonly event: { type: string };
  readonly what: string;
}

/** A tap on a dose saves it. Whoever gives it has said who they are within two minutes. */
export function MedicationPage({ session, off, save }: Props) {
  const drugs = useSignal(known);
  const failed = useSignal(false);
  /** What was tapped before somebody said who they are. */
  const wanted = useSignal<Wanted | null>(null);
  const writes = useSignal(false);
  useEffect(() => {
    void medicationList().then((found) => {
      failed.value = found === null;
      if (found !== null) drugs.value = known = found;
    });
  }, []);
  const acts = actsNow.value;
  const isOpen = padOpen.value;
  useEffect(() => {
    const next = wanted.peek();
    if (next === null || isOpen) return;
    wanted.value = null;
    // The pad was closed: without a name nothing is recorded.
    if (acts !== null) void save(next.event, next.what);
  }, [isOpen]);
  const give = (event: { type: string }, what: string) => {
    // Nobody can be asked while the server is away: it is kept under the name of who is signed in.
    if (acts !== null || link.value === 'lost') return save(event, what);
    wanted.value = { event, what };
    askWho();
    return Promise.resolve(true);
  };
  const { medications, stated, oxygen: runs } = careOf(session);
  return (
    <div class="medications">
      <p class="care-line">
        <span>
          {stated !== null && stated.allergies !== '' && (
            <b class="care-warn">{words.allergy(stated.allergies)} </b>
          )}
          {words.doseHint(drugs.value?.some(({ usual }) => usual !== null) === true)}
        </span>
        <small>
          {acts === null
            ? words.pinFirst
            : words.pinLeft(acts.initials, span(acts.until - second.value))}
        </small>
      </p>
      {failed.value && <p class="notice notice-bad">{words.listFailed}</p>}
      <ul class="drugs">
        {drugs.value?.map((drug) =>
          isOxygen(drug) ? (
            <Oxygen
              key={drug.drug}
              drug={drug}
              now={runs?.flow_l_min ?? null}
              off={off}
              give={give}
            />
          ) : (
            <Row
              key={`${drug.drug} ${drug.route}`}
              drug={drug}
              given={medications}
              off={off}
              give={give}
            />
          ),
        )}
        <li class="drug">
          <span>
            <b>{words.other}</b>
            <small>{words.otherHint}</small>
          </span>
          <button type="button" data-other-drug onClick={() => (writes.value = !writes.value)}>
            {words.write}
          </button>
        </li>
      </ul>
      {writes.value && <Other off={off} give={give} />}
    </div>
  );
}

type Give = (event: { type: string }, what: string) => Promise<boolean>;

interface RowProps {
  drug: Drug;
  given: ReturnType<typeof careOf>['medications'];
  off: boolean;
  give: Give;
}

function Row({ drug, given, off, give }: RowProps) {
  const last = lastOf(given, drug);
  return (
    <li class="drug" data-drug={drug.drug}>
      <span>
        <b>{wordsOf(drug.drug, null, '', drug.route)}</b>
        <small>
          {last === null
            ? words.noneToday
            : `${hourMinute(last.at)}, ${wordsOf('', last.dose, last.unit, '').trim()}`}
        </small>
      </span>
      {drug.doses.map((dose) => (
        <button
          key={dose}
          type="button"
          class={dose === drug.usual ? 'usual' : ''}
          data-dose={`${drug.drug} ${dose}`}
          aria-label={wordsOf(drug.drug, dose, drug.unit, drug.route)}
          disabled={off}
          onClick={() =>
            void give(
              medication(drug.drug, dose, drug.unit, drug.route),
              wordsOf(drug.drug, dose, drug.unit, drug.route),
            )
          }
        >
          {dose} {drug.unit}
        </button>
      ))}
    </li>
  );
}

/** What runs now, and what turns it off. */
function Oxygen({
  drug,
  now,
  off,
  give,
}: {
  drug: Drug;
  now: number | null;
  off: boolean;
  give: Give;
}) {
  const flows = now === null ? drug.doses : [0, ...drug.doses];
  return (
    <li class="drug" data-drug={drug.drug}>
      <span>
        <b>{words.oxygen}</b>
        <small>{now === null ? words.off : words.now_l_min(now)}</small>
      </span>
      {flows.map((flow) => (
        <button
          key={flow}
          type="button"
          class={flow === drug.usual ? 'usual' : ''}
          data-dose={`oxygen ${flow}`}
          aria-label={oxygenWords(flow)}
          aria-pressed={flow === (now ?? 0)}
          disabled={off}
          onClick={() => void give(oxygen(flow, drug.route || 'nasal'), oxygenWords(flow))}
        >
          {flow === 0 ? words.off : `${flow} ${words.l_min}`}
        </button>
      ))}
    </li>
  );
}

/** What the list does not have. */
function Other({ off, give }: { off: boolean; give: Give }) {
  const typed = useSignal<Typed>({ unit: 'mg' });
  const wrong = useSignal<string | null>(null);
  const submit = async () => {
    const said = (name: string) => typed.value[name]?.trim() ?? '';
    const dose = said('dose') === '' ? null : decimal(said('dose'));
    if (said('dose') !== '' && dose === null) wrong.value = record.notANumber(words.dose);
    else if (said('drug') === '') wrong.value = record.fillIn;
    else {
      wrong.value = null;
      const args = [said('drug'), dose, said('unit'), said('route')] as const;
      if (await give(medication(...args), wordsOf(...args))) typed.value = { unit: 'mg' };
    }
  };
  return (
    <form
      class="fields"
      data-testid="other-drug"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field name="drug" label={words.drug} typed={typed} words required />
      <Field name="dose" label={words.dose} typed={typed} />
      <Field name="unit" label={words.unit} typed={typed} />
      <Field name="route" label={words.route} typed={typed} />
      <button type="submit" class="go" disabled={off}>
        {later.save}
      </button>
      <Wrong wrong={wrong.value} />
    </form>
  );
}
