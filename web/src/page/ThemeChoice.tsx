import { later } from '../strings/later';
import { choice, CHOICES, choose } from './theme';

/** The look of this device. */
export function ThemeChoice() {
  return (
    <label class="theme-choice">
      {later.theme}
      <select
        value={choice.value}
        onChange={({ currentTarget: { value } }) =>
          choose(CHOICES.find((one) => one === value) ?? 'dim')
        }
      >
        {CHOICES.map((one) => (
          <option key={one} value={one}>
            {later.themes[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
