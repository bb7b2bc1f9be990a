import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { PageFoot } from '../day/PageFoot';
import { Live } from '../parts/Live';
import { toInbox } from '../route';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { words } from '../strings/away';
import { look, turnOff, turnOn, type Told } from './subscription';

/** Whether this phone or computer is told of alerts while the page is closed. */
export function Away() {
  const told = useSignal<Told | null>(null);
  const busy = useSignal(false);
  useEffect(() => void look().then((found) => (told.value = found)), []);
  const change = async (turned: Promise<Told>) => {
    busy.value = true;
    told.value = await turned;
    busy.value = false;
  };
  const { value } = told;
  const off = busy.value || link.value === 'lost';
  return (
    <>
      <main class="admin" data-testid="away" data-told={value?.is}>
        <header class="inbox-head">
          <h1>{words.title}</h1>
          <a class="button" href={toInbox}>
            {strings.alerts}
          </a>
          <Live />
        </header>
        <p>{words.what}</p>
        {value === null ? (
          <p class="quiet">{strings.loading}</p>
        ) : (
          <p class={value.is === 'failed' ? 'notice notice-bad' : 'notice'} role="status">
            {value.is === 'failed' ? value.message : words.is[value.is]}
          </p>
        )}
        <div class="chips">
          {value?.is === 'off' && (
            <button class="go" disabled={off} onClick={() => void change(turnOn(value.key))}>
              {words.turnOn}
            </button>
          )}
          {value?.is === 'on' && (
            <button disabled={off} onClick={() => void change(turnOff(value.key))}>
              {words.turnOff}
            </button>
          )}
          {value?.is === 'failed' && (
            <button disabled={off} onClick={() => void change(look())}>
              {strings.tryAgain}
            </button>
          )}
        </div>
        <p class="quiet">{words.notRelied}</p>
      </main>
      <PageFoot />
    </>
  );
}
