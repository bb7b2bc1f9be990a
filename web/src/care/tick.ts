/** An item of a gate that a person sees to, or no longer does. */
export function tick(item: string, over = false): { type: string } {
  return { type: 'check', item, ...(over ? { over } : {}) } as { type: string };
}
