import css from './care.css?inline';

/** The styles come with the code that needs them: the first screen waits for neither. */
export function addStyles(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
