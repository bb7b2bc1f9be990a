import { report } from '../alerts/actions';
import { command } from '../api';
import { Device } from '../devices/Devices';
import { useDevices } from '../devices/useDevices';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { Sure } from './Sure';

/** Every monitor that was ever heard: where it belongs, and how to be rid of one. */
export function DevicesPage() {
  const { known, wrong, load } = useDevices();
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
