import { strings } from '../strings';
import { AlertLists } from '../parts/AlertLists';
import { BottomBar } from '../parts/BottomBar';
import { AlarmPath, Live } from '../parts/Live';
import { Menu } from '../parts/Menu';
import { Notice } from '../parts/Notice';
import { Outcomes } from '../parts/OutcomeChips';

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
