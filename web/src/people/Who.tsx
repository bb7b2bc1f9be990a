import { actsNow, padOpen } from './acting';
import { second } from '../clock';
import { span } from '../format';
import * as sound from '../alerts/sound';
import { me } from './account';
import { strings } from '../strings';
import { Pad } from '../parts/later';

/** Opening the pad is also the gesture that browsers want before a page may sound. */
export function askWho(): void {
  padOpen.value = true;
  void sound.turnOn();
}

/** The name under which things are done here now. */
export function Who() {
  const acts = actsNow.value;
  return (
    <button type="button" data-acting={acts?.initials} aria-haspopup="dialog" onClick={askWho}>
      {acts === null
        ? me.value?.initials
        : strings.acts(acts.initials, span(acts.until - second.value))}
    </button>
  );
}

/** Where the pad opens: beside what it is for, and never over a number. */
export function PadPlace() {
  return padOpen.value ? <Pad /> : null;
}
