// What goes on beside the screens while somebody is on shift.

import { vibrate } from './buzz';
import { keepAwake } from './awake';
import { askServer } from './identify';
import { listen } from './keys';
import { share } from './tabs';

export function begin(): void {
  listen();
  share();
  vibrate();
  keepAwake();
  askServer();
}
