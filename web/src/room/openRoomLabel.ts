// Accessible names that say more than the label which they start with.

import { strings } from '../strings';

export const openRoomLabel = (name: string) => `${name}: ${strings.openRoom}`;
