import { route } from '@ensemble/ui/route';

/** Every address of the page. */
export const addresses = { door: route('/door') };
