import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Sure } from '../admin/Sure';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { hourMinute } from '../format';
import { actsNow } from '../people/acting';
import { me } from '../people/account';
import { byWhom } from '../people/asked';
import { longDate } from '../rules/date';
import { words } from '../strings/day';
import { mayRemove, readKeeping, type Kept, type Removal } from './keeping';

/** As the server bounds a reason. */
const REASON_MAX = 500;

const moment = (at: number) => `${longDate(at)}, ${hourMinute(at)}`;
const removal = (said: (when: string, by: string) => string, { at, by, reason }: Removal) =>
  `${said(moment(at), by ?? words.theProgram)} ${reason}`;

/** How the record is kept, what becomes of it, and its removal. */
export function Keeping({ id, changed }: { id: string; changed: () => void }) {
  const kept = useSignal<Kept | null>(null);
  const wrong = useSignal<string | null>(null);
  const asked = useSignal(0);
  useEffect(() => {
    let isHere = true;
    void get(`/sessions/${encodeURIComponent(id)}/keeping`).then((answer) => {
      if (!isHere) return;
      if (answer.ok) kept.value = readKeeping(answer.value);
      wrong.value = answer.ok ? null : answer.message;
    });
    return () => {
      isHere = false;
    };
  }, [id, asked.value]);
  const now = kept.value;
  const again = () => {
    asked.value += 1;
    changed();
  };
  return (
    <section class="past-part screen-only" data-testid="keeping" aria-label={words.keeping}>
      <h2>{words.keeping}</h2>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {now !== null && (
        <>
          {sentences(now).map((sentence) => (
            <p key={sentence}>
              <bdi>{sentence}</bdi>
            </p>
          ))}
          {now.deleted === null && now.ended_at !== null && mayRemove(actsNow.value, me.value) && (
            <Remove id={id} isRedacted={now.redacted !== null} changed={again} />
          )}
        </>
      )}
    </section>
  );
}

function sentences(kept: Kept): readonly string[] {
  if (kept.deleted !== null) return [removal(words.wasDeleted, kept.deleted)];
  const delete_due_at = kept.delete_due_at;
  return [
    ...(kept.redacted === null ? [] : [removal(words.wasRedacted, kept.redacted)]),
    kept.sealed_at !== null
      ? words.sealedSince(moment(kept.sealed_at))
      : kept.seal_due_at !== null
        ? words.sealedAfter(moment(kept.seal_due_at))
        : words.sealedOnceOver,
    delete_due_at === null ? words.keptForEver : words.deletedAfter(moment(delete_due_at)),
  ];
}

interface RemoveProps {
  id: string;
  isRedacted: boolean;
  changed: () => void;
}

function Remove({ id, isRedacted, changed }: RemoveProps) {
  const reason = useSignal('');
  const said = reason.value.trim();
  const act = async (what: 'redact' | 'delete', done: string) => {
    const answer = await byWhom((key) =>
      command('POST', `/sessions/${encodeURIComponent(id)}/${what}`, { reason: said }, key),
    );
    if (report(answer, done)) changed();
  };
  return (
    <div class="past-keeping">
      <label>
        {words.removalReason}
        <input
          name="removal-reason"
          maxlength={REASON_MAX}
          autocomplete="off"
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
        <small>{words.reasonStays}</small>
      </label>
      <p class="chips">
        {!isRedacted && (
          <Sure
            label={words.redact}
            sure={words.redactSure}
            hint={words.redactHint}
            disabled={said === ''}
            act={() => act('redact', words.redacted)}
          />
        )}
        <Sure
          label={words.remove}
          sure={words.removeSure}
          hint={words.removeHint}
          disabled={said === ''}
          act={() => act('delete', words.removedAll)}
        />
      </p>
    </div>
  );
}
