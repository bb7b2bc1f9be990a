import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { quarters } from '../clock';
import { roomIds, roomStore } from './store';
import { arrange } from './arrange';
import { Tile } from './Tile';

/** As in the style sheet: up to here the page scrolls as one. */
const PHONE_PX = 700;

export interface Rooms {
  /** In floor order. */
  ids?: readonly string[];
  /** How a room is seen here. */
  of?: typeof roomStore;
}

/** The rooms in floor order. They never move; only their size follows the screen. */
export function Grid({ ids = roomIds.value, of = roomStore }: Rooms) {
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
  const { columns, rows, scrolls } = arrange(ids.length, size.value, isPage.value);
  const style = {
    '--columns': columns,
    '--rows': scrolls ? 'none' : `repeat(${rows}, minmax(0, 1fr))`,
  };
  return (
    <div class="grid" ref={box} data-columns={columns} data-scrolls={scrolls} style={style}>
      {ids.map((id, index) => {
        const room = of(id);
        // More than fit on a screen would take longer than a frame if all moved on at once.
        const tick = quarters[scrolls ? index % quarters.length : 0];
        return room && <Tile key={id} room={room} {...(tick && { tick })} />;
      })}
    </div>
  );
}
