/**
 * Ends a run of jest with one line, `N passed, N failed`, for whoever reads only the end. A suite
 * that could not run its tests counts as one failed. Written at exit: jest's summary comes later
 * than `onRunComplete`.
 */
export default class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.once('exit', () =>
      process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`),
    );
  }
}
