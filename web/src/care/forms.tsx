import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Typed } from '../record/bodies';
import { Field, Wrong } from '../record/Field';
import { pretty } from '../format';
import { words } from '../strings/care';
import { checkIn, follows, order, screening, usualOrder, type Ticked } from './bodies';
import { amount } from './dose';
import type { DosePlan } from './plan';
import type { Care, Item } from './read';
import { withReason, type Sender } from './send';
import { asksSigner, signer } from './Waive';

interface FormProps {
  sender: Sender;
  close: () => void;
}

interface ShellProps extends FormProps {
  title: string;
  wrong: string | null;
  reason?: Signal<string>;
  submit: () => void;
  children: ComponentChildren;
}

/** One form in the place of the blocks; the numerals stay where they are. */
function Shell({ title, sender, wrong, reason, close, submit, children }: ShellProps) {
  return (
    <form
      class="care-form"
      aria-label={title}
      data-testid="care-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="submit" class="go" disabled={sender.off}>
          {words.save}
        </button>
        <button type="button" onClick={close}>
          {words.back}
        </button>
      </header>
      <Wrong wrong={wrong ?? sender.wrong.value} />
      {reason !== undefined && (sender.unmet.value || reason.value !== '') && (
        <label>
          {words.goOnReason}
          <input
            name="override"
            maxlength={500}
            autocomplete="off"
            value={reason.value}
            onInput={(event) => (reason.value = event.currentTarget.value)}
          />
        </label>
      )}
      {children}
    </form>
  );
}

interface TickProps {
  name: string;
  label: string;
  ticked: Ticked;
  tick: (name: string) => void;
}

function Tick({ name, label, ticked, tick }: TickProps) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        name={name}
        checked={ticked[name] === true}
        onChange={() => tick(name)}
      />{' '}
      {label}
    </label>
  );
}

/** What staff state when the patient arrives. It begins with what was stated before. */
export function CheckInForm({ care, sender, close }: FormProps & { care: Care }) {
  const { stated, gates } = care;
  const isMet = (name: string) =>
    gates.some(({ items }) => items.some((item) => item.name === name && item.met));
  const typed = useSignal<Typed>({
    number: String(stated?.series?.number ?? ''),
    of: String(stated?.series?.of ?? ''),
    escort: stated?.escort?.name ?? '',
    phone: stated?.escort?.phone ?? '',
    weight_kg: String(stated?.weight_kg ?? ''),
    allergies: stated?.allergies ?? '',
  });
  const ticked = useSignal<Ticked>({
    name: isMet('identifiers'),
    birth_date: isMet('identifiers'),
    consent: isMet('consent'),
  });
  const wrong = useSignal<string | null>(null);
  const reason = useSignal('');
  const tick = (name: string) =>
    (ticked.value = { ...ticked.value, [name]: ticked.value[name] !== true });
  const submit = async () => {
    const made = checkIn(typed.value, ticked.value);
    wrong.value = made.wrong ?? null;
    if (made.event === undefined) return;
    if (await sender.send(withReason(made.event, reason.value), words.checkIn)) close();
  };
  return (
    <Shell
      title={words.checkIn}
      wrong={wrong.value}
      reason={reason}
      sender={sender}
      close={close}
      submit={() => void submit()}
    >
      <div class="fields">
        {Object.entries(words.identifiers).map(([name, label]) => (
          <Tick key={name} name={name} label={label} ticked={ticked.value} tick={tick} />
        ))}
        <Tick name="consent" label={words.consent} ticked={ticked.value} tick={tick} />
      </div>
      <div class="fields">
        <Field name="number" label={words.seriesNumber} typed={typed} />
        <Field name="of" label={words.seriesOf} typed={typed} />
        <Field name="weight_kg" label={words.weight} unit={words.kg} typed={typed} />
        <Field name="escort" label={words.escortName} typed={typed} words />
        <Field name="phone" label={words.escortPhone} typed={typed} words />
        <Field name="allergies" label={words.allergies} typed={typed} words />
      </div>
    </Shell>
  );
}

interface OrderProps extends FormProps {
  care: Care;
  dose: DosePlan | null;
}

