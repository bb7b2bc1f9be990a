import { useSignal } from '@preact/signals';
import { signIn } from './signing';
import * as sound from '../alerts/sound';
import { strings } from '../strings';
import { later } from '../strings/later';

export function SignIn() {
  const name = useSignal('');
  const password = useSignal('');
  const wrong = useSignal<string | null>(null);
  const busy = useSignal(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    // Signing in is the gesture that browsers want before a page may sound.
    void sound.turnOn();
    busy.value = true;
    wrong.value = await signIn(name.value.trim(), password.value);
    busy.value = false;
  };

  return (
    <form class="sheet" onSubmit={(event) => void submit(event)}>
      <h1>{strings.product}</h1>
      <label>
        {later.name}
        <input
          name="name"
          autocomplete="username"
          required
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <label>
        {later.password}
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          value={password.value}
          onInput={(event) => (password.value = event.currentTarget.value)}
        />
      </label>
      <p class="wrong" role="alert">
        {wrong.value}
      </p>
      <button class="go" type="submit" disabled={busy.value}>
        {later.signIn}
      </button>
      <p class="quiet">{later.signInHint}</p>
      <p class="quiet">{later.posture}</p>
    </form>
  );
}
