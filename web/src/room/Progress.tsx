import { second } from '../clock';
import { span } from '../format';
import { strings } from '../strings';
import type { Session } from '../stream/shapes';

/** How long the drug has run; before and after the infusion, how long the phase has. */
export function elapsed_ms(session: Session, now: number): number {
  const running = session.phase === 'infusing' ? now - session.phase_since : 0;
  const infused = session.infused_ms + Math.max(0, running);
  const inInfusion = session.phase === 'infusing' || session.phase === 'paused';
  return inInfusion ? infused : now - session.phase_since;
}

function hasPlan(session: Session): boolean {
  return (session.phase === 'infusing' || session.phase === 'paused') && session.planned_s > 0;
}

interface Props {
  session: Session;
  now?: number;
}

export function Elapsed({ session, now = second.value, long = false }: Props & { long?: boolean }) {
  const minutes = Math.round(session.planned_s / 60);
  return (
    <span class="elapsed">
      {span(elapsed_ms(session, now))}
      {hasPlan(session) && (
        <span class="planned">{long ? ` ${strings.of(minutes)}` : `/${minutes}`}</span>
      )}
    </span>
  );
}

export function ProgressBar({ session, now = second.value }: Props) {
  const share = hasPlan(session)
    ? Math.min(1, elapsed_ms(session, now) / (session.planned_s * 1_000))
    : 0;
  return (
    <div class="progress" aria-hidden="true">
      <i style={{ transform: `scaleX(${share.toFixed(3)})` }} />
    </div>
  );
}

export function Phase({ session }: { session: Session }) {
  const stopped = session.phase === 'held' || session.phase === 'paused';
  return (
    <span class={stopped ? 'chip chip-inverted' : 'phase'} data-phase={session.phase}>
      {strings.phases[session.phase] ?? session.phase.replaceAll('_', ' ')}
    </span>
  );
}
