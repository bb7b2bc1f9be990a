import { words } from '../strings/trend';
import type { Session } from '../stream/shapes';
import { chosen, earlierOf, earlierOnes, earlierText } from './earlier';

/** Which earlier session lies in grey under the trend. */
export function EarlierChoice({ session }: { session: Session }) {
  const others = earlierOnes(session);
  if (others.length === 0) return null;
  return (
    <label class="trend-earlier">
      {words.earlier}
      <select
        name="earlier"
        value={earlierOf(session)?.id ?? ''}
        onChange={(event) =>
          (chosen.value = { session: session.id, id: event.currentTarget.value })
        }
      >
        <option value="">{words.noEarlier}</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {earlierText(one)}
          </option>
        ))}
      </select>
    </label>
  );
}
