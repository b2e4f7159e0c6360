import { deadTopic } from '@ensemble/choreography';
import { redrive } from '@ensemble/host';
import { memoryLog } from '@ensemble/log';
import type { Chance, Stage } from '@ensemble/testing/stage';
import { settled } from './settled.ts';

/** Someone who puts dead letters back: without much thought in the storm, and all of them after it. */
export interface Operator {
  /** To be called when all is well again; resolves when what was dead is done. */
  putAllBack(): Promise<void>;
}

const lookEveryMs = 20_000;

/** @param services those that have dead letters */
export const operator = (stage: Stage, services: readonly string[], chance: Chance): Operator => {
  const self = stage.world.actor('operator');
  const log = memoryLog({ ...stage.log, schedule: (task) => task() });
  const hasDied = (service: string): boolean =>
    stage.log.topics.get(deadTopic(service))?.ends.some((end) => end > 0) === true;
  let isStormy = true;

  const putBack = async (service: string): Promise<void> => {
    stage.world.tell(`the operator puts back what ${service} could not digest`);
    await redrive(log, service);
  };
  const look = (): void => {
    if (!isStormy) return;
    const service = chance.pick(services.filter(hasDied));
    if (service !== undefined) void putBack(service).catch(stage.world.fail);
    self.after(chance.below(lookEveryMs), 'looks for dead letters', look);
  };
  self.after(chance.below(lookEveryMs), 'looks for dead letters', look);

  return {
    putAllBack: async () => {
      isStormy = false;
      await settled(stage, Promise.all(services.filter(hasDied).map(putBack)));
    },
  };
};
