import { effect, untracked } from '@preact/signals';
import { render } from 'preact';
import './styles/base.css';
import './styles/parts.css';
import './styles/room.css';
import './styles/pages.css';
import './styles/central.css';
import './styles/tile.css';
import './styles/lists.css';
import { App } from './App';
import { altered, gaps, link, start } from './stream/socket';
import { onWall } from './route';
import * as sound from './alerts/sound';
import {
  becomes,
  checkStillIn,
  me,
  recognise,
  signedOutByServer,
  unanswered,
} from './people/account';
import { strings } from './strings';
import './page/theme';
import { flashTogether } from './page/flash';
import { loadLater } from './parts/lazily';

/** What this screen is used as, whatever page is open: its receipts name it. */
function kind(): string {
  return onWall.peek() ? 'wall' : innerWidth < 500 ? 'phone' : 'station';
}

/** In this time the other tabs of this device have answered. */
const ANSWER_MS = 200;
const PERSON_AGAIN_MS = 5_000;

flashTogether();
sound.begin();
void withPerson().finally(() => setTimeout(sound.elect, ANSWER_MS));

/** What concerns the person here, and all that the first screen does without: fetched while the
 * server can still be reached. Without it the tones still sound, and the screen may go dark. */
async function withPerson(): Promise<void> {
  try {
    (await loadLater()).begin();
  } catch {
    setTimeout(() => void withPerson(), PERSON_AGAIN_MS);
  }
}

let streaming = false;
effect(() => {
  const wanted = me.value != null;
  if (wanted === streaming) return;
  streaming = wanted;
  if (!wanted) return;
  gaps.value = [];
  start({
    kind,
    audible: () => untracked(sound.audible),
    quiet: () => sound.quietRoom.peek() !== null,
    refused: () => void checkStillIn(),
    isFor: becomes,
  });
});

effect(() => {
  const lost =
    signedOutByServer.value ||
    unanswered.value ||
    altered.value ||
    (me.value != null && link.value === 'lost');
  document.title = lost ? `✕ ${strings.notMonitoring}` : strings.product;
});

// Keeps the page, and nothing that is on it, for when the server cannot be reached. Browsers offer
// it over TLS and on the server's own machine alone.
addEventListener('load', () => void navigator.serviceWorker?.register('/sw.js').catch(() => {}));

void recognise();

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
