import { z } from 'zod';
import type { EventDefinition } from './define.ts';

/**
 * The data of an event as JSON Schema, for readers that do not speak zod. Open: a reader drops
 * unknown fields. The patterns that zod puts beside a format, and its bounds of safe integers, say
 * nothing to people and are left out.
 */
export const jsonSchemaOf = ({
  schema,
}: Pick<EventDefinition, 'schema'>): z.core.JSONSchema.BaseSchema =>
  z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const { format, minimum, maximum } = jsonSchema;
      if (format !== undefined) delete jsonSchema.pattern;
      if (minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
