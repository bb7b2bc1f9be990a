import { hourMinute, pretty } from '../format';
import { conditionName, lowBaseline, stagesOf } from './annotationText';
import { later } from '../strings/later';
import type { PersonalLimit, Session } from '../stream/shapes';
import { Annotations } from './Annotations';

/** Whose limits these are, why, and who answers for them. */
export function OwnLimits({ session }: { session: Session }) {
  if (session.personal_limits.length === 0 && !session.known_low) return null;
  return (
    <section class="own" data-testid="own-limits">
      <h2>{later.limitsOfThisPatient}</h2>
      <ul>
        {session.personal_limits.map((limit) => (
          <li key={limit.condition}>
            <Annotations marks={['own']} />
            <span>
              <b>{conditionName(limit.condition)}</b> {stagesOf(limit)}
              <br />
              <span class="quiet">{because(limit)}</span>
            </span>
          </li>
        ))}
        {session.known_low && (
          <li>
            <Annotations marks={['low']} />
            <span>
              <b>{later.baselineKnownLow(lowBaseline(session))}</b>
              <br />
              <span class="quiet">{acceptedBy(session)}</span>
            </span>
          </li>
        )}
      </ul>
    </section>
  );
}

function because({ reason, prescriber, by, at }: PersonalLimit): string {
  return [
    reason || later.noReason,
    ...(prescriber === null ? [] : [later.prescribedBy(prescriber)]),
    `${by} ${hourMinute(at)}`,
  ].join(' · ');
}

/** The record of the baseline says who accepted it, and for which prescriber. */
function acceptedBy({ events }: Session): string {
  const accepted = events.findLast(({ type }) => type === 'accept_baseline');
  if (accepted === undefined) return '';
  return `${pretty(accepted.text)} · ${accepted.by} ${hourMinute(accepted.at)}`;
}
