// What is fetched when the first past session is opened, or the search for them.

import { fetched } from '../parts/fetched';

const { part } = fetched(() => import('../review'));

export const Review = part((review) => review.Review);
export const SessionsFound = part((review) => review.Sessions);
