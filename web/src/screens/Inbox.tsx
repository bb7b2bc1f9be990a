import { strings } from '../strings';
import { AlertLists } from '../parts/AlertLists';
import { BottomBar } from '../parts/BottomBar';
import { AlarmPath, Live } from '../parts/Live';
import { lazily } from '../parts/lazily';
import { Notice } from '../parts/Notice';

const Outcomes = lazily(async () => (await import('../parts/OutcomeChips')).Outcomes, '');
const Menu = lazily(async () => (await import('../parts/Menu')).Menu);

/** The alert list of a phone in a pocket. */
export function Inbox() {
  return (
    <>
      <main class="inbox" data-testid="inbox">
        <header class="inbox-head">
          <h1>{strings.alerts}</h1>
          <Live />
        </header>
        <Outcomes />
        <AlertLists large />
        <AlarmPath />
        <Menu />
      </main>
      <footer class="bottom">
        <Notice />
        <BottomBar here="inbox" />
      </footer>
    </>
  );
}
