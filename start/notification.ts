import { notification } from '@ensemble/notification';
import { correspondent } from '@ensemble/notification/open';
import type { Kit } from './kit.ts';

/** Writes mails: to the SMTP server, or as files into the data directory. */
export const openNotification = ({ config, services }: Kit): void => {
  const { SMTP_URL: smtpUrl, ENSEMBLE_DATA: dataDir, MAIL_FROM: from } = config;
  services.run(notification, correspondent({ smtpUrl, dataDir, from }));
};
