import { logConformance } from './conformance.ts';
import { kafkaLog } from './kafka.ts';
import type { Log } from './log.ts';

logConformance('kafka', () => {
  let log: Log;
  const open = async (): Promise<Log> => {
    log = kafkaLog({
      brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
      partitions: 4,
      clientId: 'conformance',
      onStuck(reason) {
        throw new Error(reason);
      },
      limits: { pollMs: 50 },
    });
    return log;
  };
  return {
    open,
    async reopen() {
      await log.close();
      return open();
    },
    cleanup: () => log.close(),
  };
});
