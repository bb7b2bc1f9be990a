import { hourMinute } from '../format';
import { link } from '../stream';
import { later } from '../strings/later';
import { undo, undoable, undoAndTell } from '../undo';

/** When and by whom, and the way back. */
export function UndoButton({ tell }: { tell?: (said: { text: string; bad: boolean }) => void }) {
  const entry = undoable.value;
  if (entry === null) return null;
  const go = async () => {
    if (tell === undefined) return undoAndTell();
    const said = await undo();
    if (said !== null) tell(said);
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
        {later.undo}
      </button>
    </>
  );
}

/** Takes its own row, as a notice does. */
export function Undo() {
  const entry = undoable.value;
  return (
    <div role="status">
      {entry !== null && (
        <p class="notice menu-row">
          <b>✓ {entry.what}</b> <UndoButton />
        </p>
      )}
    </div>
  );
}
