/** Why the monitor does not do what it was asked. */
export const monitorProblems = {
  invalid: [422, 'The request cannot be understood', 'Mend what `detail` names.'],
  unreadable: [400, 'The body cannot be read', 'Send JSON in UTF-8, at most 100 kB.'],
  unknown: [404, 'There is nothing here', 'The API is under /api, the page at /.'],
  busy: [503, 'Too many listen', 'Ask again, or close a page that is open elsewhere.'],
  'unknown-host': [
    421,
    'The monitor is not known by this name',
    'Ask for localhost, or set MONITOR_PUBLIC_URL to where people reach it.',
  ],
  'operators-only': [401, 'Operators only', "Show an operator's token: `Authorization: Bearer …`."],
  otlp: [400, 'The spans cannot be taken', 'Export OTLP over HTTP in protobuf or JSON.'],
  failed: [500, 'It did not work', 'The log of the process says why. Ask again.'],
} as const;
