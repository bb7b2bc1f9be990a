import { isCuffGate } from './cuff';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { heartRate, pressure, shown } from './vitals';
import type { RoomStore } from '../ward/store';

/** The three numbers of a room as they should be drawn now. */
export function numeralsOf(room: RoomStore, now: number): { hr: string; spo2: string; bp: string } {
  const blank = strings.missing;
  if (link.value === 'lost') return { hr: blank, spo2: blank, bp: `${blank}/${blank}` };
  const vitals = room.vitals.value;
  const gate = isCuffGate(room.cuff.value, now);
  return {
    hr: shown(heartRate(vitals, now), now, gate).text,
    spo2: shown(vitals['spo2'], now, gate).text,
    bp: pressure(vitals['nibp'], room.session.value, now).text,
  };
}