export function OrderForm({ care, dose, sender, close }: OrderProps) {
  const known = care.order;
  const typed = useSignal<Typed>(
    known === null
      ? usualOrder(dose)
      : {
          ...usualOrder({ ...known, mg: known.mg_per_kg === null ? known.mg : null }),
          ordered_by: known.ordered_by,
        },
  );
  const wrong = useSignal<string | null>(null);
  const submit = async () => {
    const made = order(typed.value);
    wrong.value = made.wrong ?? null;
    if (made.event !== undefined && (await sender.send(made.event, words.order))) close();
  };
  const sum = follows(typed.value, known?.weight_kg ?? care.stated?.weight_kg ?? null);
  const shown = (value: number | null) => (value === null ? '' : amount(value));
  const byWeight = dose?.mg_per_kg !== null || known?.mg_per_kg != null;
  return (
    <Shell
      title={`${words.order} · ${dose?.drug ?? known?.drug ?? ''}`}
      wrong={wrong.value}
      sender={sender}
      close={close}
      submit={() => void submit()}
    >
      <div class="fields">
        {byWeight && <Field name="mg_per_kg" label={words.mgPerKg} unit="mg/kg" typed={typed} />}
        <Field name="mg" label={words.mg} unit="mg" typed={typed} />
        {dose?.pumped !== false && (
          <>
            <Field name="ml" label={words.ml} unit="mL" typed={typed} />
            <Field name="minutes" label={words.minutes} unit="min" typed={typed} />
          </>
        )}
        <Field name="ordered_by" label={words.orderedBy} typed={typed} words />
      </div>
      <p data-testid="follows">
        <b>{words.follows(shown(sum.mg), shown(sum.rate_ml_h))}</b>
      </p>
      <p class="quiet">{words.orderHint}</p>
    </Shell>
  );
}

/** Every question with yes and no; nothing is answered before somebody has tapped it. */
export function ScreeningForm({
  questions,
  sender,
  close,
}: FormProps & { questions: readonly Item[] }) {
  const answers = useSignal<Ticked>(
    Object.fromEntries(
      questions
        .filter(({ by }) => by !== '')
        .map(({ name, detail }) => [name, /^yes/.test(detail)] as const),
    ),
  );
  const reviewed = useSignal(false);
  const reason = useSignal('');
  const count = questions.filter(({ name }) => answers.value[name] !== undefined).length;
  const hasYes = Object.values(answers.value).includes(true);
  const answer = (name: string, is: boolean) => (answers.value = { ...answers.value, [name]: is });
  const submit = async () => {
    const isSigned = reviewed.value || reason.value.trim() !== '';
    if (isSigned && signer('prescriber') === null && !(await asksSigner('prescriber'))) return;
    const event = withReason(screening(answers.value, reviewed.value), reason.value);
    if (await sender.send(event, words.screening)) close();
  };
  return (
    <Shell
      title={`${words.screening} · ${words.answered(count, questions.length)}`}
      wrong={null}
      reason={reason}
      sender={sender}
      close={close}
      submit={() => void submit()}
    >
      <p class="quiet">{words.screeningHint}</p>
      <div class="fields">
        <button
          type="button"
          data-all-no
          onClick={() =>
            (answers.value = {
              ...Object.fromEntries(questions.map(({ name }) => [name, false])),
              ...answers.value,
            })
          }
        >
          {words.allNo}
        </button>
        {hasYes && (
          <Tick
            name="reviewed"
            label={words.reviewed}
            ticked={{ reviewed: reviewed.value }}
            tick={() => (reviewed.value = !reviewed.value)}
          />
        )}
      </div>
      <ul class="care-questions">
        {questions.map(({ name, text }) => (
          <li key={name} role="group" aria-label={pretty(text)}>
            <span>{pretty(text)}</span>
            {([false, true] as const).map((is) => (
              <button
                key={String(is)}
                type="button"
                data-answer={`${name} ${is ? 'yes' : 'no'}`}
                aria-pressed={answers.value[name] === is}
                onClick={() => answer(name, is)}
              >
                {is ? words.yes : words.no}
              </button>
            ))}
          </li>
        ))}
      </ul>
    </Shell>
  );
}
