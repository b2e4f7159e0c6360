import { describe, expect, it } from '@jest/globals';
import type { Access } from '../access.ts';
import { commandsOf, lineOf, rulesOf } from './acl-rules.ts';

const none: Access = { writes: [], reads: [], declares: [], joins: [], watches: [] };
const seat: Access = {
  writes: ['seat'],
  reads: ['booking', 'pairs'],
  declares: ['booking', 'payment', 'seat'],
  joins: ['seat'],
  watches: ['payment'],
};
const linesOf = (...accesses: readonly Access[]): string[] =>
  rulesOf('User:ada', accesses).map(lineOf);

describe('the rules', () => {
  it('are one for each topic and group, with what may be done there', () => {
    expect(linesOf(seat)).toEqual([
      'User:ada topic booking: Describe, DescribeConfigs, Read',
      'User:ada topic pairs: Describe, Read',
      'User:ada topic payment: Describe, DescribeConfigs',
      'User:ada topic seat: Describe, DescribeConfigs, Write',
      'User:ada group payment: Describe',
      'User:ada group seat: Describe, Read',
    ]);
  });

  it('give a principal what all of its services need, once', () => {
    const payment = { ...none, writes: ['payment'], reads: ['booking'], joins: ['payment'] };
    expect(linesOf(seat, payment, seat)).toEqual([
      'User:ada topic booking: Describe, DescribeConfigs, Read',
      'User:ada topic pairs: Describe, Read',
      'User:ada topic payment: Describe, DescribeConfigs, Write',
      'User:ada topic seat: Describe, DescribeConfigs, Write',
      'User:ada group payment: Describe, Read',
      'User:ada group seat: Describe, Read',
    ]);
  });

  it('are for all groups that begin alike where the name ends with an asterisk', () => {
    const rules = rulesOf('User:ada', [{ ...none, joins: ['gateway.*'] }]);
    expect(rules).toMatchObject([{ name: 'gateway.', pattern: 'prefixed' }]);
    expect(rules.map(lineOf)).toEqual(['User:ada group gateway.*: Describe, Read']);
  });
});

describe('the rules of who looks on', () => {
  it('are to read whatever there is and will be', () => {
    const access = { ...none, writes: ['seat.redrive'], reads: ['*'], watches: ['*'] };
    expect(linesOf(access)).toEqual([
      'User:ada topic *: Describe, Read',
      'User:ada topic seat.redrive: Describe, Write',
      'User:ada group *: Describe',
    ]);
    const names = rulesOf('User:ada', [access]).map(({ name, pattern }) => [name, pattern]);
    expect(names).toContainEqual(['*', 'literal']);
  });
});

describe('the commands', () => {
  const begin =
    'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties --add';

  it('take together what is alike', () => {
    const access = { ...none, reads: ['booking', 'payment'], joins: ['gateway.*'] };
    expect(commandsOf(rulesOf('User:ada', [access]))).toEqual([
      `${begin} --allow-principal 'User:ada' --operation Describe --operation Read ` +
        '--resource-pattern-type literal --topic booking --topic payment',
      `${begin} --allow-principal 'User:ada' --operation Describe --operation Read ` +
        '--resource-pattern-type prefixed --group gateway.',
    ]);
  });

  it('quote a principal for the shell', () => {
    const [command] = commandsOf(rulesOf("User:CN=o'neil, O=x", [{ ...none, reads: ['seat'] }]));
    expect(command).toContain(`--allow-principal 'User:CN=o'\\''neil, O=x' --`);
  });
});
