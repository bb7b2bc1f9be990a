import { zone } from '../format';

/** `21 November 2026` */
export function longDate(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
}

/** `22 Nov` */
export function dayMonth(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
  });
}
