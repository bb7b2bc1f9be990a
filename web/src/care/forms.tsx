import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { span_ms } from '../clock';
import type { Typed } from '../record/bodies';
import { Field, Wrong } from '../record/Field';
import { pretty } from '../format';
import { words } from '../strings/care';
import { checkIn, follows, order, screening, usualOrder, type Ticked } from './bodies';
import { amount } from './dose';
import { draft } from './draft';
import type { DosePlan, SprayPlan } from './plan';
import type { Care, Item } from './read';
import { withReason, type Sender } from './send';
import { asksSigner, signer } from './Waive';

interface FormProps {
  sender: Sender;
  close: () => void;
  /** The id of the session. */
  session: string;
}

/** What is typed in this form of the session: there again after a look at another page. */
const useDraft = <T,>(session: string, name: string, first: () => T) =>
  useMemo(() => draft(`${session} ${name}`, first), [session, name]);

/** What came a moment before a tap was not read by whoever tapped. */
const READ_MS = 1_000;

/**
 * Whether somebody else saved here what is another thing than when this form was opened: it is said
 * at once, and not replaced by a tap that came too soon to have seen it.
 */
function useSavedMeanwhile(session: string, name: string, saved: unknown) {
  const now = JSON.stringify(saved);
  const seen = useDraft(session, `${name} saved`, () => now);
  const since_ms = useRef(-Infinity);
  useLayoutEffect(() => void (since_ms.current = span_ms()), [now]);
  const isNew = seen.value !== now;
  return { isNew, isUnread: () => isNew && span_ms() - since_ms.current < READ_MS };
}

interface ShellProps extends Omit<FormProps, 'session'> {
  title: string;
  /** Who saved this meanwhile. */
  by: string | null;
  wrong: string | null;
  reason?: Signal<string>;
  submit: () => void;
  children: ComponentChildren;
}

