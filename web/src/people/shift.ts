// What goes on beside the screens while somebody is on shift.

import { vibrate } from '../alerts/vibration';
import { keepAwake } from '../page/wakeLock';
import { watchIntegrity } from '../page/integrity';
import { watchBattery } from '../page/battery';
import { watchVersion } from '../page/update';
import { askServer } from './identify';
import { listen } from '../page/keyboard';
import { share } from '../alerts/tabs';

export function begin(): void {
  listen();
  watchIntegrity();
  share();
  vibrate();
  keepAwake();
  askServer();
  void watchBattery();
  watchVersion();
}
