import type { ComponentChildren } from 'preact';
import { Elsewhere } from '../alerts/Elsewhere';
import { BottomBar } from '../parts/BottomBar';
import { Live } from '../parts/Live';
import { Notice } from '../parts/later';
import { PadPlace } from '../people/Who';
import { toCentral } from '../route';
import { strings } from '../strings';

interface Props {
  title: string;
  testid: string;
  beside?: ComponentChildren;
  children: ComponentChildren;
}

/** A page away from the rooms, with what stays in sight: alerts, the sound, how the last thing went. */
export function Frame({ title, testid, beside, children }: Props) {
  return (
    <>
      <main class="alertlog" data-testid={testid}>
        <header class="inbox-head">
          <h1>{title}</h1>
          {beside}
          <a class="button" href={toCentral}>
            {strings.allRooms} <kbd>C</kbd>
          </a>
          <Live />
        </header>
        {children}
      </main>
      <footer class="bottom alertlog-foot">
        <Elsewhere />
        <PadPlace />
        <Notice />
        <BottomBar here="other" />
      </footer>
    </>
  );
}
