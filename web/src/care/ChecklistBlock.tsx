import { recordOpen } from '../page/dialogs';
import { pretty } from '../format';
import { words } from '../strings/care';
import type { Placed } from './gates';
import { keyOf, type Plan } from './plan';
import { Mark, whoAndWhen } from './Row';
import type { Sender } from './send';
import { tick } from './tick';

interface Props {
  items: readonly Placed[];
  plan: Plan | null;
  sender: Sender;
  openScreening: () => void;
  openCheckIn: () => void;
}

/** What a person sees to before the start. The questions of the screening are one entry. */
export function ChecklistBlock({ items, plan, sender, openScreening, openCheckIn }: Props) {
  const questions = items.filter(({ step }) => step === 'screening').map(({ item }) => item);
  const rest = items.filter(({ step }) => step !== 'screening');
  const done = questions.filter(({ met }) => met).length;
  const yes = questions.filter(({ met, by }) => !met && by !== '');
  return (
    <div class="care-ticks">
      {questions.length > 0 && (
        <button
          type="button"
          class="care-tick"
          data-form="screening"
          data-met={done === questions.length}
          onClick={openScreening}
        >
          <Mark met={done === questions.length} ticked />
          <span>
            {words.screening}
            <small>
              {yes.length > 0
                ? yes.map(({ text }) => pretty(text)).join('; ')
                : words.answered(done, questions.length)}
            </small>
          </span>
        </button>
      )}
      {rest.map(({ step, item }) => {
        const kind = plan?.items.get(keyOf(step, item.name))?.kind;
        const isTick = kind === 'ticked' && !item.measured;
        const act = isTick
          ? () =>
              void sender.send(
                tick(item.name, item.met),
                item.met ? words.unticked(item.text) : item.text,
              )
          : kind === 'scored'
            ? () => (recordOpen.value = true)
            : openCheckIn;
        const detail = whoAndWhen(item) || pretty(item.detail);
        const content = (
          <>
            <Mark met={item.met} ticked={isTick} />
            <span>
              {pretty(item.text)}
              <small>{detail}</small>
            </span>
          </>
        );
        return item.measured || kind === 'other' || kind === undefined ? (
          <p key={item.name} class="care-tick" data-item={item.name} data-met={item.met}>
            {content}
          </p>
        ) : (
          <button
            key={item.name}
            type="button"
            class="care-tick"
            data-item={item.name}
            data-met={item.met}
            aria-pressed={isTick ? item.met : undefined}
            disabled={sender.off}
            onClick={act}
          >
            {content}
          </button>
        );
      })}
    </div>
  );
}
