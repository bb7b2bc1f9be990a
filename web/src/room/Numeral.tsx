import type { Numeral as Name } from '../alerts/alerts';
import { quietRoom } from '../alerts/sound';
import { link } from '../stream/socket';
import { strings } from '../strings';
import type { Pressure, Shown } from './vitals';
import { annotationsOf, annotationsOfValue } from './annotations';
import type { Alert, Session } from '../stream/shapes';
import { Annotations } from './Annotations';

interface Props {
  name: Name;
  label: string;
  shown: Shown | Pressure;
  alert: Alert | undefined;
  /** Beside the label, at the right: the age of a blood pressure, or the limits. */
  aside?: string;
  unit?: string;
  session: Session | null;
  /** `by hand KM`, where a person measured it. */
  by?: string;
  /** Whose the limits are, where they are this patient's own. */
  own?: string;
  foot?: preact.ComponentChildren;
}

/** One number with its label. Once the server is lost no number is shown as a current one. */
export function Numeral(props: Props) {
  const { name, label, shown, alert, aside, unit, session, foot, by = '', own = '' } = props;
  const lost = link.value === 'lost';
  const blank = name === 'bp' ? `${strings.missing}/${strings.missing}` : strings.missing;
  // In a quiet room an alarm is a frame, as one is that somebody has.
  const claimed = alert?.acknowledged != null || (alert !== undefined && quietRoom.value !== null);
  return (
    <div
      class="numeral"
      data-vital={name}
      data-freshness={lost ? 'lost' : shown.freshness}
      data-cuff={('cuff' in shown && shown.cuff && !lost) || undefined}
      data-alert={alert === undefined || lost ? undefined : alert.priority}
      data-claimed={(claimed && !lost) || undefined}
    >
      <div class="numeral-head">
        <span class="label">{label}</span>
        {unit !== undefined && <span class="unit">{unit}</span>}
        <Annotations
          marks={[...annotationsOf(session, name), ...(lost ? [] : annotationsOfValue(shown))]}
          whole={{ own, hand: by }}
        />
        <span class="aside">{aside}</span>
      </div>
      <div class="value">{lost ? blank : shown.text}</div>
      {foot !== undefined && <div class="numeral-foot">{foot}</div>}
    </div>
  );
}
