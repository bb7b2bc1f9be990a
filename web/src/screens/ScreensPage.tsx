import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api';
import { second } from '../clock';
import { hourMinute, span } from '../format';
import { BottomBar } from '../parts/BottomBar';
import { AlarmPath, Live } from '../parts/Live';
import { Notice } from '../parts/later';
import { toCentral } from '../route';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { screenWords as words } from '../strings/screens';
import { screenId } from '../stream/screenId';
import { roomName } from '../ward/store';
import { shortName } from '../ward/Tile';
import { isBatteryLow, readBoard, type Board, type Screen } from './board';

const AGAIN_MS = 2_000;

/** Every connected screen, and in plain words why an alert would not be heard there. */
export function ScreensPage() {
  const board = useSignal<Board | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const answer = await get('/screens');
      if (over) return;
      failed.value = !answer.ok;
      if (answer.ok) board.value = readBoard(answer.value);
      timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
  const isLost = link.value === 'lost';
  return (
    <>
      <main class="devices" data-testid="screens">
        <header class="inbox-head">
          <a class="button" href={toCentral}>
            ‹ {strings.allRooms}
          </a>
          <h1>{words.title}</h1>
          <Live />
        </header>
        <p class="quiet">{words.about}</p>
        <AlarmPath />
        {failed.value && <p class="notice notice-bad">{words.failed}</p>}
        {board.value === null && !failed.value && <p class="quiet">{strings.loading}</p>}
        {/* What was so before the connection was lost is not what is. */}
        {board.value !== null && !isLost && <Found board={board.value} />}
      </main>
      <footer class="bottom">
        <Notice />
        <BottomBar here="other" />
      </footer>
    </>
  );
}

function Found({ board: { screens, unheard } }: { board: Board }) {
  const names = unheard.map((room) => shortName(roomName(room) ?? room));
  return (
    <>
      {names.length === 0 ? (
        <p data-testid="every-room">✓ {words.everyRoom}</p>
      ) : (
        <p class="notice notice-bad" data-testid="nobody-hears">
          {words.nobodyHears(names.join(', '), names.length)} {words.nobodyHearsNext}
        </p>
      )}
      {screens.length === 0 && <p class="quiet">{words.none}</p>}
      <ul class="device-list">
        {screens.map((screen, place) => (
          <One key={`${screen.id} ${place}`} screen={screen} />
        ))}
      </ul>
    </>
  );
}

function One({ screen }: { screen: Screen }) {
  const [what, next] = words.trouble[screen.trouble] ?? words.trouble['not_heard'] ?? ['', ''];
  const rooms =
    screen.rooms === null
      ? words.allRooms
      : screen.rooms.length === 0
        ? words.noRooms
        : words.someRooms(screen.rooms.map((room) => roomName(room) ?? room).join(', '));
  const facts = [
    words.heard(span(Math.max(0, second.value - screen.heard_at))),
    rooms,
    screen.battery === null ? '' : words.battery(screen.battery.percent, screen.battery.charging),
    words.since(hourMinute(screen.connected_at)),
  ];
  return (
    <li class="device" data-screen-id={screen.id} data-trouble={screen.trouble || undefined}>
      <div class="device-name">
        <strong>
          {words.of(screen.who, words.kinds[screen.kind] ?? words.kinds['other'] ?? '')}
          {screen.id === screenId() && ` (${words.thisOne})`}
        </strong>
        <span class="quiet">{facts.filter(Boolean).join(' · ')}</span>
      </div>
      {screen.can_hear ? (
        <p>✓ {words.canHear}</p>
      ) : (
        <p>
          <strong>✕ {what}</strong>
        </p>
      )}
      {!screen.can_hear && <p class="device-trouble quiet">{next}</p>}
      {isBatteryLow(screen) && (
        <p class="device-trouble">
          <strong>{words.batteryLow}</strong>
        </p>
      )}
    </li>
  );
}
