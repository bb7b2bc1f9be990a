// How full this device's battery is, where the browser tells: whoever looks who can hear sees which
// phone will not last.

import { battery } from '../stream/socket';

interface Manager {
  readonly level: number;
  readonly charging: boolean;
  onlevelchange: (() => void) | null;
  onchargingchange: (() => void) | null;
}

export async function watchBattery(): Promise<void> {
  const found = await (navigator as { getBattery?: () => Promise<Manager> }).getBattery?.();
  const note = ({ level, charging }: Manager) =>
    (battery.value = { percent: level * 100, charging });
  if (found === undefined) return;
  note(found);
  found.onlevelchange = found.onchargingchange = () => note(found);
}
