import { notice } from '../alerts/actions';
import { strings } from '../strings';

/** How the last thing that this person did went. Takes its own row: it never covers numbers. */
export function Notice() {
  const now = notice.value;
  return (
    <div class="notice-place" role="status">
      {now !== null && (
        <p class={now.bad ? 'notice notice-bad' : 'notice'}>
          {now.text}{' '}
          {now.act && (
            <button type="button" data-act onClick={now.act.go}>
              {now.act.label}
            </button>
          )}
          {now.bad && (
            <button type="button" onClick={() => (notice.value = null)}>
              {strings.dismiss}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
