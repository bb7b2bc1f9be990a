import type { ComponentChildren } from 'preact';
import { hourMinute, pretty, span } from '../format';
import { second } from '../clock';
import { words } from '../strings/care';
import type { Item } from './read';

/** Met or open, by shape: neither has a colour. */
export function Mark({ met, ticked = false }: { met: boolean; ticked?: boolean }) {
  return (
    <svg class="care-mark" viewBox="0 0 20 20" aria-hidden="true">
      {met ? (
        <path d="M4 11l4 4 8-10" />
      ) : ticked ? (
        <rect x="2" y="2" width="16" height="16" rx="3" />
      ) : (
        <circle cx="10" cy="10" r="7" stroke-dasharray="4 3" />
      )}
    </svg>
  );
}

/** `KM 11:28` */
export function whoAndWhen({ by, at }: Item): string {
  return [by, at === null ? '' : hourMinute(at)].filter(Boolean).join(' ');
}

/** What is there or missing, and how long it still takes. */
export function detailOf(item: Item, now: number): string {
  const { until } = item;
  if (until !== null && !item.met && until > now)
    return words.left(span(until - now), hourMinute(until));
  return pretty(item.detail);
}

/** On one line, where the block's place is small; who and when are in its tooltip then. */
export function ItemRow({ item, brief = false }: { item: Item; brief?: boolean }) {
  const detail = detailOf(item, second.value);
  if (brief && item.met)
    return (
      <li class="care-row" data-item={item.name} data-met title={whoAndWhen(item)}>
        <Mark met />
        <span>
          <b>{pretty(item.text)}</b>
        </span>
        <small class="care-brief">{detail || whoAndWhen(item)}</small>
      </li>
    );
  return (
    <li class="care-row" data-item={item.name} data-met={item.met}>
      <Mark met={item.met} />
      <span>
        <b>{pretty(item.text)}</b>
        <span class="hidden">{item.met ? ', ' : `, ${words.open}, `}</span>
        {detail !== '' && <small>{detail}</small>}
      </span>
      <small class="care-who">
        {item.values.map(({ at, text }) => (
          <span key={at}>
            {hourMinute(at)} <b>{text}</b>
          </span>
        ))}
        {whoAndWhen(item)}
      </small>
    </li>
  );
}

/** What of a block scrolls where it has no room: never what is to be tapped below it. */
export function Body({ children }: { children: ComponentChildren }) {
  return (
    <div class="care-body" tabIndex={0}>
      {children}
    </div>
  );
}
