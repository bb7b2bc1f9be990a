// The earlier session that lies in grey under today's values, aligned at the start.

import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { emptyHistory, extend, type History } from './history';
import { readings } from '../ward/queries';
import type { PastSession } from './past';

/** What came before the start is drawn too, as far back as a baseline takes. */
const BEFORE_MS = 900_000;

/** The same values, as if its start had been today's. */
export function alignedTo(history: History, start: number, today: number): History {
  const by = today - start;
  const move = <Moment extends { readonly at: number }>(moments: readonly Moment[]) =>
    moments.map((one) => ({ ...one, at: one.at + by }));
  return {
    hr: move(history.hr),
    spo2: move(history.spo2),
    bp: move(history.bp),
    takenBack: [],
  };
}

/** Null while none is chosen, and until its values are there. */
export function useUnder(
  past: PastSession | null,
  today: number | null,
): ReadonlySignal<History | null> {
  const found = useSignal<{ readonly start: number; readonly history: History } | null>(null);
  const starts = useSignal(today);
  starts.value = today;
  const id = past?.id ?? null;
  const start = past?.started_at ?? null;
  useEffect(() => {
    found.value = null;
    if (id === null || start === null) return;
    let over = false;
    void readings(`sessions/${encodeURIComponent(id)}/readings`, start - BEFORE_MS).then(
      (answer) => {
        if (over || !answer.ok) return;
        const history = emptyHistory();
        for (const reading of answer.value) extend(history, reading);
        found.value = { start, history };
      },
    );
    return () => {
      over = true;
    };
  }, [id, start]);
  return useComputed(() =>
    found.value === null || starts.value === null
      ? null
      : alignedTo(found.value.history, found.value.start, starts.value),
  );
}
