import type { ReactNode } from 'react';

/** What a thing means to the reader; never told by its colour alone. */
export type Tone = 'neutral' | 'good' | 'notice' | 'warning' | 'bad';

/** Before the words, so that the tone is seen without its colour. */
const marks: Readonly<Record<Tone, string>> = {
  neutral: '',
  good: '✓',
  notice: '●',
  warning: '▲',
  bad: '✕',
};

/** A few words about something, in the tone of what they mean. */
export const Badge = ({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) => (
  <span className={`badge ${tone}`}>
    {marks[tone] && <span aria-hidden="true">{marks[tone]}</span>}
    {children}
  </span>
);
