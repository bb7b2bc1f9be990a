import admin from '../admin/admin.css?inline';
import patients from '../patients/patients.css?inline';
import day from './day.css?inline';
import past from './past.css?inline';
import rules from '../rules/rules.css?inline';
import shift from './shift.css?inline';

// The styles come with the code that needs them: the first screen waits for neither.
const sheet = new CSSStyleSheet();
sheet.replaceSync(day + past + shift + patients + admin + rules);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
