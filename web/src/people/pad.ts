// What the keys of the pad do. Pure.

export interface Typed {
  readonly initials: string;
  readonly pin: string;
}

export const NOTHING: Typed = { initials: '', pin: '' };
const PIN_MIN = 4;
export const PIN_MAX = 6;

export function press(typed: Typed, key: string): Typed {
  if (/^\d$/.test(key)) {
    return typed.pin.length < PIN_MAX ? { ...typed, pin: typed.pin + key } : typed;
  }
  return key === 'Backspace' ? { ...typed, pin: typed.pin.slice(0, -1) } : typed;
}

export function isComplete({ initials, pin }: Typed): boolean {
  return initials.trim() !== '' && pin.length >= PIN_MIN;
}

/** `●●●●○○`: how many were typed, and not which. */
export function dots({ pin }: Typed): string {
  return '●'.repeat(pin.length).padEnd(PIN_MAX, '○');
}
