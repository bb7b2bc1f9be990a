import alertlog from './alertlog.css?inline';

/** The styles come with the code that needs them. */
export function addStyles(): void {
  const styles = new CSSStyleSheet();
  styles.replaceSync(alertlog);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
}
