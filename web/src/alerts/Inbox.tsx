import { strings } from '../strings';
import { AlertLists } from './AlertLists';
import { BottomBar } from '../parts/BottomBar';
import { AlarmPath, Live } from '../parts/Live';
import { KeyHelp, Menu, Owed } from '../parts/MenuPlace';
import { Notes } from '../parts/LinkBar';
import { Notice } from '../parts/later';
import { PadPlace } from '../people/Who';

/** The alert list of a phone in a pocket. */
export function Inbox() {
  return (
    <>
      <main class="inbox" data-testid="inbox">
        <header class="inbox-head">
          <h1>{strings.alerts}</h1>
          <Live />
        </header>
        <PadPlace />
        <AlertLists large between={<Owed />} />
        <KeyHelp />
        <AlarmPath />
        <Menu />
      </main>
      <footer class="bottom">
        <Notes />
        <Notice />
        <BottomBar here="inbox" />
      </footer>
    </>
  );
}
