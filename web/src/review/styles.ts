import review from './review.css?inline';

/** The styles come with the code that needs them. */
export function addStyles(): void {
  const styles = new CSSStyleSheet();
  styles.replaceSync(review);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
}
