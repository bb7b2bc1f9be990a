import { notice } from '../actions';

/** How the last thing that this person did went. Takes its own row: it never covers numbers. */
export function Notice() {
  const now = notice.value;
  return (
    <div class="notice-place" role="status">
      {now !== null && <p class={now.bad ? 'notice notice-bad' : 'notice'}>{now.text}</p>}
    </div>
  );
}
