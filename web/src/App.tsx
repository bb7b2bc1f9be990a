import { me, signedOutByServer, unanswered } from './people/account';
import { running } from './alerts/sound';
import { altered, broken, link } from './stream/socket';
import { onWall, route } from './route';
import { strings } from './strings';
import { AudioButton } from './parts/Audio';
import { lazily } from './parts/lazily';
import { Altered, DemoStrip } from './parts/later';
import { Guard } from './parts/Guard';
import { Hazard, LinkBar, Notes } from './parts/LinkBar';
import { Central } from './ward/Central';
import { Inbox } from './alerts/Inbox';

const SignIn = lazily((rest) => rest.SignIn);
const Room = lazily((rest) => rest.Room);
const Devices = lazily((rest) => rest.Devices);
const Wall = lazily((rest) => rest.Wall);
const Other = lazily((rest) => rest.OtherPage);

/** Where alerts are listed, notes have a place of their own beside them. */
const WITH_PLACE: ReadonlySet<string> = new Set(['central', 'wall', 'inbox']);

export function App() {
  if (me.value === undefined) return <Asking />;
  if (me.value === null) {
    return (
      <main class="plain">
        {signedOutByServer.value && <Hazard what={strings.signedOut} />}
        <SignIn />
      </main>
    );
  }
  return (
    <div class="app" data-link={link.value} data-screen={route.value.screen}>
      <Guard instead={() => link.value === 'lost' && <Hazard what={strings.neverConnected} />}>
        <LinkBar />
        {onWall.value || <DemoStrip />}
        {WITH_PLACE.has(route.value.screen) || <Notes />}
      </Guard>
      <Guard
        key={location.hash}
        instead={() => <Hazard what={strings.brokenScreen} />}
        onBroken={(is) => (broken.value = is)}
      >
        {altered.value ? <Altered /> : <Screen />}
      </Guard>
    </div>
  );
}

function Asking() {
  return (
    <main class="plain">
      <h1>{strings.product}</h1>
      {unanswered.value ? (
        <Hazard what={strings.neverConnected} now={strings.reconnecting} />
      ) : (
        <p role="status">{strings.connecting}…</p>
      )}
      {!running.value && <AudioButton />}
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
    case 'wall':
      return <Wall />;
    case 'central':
      return <Central />;
    default:
      return <Other at={value} />;
  }
}
