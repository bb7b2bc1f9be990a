import { second } from '../clock';
import { hourMinute, span } from '../format';
import { link } from '../stream/socket';
import { words } from '../strings/care';
import type { Session } from '../stream/shapes';
import { amount, givenAt, nextSpray } from './dose';
import { nextFixed, pausesOf } from './pauses';
import { usePlan } from './plan';
import { pressure } from '../room/vitals';
import type { RoomStore } from '../ward/store';
import { careOf } from './read';
import { useSend } from './send';

/** What of the order the patient has had by now, and which device comes next. */
export function Given({ room, session }: { room: RoomStore; session: Session }) {
  const care = careOf(session);
  const plan = usePlan(session.profile);
  const sender = useSend(session);
  const now = second.value;
  const sprays = plan?.dose?.sprays ?? null;
  const next = sprays === null ? null : nextSpray(care, sprays);
  const waived = care.waived;
  const runs = session.phase === 'infusing' || session.phase === 'paused';
  const lastBp = pressure(room.vitals.value['nibp'], session, now).taken_at;
  const fixed = nextFixed(plan?.fixed ?? [], session.started_at, lastBp, now);
  const pauses = pausesOf(session, now);
  const hasTimes = fixed !== null || pauses.count > 0 || (runs && sprays !== null);
  if (
    care.order === null &&
    care.given === null &&
    waived.length === 0 &&
    next === null &&
    !hasTimes
  )
    return null;
  return (
    <section class="care-given" aria-label={words.given} data-testid="given">
      {/* What may have been changed since is not known while the server is lost. */}
      {care.given === null || link.value === 'lost' ? (
        care.order !== null && <p class="quiet">{words.notKnown}</p>
      ) : (
        <Amounts care={care} now={now} />
      )}
      {next !== null && session.phase === 'infusing' && (
        <p>
          <span>{words.nextDevice(next.number, next.of)}</span>
          {next.from > now && <b>{words.deviceIn(span(next.from - now))}</b>}
          <button
            type="button"
            data-event="spray"
            disabled={sender.off || next.from > now}
            onClick={() => void sender.send({ type: 'spray' }, words.sprayed)}
          >
            {words.giveDevice(next.number)}
          </button>
        </p>
      )}
      {hasTimes && (
        <p data-testid="times">
          {pauses.count > 0 && (
            <span data-pauses={pauses.count}>
              {pauses.since === null
                ? words.paused(pauses.count, span(pauses.whole_ms))
                : words.pausedNow(span(now - pauses.since), pauses.count)}
            </span>
          )}
          {fixed !== null && (
            <span data-fixed-bp={fixed.minutes}>
              {words.fixedBp(fixed.minutes, hourMinute(fixed.at))} <b>{span(fixed.at - now)}</b>
            </span>
          )}
          {sprays !== null && session.started_at !== null && session.planned_s > 0 && (
            <span>
              {words.staysUntil(
                Math.round(session.planned_s / 60),
                hourMinute(session.started_at + session.planned_s * 1_000),
              )}
            </span>
          )}
        </p>
      )}
      {waived.map(({ step, by, at, items, reason }) => (
        <p key={`${step} ${at}`} class="care-warn" data-waived={step}>
          {words.wentOnWithout(`${by} ${hourMinute(at)}`, items.join(', '))}
          {reason !== '' && ` — ${reason}`}
        </p>
      ))}
      {sender.wrong.value !== null && (
        <p class="wrong" role="alert">
          {sender.wrong.value}
        </p>
      )}
    </section>
  );
}

function Amounts({ care, now }: { care: ReturnType<typeof careOf>; now: number }) {
  if (care.given === null) return null;
  const given = givenAt(care.given, care.order, now);
  const parts = [
    given.mg_per_kg === null ? '' : `${amount(given.mg_per_kg)} mg/kg`,
    given.ml === null ? '' : `${amount(given.ml)} mL`,
    given.percent === null ? '' : words.ofOrder(String(Math.floor(given.percent))),
    given.rate_ml_h === null ? '' : words.runsAt(amount(given.rate_ml_h)),
    given.emptied_at !== null
      ? words.emptyAt(hourMinute(given.emptied_at))
      : given.ends_at === null
        ? ''
        : words.bagEmpty(hourMinute(given.ends_at)),
  ];
  return (
    <p title={words.byRates}>
      <span>{words.given}</span> <b class="care-mg">{amount(given.mg)} mg</b>{' '}
      {parts.filter(Boolean).map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}
