import { useSignal } from '@preact/signals';
import { oxygen, oxygenWords } from '../care/bodies';
import { careOf } from '../care/read';
import { later } from '../strings/later';
import { words } from '../strings/care';
import { words as record } from '../strings/record';
import type { Session } from '../stream/shapes';
import type { Typed } from './bodies';
import { Field, Wrong } from './Field';
import type { Save } from './Record';

interface Props {
  session: Session;
  off: boolean;
  save: Save;
}

/** L/min that are buttons; any other goes by the field. 0 is off. */
const FLOWS = [0, 2, 4];

type Severity = keyof typeof words.severity;
const SEVERITIES = Object.keys(words.severity) as Severity[];

/** Oxygen, a note, and what went wrong. */
export function CarePage({ session, off, save }: Props) {
  const note = useSignal<Typed>({});
  const adverse = useSignal<Typed>({});
  const severity = useSignal<Severity>('mild');
  const wrong = useSignal<string | null>(null);
  const { oxygen: runs } = careOf(session);
  const said = (typed: Typed, name: string) => typed[name]?.trim() ?? '';
  const sendNote = async () => {
    const text = said(note.value, 'text');
    if (text === '') return;
    if (await save({ type: 'note', text } as { type: string }, words.note)) note.value = {};
  };
  const sendAdverse = async () => {
    const [text, action] = [said(adverse.value, 'text'), said(adverse.value, 'action')];
    wrong.value = text === '' ? record.fillIn : null;
    if (text === '') return;
    const event = {
      type: 'adverse_event',
      text,
      severity: severity.value,
      ...(action === '' ? {} : { action }),
    };
    if (await save(event, words.adverse)) adverse.value = {};
  };
  return (
    <div class="care-page">
      <div class="scale" role="group" aria-label={words.oxygen}>
        <span>
          {words.oxygen}{' '}
          <small>{runs === null ? words.off : words.now_l_min(runs.flow_l_min)}</small>
        </span>
        <div class="scale-values">
          {FLOWS.map((flow_l_min) => (
            <button
              key={flow_l_min}
              type="button"
              data-oxygen={flow_l_min}
              disabled={off}
              onClick={() => void save(oxygen(flow_l_min), oxygenWords(flow_l_min))}
            >
              {flow_l_min === 0 ? words.off : `${flow_l_min} ${words.l_min}`}
            </button>
          ))}
        </div>
      </div>
      <form
        class="fields"
        data-testid="care-note"
        onSubmit={(event) => {
          event.preventDefault();
          void sendNote();
        }}
      >
        <Field name="text" label={words.noteText} typed={note} words required />
        <button type="submit" disabled={off}>
          {later.save}
        </button>
      </form>
      <form
        class="fields"
        data-testid="adverse"
        onSubmit={(event) => {
          event.preventDefault();
          void sendAdverse();
        }}
      >
        <div class="scale-values" role="group" aria-label={words.adverse}>
          {SEVERITIES.map((one) => (
            <button
              key={one}
              type="button"
              data-severity={one}
              aria-pressed={severity.value === one}
              onClick={() => (severity.value = one)}
            >
              {words.severity[one]}
            </button>
          ))}
        </div>
        <Field name="text" label={words.adverseText} typed={adverse} words required />
        <Field name="action" label={words.action} typed={adverse} words />
        <button type="submit" disabled={off}>
          {later.save}
        </button>
        <Wrong wrong={wrong.value} />
      </form>
    </div>
  );
}
