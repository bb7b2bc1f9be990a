import type { ComponentChildren } from 'preact';
import { Elsewhere } from '../alerts/Elsewhere';
import { BottomBar } from '../parts/BottomBar';
import { Notice } from '../parts/later';

/** What stays in sight on a page away from the rooms: alerts, the sound, and how the last thing went. */
export function PageFoot({ children }: { children?: ComponentChildren }) {
  return (
    <footer class="bottom page-foot">
      <Elsewhere />
      {children}
      <Notice />
      <BottomBar here="other" />
    </footer>
  );
}
