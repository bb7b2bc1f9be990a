import { useEffect } from 'preact/hooks';
import { second } from '../clock';
import { toRoom } from '../route';
import { strings } from '../strings';
import { later } from '../strings/later';
import { askForStory, captions, toldAt } from './demo';

/** In a demo, what happens now and what to try: in a row of its own, so that it covers nothing. */
export function DemoStrip() {
  useEffect(() => void askForStory(), []);
  const told = toldAt(captions.value, second.value);
  if (told === null) return null;
  return (
    <p class="demo" role="status" data-testid="demo">
      <b>{later.demo}</b> {told.text}{' '}
      {told.room !== null && <a href={toRoom(told.room)}>{strings.openRoom}</a>}
    </p>
  );
}
