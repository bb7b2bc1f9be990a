import { second } from '../clock';
import { hourMinute, span } from '../format';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { undo, undoable, undoAndShow } from './undo';

interface Props {
  /** Nothing is taken back in another patient's room. */
  session: string;
  /** Who says how it went, when it is not the notice. */
  onUndone?: (said: { text: string; bad: boolean }) => void;
}

/** When and by whom, and the way back. */
export function UndoButton({ session, onUndone }: Props) {
  const entry = undoable.value;
  if (entry?.session !== session) return null;
  const go = async () => {
    if (onUndone === undefined) return undoAndShow();
    const said = await undo();
    if (said !== null) onUndone(said);
  };
  return (
    <>
      <span>{later.by(hourMinute(entry.at), entry.by)}</span>
      <button
        type="button"
        data-undo={entry.n}
        disabled={link.value === 'lost'}
        onClick={() => void go()}
      >
        {later.undo} <span class="undo-left">{span(entry.until - second.value)}</span>
      </button>
    </>
  );
}

/** Takes its own row, as a notice does. */
export function Undo({ session }: { session: string }) {
  const entry = undoable.value;
  return (
    <div role="status">
      {entry?.session === session && (
        <p class="notice menu-row">
          <b>✓ {entry.what}</b> <UndoButton session={session} />
        </p>
      )}
    </div>
  );
}
