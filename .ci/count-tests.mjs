// Reads a vitest JSON report and prints "<passed> <failed>". A skipped test, a missing report, a
// suite that must have run and did not, and a bad exit code with no failed test count as failures.
// Usage: node .ci/count-tests.mjs <report> <exit code of the run> [word that some test names carry]
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
  failed = tests.filter((test) => test.status === 'failed').length;
  // A file that could not be loaded has no tests to count.
  failed += report.testResults.filter(
    (suite) =>
      suite.status === 'failed' && !suite.assertionResults.some((t) => t.status === 'failed'),
  ).length;
  for (const test of tests.filter((each) => !['passed', 'failed'].includes(each.status))) {
    complaints.push(`Skipped: ${test.fullName}`);
  }
  if (required) requireRuns(tests);
}

/** The same tests run on every database; each run carries the database's name in its title. */
function requireRuns(tests) {
  const ran = tests.filter(
    (test) => test.status === 'passed' && test.fullName.toLowerCase().includes(required),
  );
  console.error(`${ran.length} tests ran on ${required}.`);
  if (ran.length === 0) complaints.push(`No test ran on ${required}.`);
}
