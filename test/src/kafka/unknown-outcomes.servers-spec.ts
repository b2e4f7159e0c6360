import { LogUnavailable } from '@ensemble/log';
import { contentOf, declared, record, texts, textsOf } from '@ensemble/log/conformance';
import { kafkaRequests } from '@ensemble/testing/servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Behind, brokerBehindProxy, persist, type Trial, trial } from './kit.ts';

/** Kafka's key of the request that appends. */
const PRODUCE = 0;

describe('an append whose answer is lost', () => {
  let behind: Behind;
  let bench: Trial;
  beforeAll(async () => void (behind = await brokerBehindProxy()));
  afterAll(() => behind.stop());
  beforeEach(() => void (bench = trial({ brokers: behind.cluster.brokers })));
  afterEach(() => bench.close());

  it('K7, K8: is rejected at once, though it may be stored; the same again is stored again', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const append = (): Promise<void> => bench.log.append([record(topic, 'k', 'x')]);
    behind.proxy.cutAnswers(kafkaRequests(PRODUCE), 1);
    const since = performance.now();
    await expect(append()).rejects.toThrow(LogUnavailable);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(textsOf(await contentOf(bench, topic))).toEqual(['x']);
    await append();
    expect(textsOf(await contentOf(bench, topic))).toEqual(['x', 'x']);
  });

  it('K5, K6, K28: loses nothing that was acknowledged, in order, however many are under way', async () => {
    const [topic = ''] = await declared(bench, 'seat');
    const [writers, each, cuts] = [8, 60, 30];
    const before = behind.proxy.answersCut;
    let rejections = 0;
    const cutNext = (): void => {
      rejections += 1;
      if (behind.proxy.answersCut - before < cuts)
        behind.proxy.cutAnswers(kafkaRequests(PRODUCE), 1);
    };
    behind.proxy.cutAnswers(kafkaRequests(PRODUCE), 1);
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (const text of texts(each)) {
          const appended = () => bench.log.append([record(topic, `writer-${writer}`, text)]);
          await persist(appended, cutNext);
        }
      }),
    );
    const content = await contentOf(bench, topic);
    for (let writer = 0; writer < writers; writer += 1) {
      const own = content.filter(({ key }) => key === `writer-${writer}`);
      expect([...new Set(textsOf(own))]).toEqual(texts(each));
    }
    expect(behind.proxy.answersCut - before).toBe(cuts);
    expect(rejections).toBeGreaterThanOrEqual(cuts);
    expect(content.length).toBeGreaterThan(writers * each);
  });
});
