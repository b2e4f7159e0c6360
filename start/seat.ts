import { seat } from '@ensemble/seat';
import type { Kit } from './kit.ts';

/** Keeps the seats; needs nothing but its topics. */
export const openSeat = ({ config, services }: Kit): void =>
  void services.run(seat({ holdSeconds: config.HOLD_SECONDS }), {});
