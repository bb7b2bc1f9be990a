import { helpOpen } from '../page/dialogs';
import { strings } from '../strings';
import { outcomesOwed } from '../alerts/actions';
import { KeyList, MenuItems, Outcomes } from './later';
import { Who } from '../people/Who';

/** What is in the menu comes after the first screen. */
export function Menu() {
  return (
    <div class="menu-row">
      <details class="menu">
        <summary>{strings.more}</summary>
        <MenuItems />
      </details>
      <Who />
    </div>
  );
}

/** Asks what an alert was that somebody took here. */
export function Owed() {
  return outcomesOwed.value.length > 0 ? <Outcomes /> : null;
}

export function KeyHelp() {
  return helpOpen.value ? <KeyList /> : null;
}
