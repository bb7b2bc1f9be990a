const CLOCK = 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2';
const PATHS: Readonly<Record<string, string>> = {
  bp_due: CLOCK,
  repeat_cuff: 'M19 9A8 8 0 1 0 20 14M20 4v5h-5',
  marked_rise: 'M4 18l6-7 4 3 6-9M14 5h6v6',
  move_probe: 'M3 12h18M8 7l-5 5 5 5M16 7l5 5-5 5',
  // A finger in its clip.
  check_probe: 'M4 8h13a4 4 0 0 1 0 8H4M4 4h9M4 20h9',
  outcome_missing: 'M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2.500M12 19v.1',
  suggestion: 'M9 17a6 6 0 1 1 6 0v2H9zM10 22h4',
  hold: 'M8 5v14M16 5v14',
};

/** What a task is about, in thin grey lines: it is no alert. */
export function TaskIcon({ kind }: { kind: string }) {
  return (
    <svg class="task-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[kind] ?? CLOCK} />
    </svg>
  );
}
