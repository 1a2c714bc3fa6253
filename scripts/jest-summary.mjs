/** Prints the closing line that a reader and CI count on: `N passed, N failed`, alone and last. */
export default class JestSummary {
  onRunComplete(_contexts, result) {
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    process.once('exit', () => console.log(`${result.numPassedTests} passed, ${failed} failed`));
  }
}
