import { describe, expect, it } from '@jest/globals';
import { chanceOf } from './chance.ts';
import { Restless, type World, world } from './world.ts';

const newWorld = (seed: number): World =>
  world({ chance: chanceOf(seed), beginsAt: 0, maxSteps: 100 });
const wholeDay = { isOver: () => true, until: 86_400_000 };

describe('a world', () => {
  it('lets things happen in an order that its seed decides', async () => {
    const orderOf = async (seed: number): Promise<string> => {
      const here = newWorld(seed);
      const ada = here.actor('ada');
      const said: string[] = [];
      for (const word of 'abcdefgh') ada.soon(`says ${word}`, () => said.push(word));
      await here.run(wholeDay);
      return `${said.join('')} ${here.fingerprint()}`;
    };
    expect(await orderOf(1)).toBe(await orderOf(1));
    expect(await orderOf(1)).not.toBe(await orderOf(2));
  });

  it('lets all that follows from a step happen before the next one', async () => {
    const here = newWorld(1);
    const said: string[] = [];
    const follow = async (word: string): Promise<void> => {
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      said.push(word);
    };
    for (const word of ['once', 'twice']) {
      here.actor('ada').soon('speaks', () => {
        said.push(word);
        void follow(`${word} more`);
      });
    }
    await here.run(wholeDay);
    expect(said[1]).toBe(`${said[0]} more`);
    expect(said[3]).toBe(`${said[2]} more`);
  });

  it('waits for nobody: time passes when nobody has anything to do', async () => {
    const here = newWorld(1);
    const rung: string[] = [];
    const ring = (ms: number, name: string) =>
      here.actor('clock').after(ms, 'rings', () => rung.push(name));
    ring(3_600_000, 'third');
    ring(1_000, 'first');
    ring(60_000, 'second');
    ring(2_000, 'called off')();
    await here.run({ isOver: () => rung.length === 3, until: 86_400_000 });
    expect(rung).toEqual(['first', 'second', 'third']);
    expect(here.now()).toBeLessThan(3_601_000);
  });

  it('holds what a paused actor was about to do, and forgets what a dead one was', async () => {
    const here = newWorld(1);
    const [ada, bob] = [here.actor('ada'), here.actor('bob')];
    const said: string[] = [];
    for (const { name, soon } of [ada, bob]) soon('speaks', () => said.push(name));
    ada.pause();
    bob.die();
    await here.run(wholeDay);
    expect(said).toEqual([]);
    ada.resume();
    bob.resume();
    await here.run(wholeDay);
    expect(said).toEqual(['ada']);
  });

  it('says when it does not come to rest', async () => {
    const here = newWorld(1);
    const ada = here.actor('ada');
    const again = (): void => ada.soon('goes on', again);
    again();
    await expect(here.run(wholeDay)).rejects.toThrow(Restless);
  });

  it('ends with what somebody found', async () => {
    const here = newWorld(1);
    here.actor('ada').soon('finds it', () => here.fail(new Error('a seat was sold twice')));
    await expect(here.run(wholeDay)).rejects.toThrow('a seat was sold twice');
  });
});
