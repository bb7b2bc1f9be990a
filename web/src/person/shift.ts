// What goes on beside the screens while somebody is on shift.

import { vibrate } from './buzz';
import { keepAwake } from './awake';
import { askServer } from './identify';
import { share } from './tabs';

export function begin(): void {
  share();
  vibrate();
  keepAwake();
  askServer();
}
