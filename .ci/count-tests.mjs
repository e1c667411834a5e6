// Reads a vitest JSON report and prints "<passed> <failed>", and to stderr what failed and why. A
// skipped test, a missing report, a suite that must have run and did not, and a bad exit code with no
// failed test count as failures.
// Usage: node .ci/count-tests.mjs <report> <exit code of the run> [words that some test names carry, by comma]
import { existsSync, readFileSync } from 'node:fs';

const [file, exitCode, required] = process.argv.slice(2);
const complaints = [];
let passed = 0;
let failed = 0;

if (existsSync(file)) count(JSON.parse(readFileSync(file, 'utf8')));
else complaints.push('The run wrote no report.');
if (exitCode !== '0' && failed === 0) complaints.push(`The run ended with exit code ${exitCode}.`);
for (const complaint of complaints) console.error(complaint);
console.log(`${passed} ${failed + complaints.length}`);

function count(report) {
  const tests = report.testResults.flatMap((suite) => suite.assertionResults);
  passed = tests.filter((test) => test.status === 'passed').length;
  const failures = tests.filter((test) => test.status === 'failed');
  // A file that could not be loaded has no tests to count.
  const unloaded = report.testResults.filter(
    (suite) =>
      suite.status === 'failed' && !suite.assertionResults.some((t) => t.status === 'failed'),
  );
  failed = failures.length + unloaded.length;
  for (const test of failures) tell(test.fullName, test.failureMessages[0]);
  for (const suite of unloaded) tell(suite.name, suite.message);
  for (const test of tests.filter((each) => !['passed', 'failed'].includes(each.status))) {
    complaints.push(`Skipped: ${test.fullName}`);
  }
  for (const word of required?.split(',').filter(Boolean) ?? []) requireRuns(tests, word);
}

function tell(name, message = '') {
  console.error(`FAILED: ${name}\n    ${message.split('\n').slice(0, 4).join('\n    ')}`);
}

/** The same tests run on every database and runner; each run carries its name in its title. */
function requireRuns(tests, word) {
  const ran = tests.filter(
    (test) => test.status === 'passed' && test.fullName.toLowerCase().includes(word),
  );
  console.error(`${ran.length} tests ran on ${word}.`);
  if (ran.length === 0) complaints.push(`No test ran on ${word}.`);
}
