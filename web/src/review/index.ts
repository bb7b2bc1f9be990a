// Past sessions: the search for them, and the course of one. Fetched when the first is opened.

import { addStyles } from './styles';

export { Review } from './Review';
export { Sessions } from './Sessions';

addStyles();
