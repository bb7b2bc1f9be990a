// All flashing frames share one phase, so that the wall blinks and never shimmers.

import { useMemo } from 'preact/hooks';
import { span_ms } from '../clock';

/** A whole number of both flash periods: 8 × 625 ms and 3 × 1 666.7 ms. */
const COMMON_MS = 5_000;

/** The style of an element that starts to flash when `state` becomes what it is. */
export function usePhase(state: string): Record<string, string> {
  return useMemo(() => ({ '--phase': `-${Math.round(span_ms() % COMMON_MS)}ms` }), [state]);
}
