import { CRASH_POINTS } from './crash-points.js';
import { FINDINGS, type Finding } from './finding.js';
import type { RunResult } from './run.js';

/** Of each kind so many findings are shown. */
const SHOWN = 10;

/** The lines of a report; see README.md. */
export function reportOf(result: RunResult): string[] {
  const { messages, deaths, crashPoints, disturbances, findings } = result;
  const lines = [
    `${messages.outbound} messages sent through the API, ${messages.inbound} written on phones, ${deaths.length} deaths`,
    `${messages.approved} approvals, ${messages.questions} questions to the chatbot, ${messages.toAPerson} of them while a person had the conversation`,
    `in flight at each death: ${spread(deaths.map((death) => death.outbound))} outbound, ${spread(deaths.map((death) => death.inbound))} inbound`,
    'crash points (hit, of them with messages in flight; not reached):',
  ];
  for (const point of CRASH_POINTS) {
    const here = deaths.filter(({ where }) => where === point);
    const busy = here.filter(({ inbound, outbound }) => inbound + outbound > 0).length;
    lines.push(`  ${point}: ${here.length}, ${busy}; ${crashPoints.misses.get(point) ?? 0}`);
  }
  const struck = [...disturbances].map(([kind, count]) => `${kind} ${count}`);
  lines.push(`disturbances: ${struck.sort().join(', ') || 'none'}`);
  lines.push(...(result.cluster ?? []));
  for (const kind of FINDINGS) lines.push(...kindOf(kind, findings));
  if (result.ofBrowser) lines.push(...ofBrowserLines(result.ofBrowser));
  return lines;
}

/** Reported and no failure: in the log of a session whose library acknowledges by itself. */
function ofBrowserLines(findings: Finding[]): string[] {
  const lines = ['in the log of the session in a browser, which is no failure:'];
  const kinds = FINDINGS.filter((kind) => findings.some((finding) => finding.kind === kind));
  if (kinds.length === 0) lines.push('  nothing lost, doubled or out of order');
  for (const kind of kinds) lines.push(...kindOf(kind, findings).map((line) => `  ${line}`));
  return lines;
}

function kindOf(kind: string, findings: Finding[]): string[] {
  const found = findings.filter((finding) => finding.kind === kind);
  const lines = [`${kind}: ${found.length}`];
  for (const { who, where, what, detail } of found.slice(0, SHOWN)) {
    lines.push(`  ${who}, ${where}: ${what} (${detail})`);
  }
  if (found.length > SHOWN) lines.push(`  and ${found.length - SHOWN} more`);
  return lines;
}

function spread(numbers: number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  return `${sorted[0] ?? 0} to ${sorted.at(-1) ?? 0}, median ${sorted[sorted.length >> 1] ?? 0}`;
}
