// All flashing frames share one phase, so that the wall blinks and never shimmers.

/** Whatever begins to flash does so as if it had begun when the page did. */
export function flashTogether(): void {
  addEventListener('animationstart', ({ target }) => {
    for (const flash of (target as Element).getAnimations({ subtree: true })) flash.startTime = 0;
  });
}
