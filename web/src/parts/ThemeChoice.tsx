import { strings } from '../strings';
import { choice, CHOICES, choose } from '../theme';

/** The look of this device. */
export function ThemeChoice() {
  return (
    <label class="theme-choice">
      {strings.theme}
      <select
        value={choice.value}
        onChange={({ currentTarget: { value } }) =>
          choose(CHOICES.find((one) => one === value) ?? 'dim')
        }
      >
        {CHOICES.map((one) => (
          <option key={one} value={one}>
            {strings.themes[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
