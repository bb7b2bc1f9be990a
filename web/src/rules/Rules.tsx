import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { BottomBar } from '../parts/BottomBar';
import { Elsewhere } from '../alerts/Elsewhere';
import { Live } from '../parts/Live';
import { Notice } from '../parts/later';
import { toRules } from '../parts/routes';
import { toCentral } from '../route';
import { strings } from '../strings';
import { later } from '../strings/later';
import { Approved } from './Approval';
import { ProfileRules } from './ProfileRules';
import { listed, type Listed } from './rules';
import { words } from '../strings/rules';

/** What will alarm, and when: all profiles, or the rules of one. */
export function Rules({ profile }: { profile: string | null }) {
  if (profile !== null) {
    return (
      <Page back={toRules()} backLabel={words.allRules}>
        <ProfileRules name={profile} />
      </Page>
    );
  }
  return (
    <Page back={toCentral} backLabel={strings.allRooms}>
      <List />
    </Page>
  );
}

interface PageProps {
  back: string;
  backLabel: string;
  children: ComponentChildren;
}

function Page({ back, backLabel, children }: PageProps) {
  return (
    <>
      <main class="rules" data-testid="rules">
        <div class="inbox-head screen-only">
          <a class="button" href={back}>
            ‹ {backLabel}
          </a>
          <span class="rules-live">
            <Elsewhere />
            <Live />
          </span>
        </div>
        {children}
      </main>
      <footer class="bottom screen-only">
        <Notice />
        <BottomBar here="other" />
      </footer>
    </>
  );
}

function List() {
  const found = useSignal<readonly Listed[] | null>(null);
  const wrong = useSignal<string | null>(null);
  useEffect(() => {
    void listed().then((answer) => {
      if (answer.ok) found.value = answer.value;
      else wrong.value = answer.message;
    });
  }, []);
  return (
    <>
      <h1>{later.rules}</h1>
      <p class="quiet">{words.lead}</p>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {found.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {found.value?.length === 0 && <p>{words.none}</p>}
      <ul class="profiles">
        {found.value?.map((one) => (
          <li key={one.name}>
            <a class="profile" href={toRules(one.name)} data-profile={one.name}>
              <strong>{one.title}</strong>
              <span class="quiet">
                {words.version(one.version)}
                {one.planned_s !== null && ` · ${words.planned(Math.round(one.planned_s / 60))}`}
              </span>
              <Approved approved={one.approved} />
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
