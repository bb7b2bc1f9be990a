import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command } from '../api';
import { Device } from '../devices/Devices';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { devices, type KnownDevice } from '../ward/queries';
import { Sure } from './Sure';

const REFRESH_MS = 3_000;

/** Every monitor that was ever heard: where it belongs, and how to be rid of one. */
export function DevicesPage() {
  const known = useSignal<readonly KnownDevice[] | null>(null);
  const wrong = useSignal<string | null>(null);
  const load = async () => {
    const answer = await devices();
    if (answer.ok) known.value = answer.value;
    wrong.value = answer.ok ? null : answer.message;
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const remove = async (id: string) => {
    const path = `/devices/${encodeURIComponent(id)}`;
    report(await command('DELETE', path, {}), words.deviceRemoved(id));
    await load();
  };
  return (
    <section data-testid="admin-devices">
      <p class="quiet">{words.devicesHint}</p>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {known.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {known.value?.length === 0 && <p class="quiet">{words.noDevices}</p>}
      <ul class="device-list">
        {known.value?.map((device) => (
          <Device key={device.id} device={device} changed={load}>
            {device.room === null && (
              <p class="device-trouble">
                <Sure
                  label={words.remove}
                  sure={words.sure(device.id)}
                  act={() => remove(device.id)}
                />
              </p>
            )}
          </Device>
        ))}
      </ul>
    </section>
  );
}
