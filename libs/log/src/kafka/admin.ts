import type { Admin } from 'kafkajs';
import { retry } from './client.ts';
import type { Connect } from './link.ts';

/** Connects to what manages topics and rights. */
export const connectAdmin: Connect<Admin> = async ({ kafka, silent }) => {
  const admin = kafka.admin({ retry });
  admin.on(admin.events.REQUEST_TIMEOUT, silent);
  await admin.connect();
  return admin;
};