/** One form in the place of the blocks; the numerals stay where they are. */
function Shell({ title, by, sender, wrong, reason, close, submit, children }: ShellProps) {
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
        {/* While it is on its way, what comes back is one's own. */}
        <Wrong
          wrong={
            wrong ??
            sender.wrong.value ??
            (by === null || sender.off ? null : words.savedMeanwhile(by))
          }
        />
      </header>
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
export function CheckInForm({ care, sender, close, session }: FormProps & { care: Care }) {
  const { stated, gates } = care;
  const isMet = (name: string) =>
    gates.some(({ items }) => items.some((item) => item.name === name && item.met));
  const typed = useDraft<Typed>(session, 'patient', () => ({
    number: String(stated?.series?.number ?? ''),
    of: String(stated?.series?.of ?? ''),
    escort: stated?.escort?.name ?? '',
    phone: stated?.escort?.phone ?? '',
    weight_kg: String(stated?.weight_kg ?? ''),
    allergies: stated?.allergies ?? '',
  }));
  const ticked = useDraft<Ticked>(session, 'patient ticks', () => ({
    name: isMet('identifiers'),
    birth_date: isMet('identifiers'),
    consent: isMet('consent'),
  }));
  const meanwhile = useSavedMeanwhile(session, 'patient', stated);
  const wrong = useSignal<string | null>(null);
  const reason = useSignal('');
  const tick = (name: string) =>
    (ticked.value = { ...ticked.value, [name]: ticked.value[name] !== true });
  const submit = async () => {
    const made = checkIn(typed.value, ticked.value);
    wrong.value = made.wrong ?? null;
    if (made.event === undefined) return;
    if (meanwhile.isUnread()) return;
    if (await sender.send(withReason(made.event, reason.value), words.checkIn)) close();
  };
  return (
    <Shell
      title={words.checkIn}
      by={meanwhile.isNew ? byOf(gates, 'check_in') : null}
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

export function OrderForm({ care, dose, sender, close, session }: OrderProps) {
  const known = care.order;
  const typed = useDraft<Typed>(session, 'order', () =>
    known === null
      ? usualOrder(dose)
      : {
          ...usualOrder({ ...known, mg: known.mg_per_kg === null ? known.mg : null }),
          ordered_by: known.ordered_by,
        },
  );
  const meanwhile = useSavedMeanwhile(session, 'order', known);
  const wrong = useSignal<string | null>(null);
  const submit = async () => {
    const made = order(typed.value);
    wrong.value = made.wrong ?? null;
    if (made.event === undefined) return;
    if (meanwhile.isUnread()) return;
    if (await sender.send(made.event, words.order)) close();
  };
  const sum = follows(typed.value, known?.weight_kg ?? care.stated?.weight_kg ?? null);
  const shown = (value: number | null) => (value === null ? '' : amount(value));
  const byWeight = dose?.mg_per_kg !== null || known?.mg_per_kg != null;
  return (
    <Shell
      title={`${words.order} · ${dose?.drug ?? known?.drug ?? ''}`}
      by={meanwhile.isNew ? (known?.by ?? '') : null}
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
      {dose?.sprays != null ? (
        <Devices sprays={dose.sprays} typed={typed} />
      ) : (
        <>
          <p data-testid="follows">
            <b>{words.follows(shown(sum.mg), shown(sum.rate_ml_h))}</b>
          </p>
          <p class="quiet">{words.orderHint}</p>
        </>
      )}
    </Shell>
  );
}

/** The doses that whole devices make up, one tap each. */
function Devices({ sprays, typed }: { sprays: SprayPlan; typed: Signal<Typed> }) {
  const counts = Array.from({ length: sprays.most }, (_, index) => index + 1);
  return (
    <div class="care-buttons">
      {counts.map((count) => {
        const mg = String(count * sprays.device_mg);
        return (
          <button
            key={count}
            type="button"
            data-devices={count}
            aria-pressed={typed.value['mg'] === mg}
            onClick={() => (typed.value = { ...typed.value, mg })}
          >
            <b>{words.devices(count, mg)}</b>
            {count > 1 && <small>{words.devicesApart(sprays.apart_s / 60)}</small>}
          </button>
        );
      })}
    </div>
  );
}

/** Who said something of this step. */
const byOf = (gates: Care['gates'], step: string) =>
  gates.find((gate) => gate.step === step)?.items.find(({ by }) => by !== '')?.by ?? '';

const answered = (questions: readonly Item[]): Ticked =>
  Object.fromEntries(
    questions
      .filter(({ by }) => by !== '')
      .map(({ name, detail }) => [name, /^yes/.test(detail)] as const),
  );

/** Every question with yes and no; nothing is answered before somebody has tapped it. */
export function ScreeningForm({
  questions,
  sender,
  close,
  session,
}: FormProps & { questions: readonly Item[] }) {
  const answers = useDraft<Ticked>(session, 'screening', () => answered(questions));
  const meanwhile = useSavedMeanwhile(session, 'screening', answered(questions));
  const reviewed = useSignal(false);
  const reason = useSignal('');
  const count = questions.filter(({ name }) => answers.value[name] !== undefined).length;
  const hasYes = Object.values(answers.value).includes(true);
  const answer = (name: string, is: boolean) => (answers.value = { ...answers.value, [name]: is });
  const submit = async () => {
    if (meanwhile.isUnread()) return;
    const isSigned = reviewed.value || reason.value.trim() !== '';
    const isAsked = isSigned && signer('prescriber') === null;
    if (isAsked && !(await asksSigner('prescriber'))) return;
    const event = withReason(screening(answers.value, reviewed.value), reason.value);
    if (await sender.send(event, words.screening, isAsked)) close();
  };
  return (
    <Shell
      title={`${words.screening} · ${words.answered(count, questions.length)}`}
      by={meanwhile.isNew ? (questions.find(({ by }) => by !== '')?.by ?? '') : null}
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
