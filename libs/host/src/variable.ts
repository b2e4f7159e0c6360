import { z } from 'zod';

/** What is said of a variable beside its schema. */
export interface About {
  readonly meaning: string;
  /** What happens when it is not given; left out where there is a default. */
  readonly otherwise?: string;
  /** Never shown, in whole or in part. */
  readonly secret?: boolean;
}
export const about = z.registry<About>();

export const whole = (min: number, max: number, what: string) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `${what}, ${min} to ${max}`,
    })
    .transform(Number);

export const web = (example: string) =>
  z.url({ protocol: /^https?$/, error: `an address such as ${example}` });

export const yesOrNo = z
  .enum(['true', 'false'], { error: 'true or false' })
  .transform((text) => text === 'true');
