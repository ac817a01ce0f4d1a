import { THEMES, type Theme, setTheme, useTheme } from "./theme.ts";

const LABELS = { system: "System", light: "Light", dark: "Dark" } as const satisfies Record<Theme, string>;

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Colour scheme</legend>
      {THEMES.map((name) => (
        <label key={name} className="segment" data-selected={name === theme}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={name === theme}
            onChange={() => setTheme(name)}
          />
          {LABELS[name]}
        </label>
      ))}
    </fieldset>
  );
}
