import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { roomIds, roomStore } from '../ward';
import { arrange } from './arrange';
import { Tile } from './Tile';

/** As in the style sheet: up to here the page scrolls as one. */
const PHONE_PX = 700;

/** The rooms in floor order. They never move; only their size follows the screen. */
export function Grid({ of = roomStore }: { of?: typeof roomStore }) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  const isPage = useSignal(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      size.value = { width: element.clientWidth, height: element.clientHeight };
      isPage.value = innerWidth <= PHONE_PX;
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  const { columns, rows, scrolls } = arrange(roomIds.value.length, size.value, isPage.value);
  const style = {
    '--columns': columns,
    '--rows': scrolls ? 'none' : `repeat(${rows}, minmax(0, 1fr))`,
  };
  return (
    <div class="grid" ref={box} data-columns={columns} data-scrolls={scrolls} style={style}>
      {roomIds.value.map((id) => {
        const room = of(id);
        return room === undefined ? null : <Tile key={id} room={room} />;
      })}
    </div>
  );
}
