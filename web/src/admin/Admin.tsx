import type { ComponentType } from 'preact';
import { Live } from '../parts/Live';
import { me } from '../people/account';
import { toCentral } from '../route';
import { ADMIN_PAGES, toAdmin, type AdminPage } from '../parts/routes';
import { PageFoot } from '../day/PageFoot';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { ChannelsPage } from './ChannelsPage';
import { DevicesPage } from './DevicesPage';
import { ListsPage } from './ListsPage';
import { RoomsPage } from './RoomsPage';
import { SentPage } from './SentPage';
import { StaffPage } from './StaffPage';

const PAGES: Readonly<Record<AdminPage, ComponentType>> = {
  rooms: RoomsPage,
  devices: DevicesPage,
  staff: StaffPage,
  lists: ListsPage,
  sent: SentPage,
  channels: ChannelsPage,
};

/** What belongs to the clinic and to no patient: for administrators, by their own sign-in. */
export function Admin({ page }: { page: AdminPage }) {
  const Page = PAGES[page];
  return (
    <>
      <main class="admin" data-testid="admin">
        <header class="inbox-head">
          <h1>{words.title}</h1>
          <a class="button" href={toCentral}>
            {strings.allRooms} <kbd>C</kbd>
          </a>
          <Live />
        </header>
        {me.value?.role === 'admin' ? (
          <>
            <nav class="admin-pages" aria-label={words.title}>
              {ADMIN_PAGES.map((one) => (
                <a
                  key={one}
                  class="button"
                  href={toAdmin(one)}
                  aria-current={one === page ? 'page' : undefined}
                >
                  {words.pages[one]}
                </a>
              ))}
            </nav>
            <Page />
          </>
        ) : (
          <p class="notice notice-bad">{words.onlyAdmins}</p>
        )}
      </main>
      <PageFoot />
    </>
  );
}
