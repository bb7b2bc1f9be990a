// The name that this tab keeps over all of its connections, so that the server counts it once. It is
// made up, and names nobody.

import { idempotencyKey } from '../api';

const fresh = idempotencyKey();

export function screenId(): string {
  try {
    return (sessionStorage['dripwatch.screen'] ??= fresh);
  } catch {
    // A private window keeps nothing: the name then lasts as long as the page.
    return fresh;
  }
}
