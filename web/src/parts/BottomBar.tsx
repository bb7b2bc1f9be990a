import { toCentral, toInbox } from '../route';
import { strings } from '../strings';
import { AudioButton } from './Audio';

export function BottomBar({ here }: { here: 'inbox' | 'other' }) {
  return (
    <nav class="bottombar" aria-label={strings.product}>
      <a class="button" href={toInbox} aria-current={here === 'inbox' ? 'page' : undefined}>
        {strings.alerts}
      </a>
      <a class="button" href={toCentral}>
        {strings.rooms}
      </a>
      <AudioButton />
    </nav>
  );
}
