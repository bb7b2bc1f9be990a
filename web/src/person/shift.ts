// What goes on beside the screens while somebody is on shift.

import { vibrate } from './buzz';
import { keepAwake } from './awake';
import { watchWhatIsDrawn } from '../drawn';
import { watchVersion } from '../served';
import { askServer } from './identify';
import { listen } from './keyboard';
import { share } from './tabs';

export function begin(): void {
  listen();
  watchWhatIsDrawn();
  share();
  vibrate();
  keepAwake();
  askServer();
  watchVersion();
}
