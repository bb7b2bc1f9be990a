import sheet from '../record/sheet.css?inline';
import care from './care.css?inline';
import course from './course.css?inline';

/** The styles come with the code that needs them: the first screen waits for neither. */
export function addStyles(): void {
  for (const one of [care + course, sheet]) {
    const styles = new CSSStyleSheet();
    styles.replaceSync(one);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, styles];
  }
}
