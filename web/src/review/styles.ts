import drawing from './drawing.css?inline';
import review from './review.css?inline';

/** The styles come with the code that needs them. */
export function addStyles(): void {
  const styles = new CSSStyleSheet();
  styles.replaceSync(drawing + review);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
}
