import { Hazard } from '../parts/LinkBar';
import { later } from '../strings/later';

/** In place of numbers that may be frozen. Only a person can end what changed them. */
export function Altered() {
  return (
    <main class="plain" data-testid="altered">
      <Hazard what={later.altered} />
      <button type="button" onClick={() => location.reload()}>
        {later.reload}
      </button>
    </main>
  );
}
