// Which look the hour asks for. Pure.

export type Theme = 'dim' | 'light' | 'night';

/** Daylight until six, the evening until ten, then the night. The menu shows the hours. */
export function themeAt(hour: number): Theme {
  if (hour >= 7 && hour < 18) return 'light';
  return hour >= 18 && hour < 22 ? 'dim' : 'night';
}
