import { me, unanswered } from '../staff';
import { findOpen } from '../keys';
import { link } from '../stream';
import { route } from '../route';
import { strings } from '../strings';
import { lazily } from '../parts/lazily';
import { Find } from '../parts/later';
import { LinkBar } from '../parts/LinkBar';
import { Central } from './Central';
import { Inbox } from './Inbox';
import { SignIn } from './SignIn';

const Room = lazily(async () => (await import('./Room')).Room);
const Devices = lazily(async () => (await import('./Devices')).Devices);
const Rules = lazily(async () => (await import('../rules/Rules')).Rules);

export function App() {
  if (me.value === undefined) return <Asking />;
  if (me.value === null) return <SignIn />;
  return (
    <div class="app" data-link={link.value} data-screen={route.value.screen}>
      <LinkBar />
      {findOpen.value && <Find />}
      <Screen />
    </div>
  );
}

function Asking() {
  return (
    <main class="plain">
      <p role="status">{unanswered.value ? strings.neverConnected : `${strings.connecting}…`}</p>
    </main>
  );
}

function Screen() {
  const { value } = route;
  switch (value.screen) {
    case 'room':
      return <Room key={value.id} id={value.id} />;
    case 'inbox':
      return <Inbox />;
    case 'devices':
      return <Devices />;
    case 'rules':
      return <Rules key={value.profile} profile={value.profile} />;
    case 'central':
      return <Central />;
  }
}
