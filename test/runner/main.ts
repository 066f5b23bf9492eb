/** Runs the tiers named in the arguments, or all but those that must be named; prints what each counted; fails where any test failed or none ran. */
import type { Counts } from './commands.ts';
import { type Tier, tiers } from './tiers.ts';

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !tiers.some(tier => tier.name === name));
if (unknown.length > 0) {
  console.error(`No tier is named ${unknown.join(', ')}. There are: ${tiers.map(({ name }) => name).join(' ')}.`);
  process.exit(2);
}

const lines: string[] = [];
const total = { passed: 0, failed: 0 };
for (const tier of tiers.filter(({ name, onRequest }) => (chosen.length === 0 ? !onRequest : chosen.includes(name)))) {
  console.log(`\n── ${tier.name}`);
  const started = Date.now();
  const { passed, failed } = await countsOf(tier);
  lines.push(`${tier.name}: ${passed} passed, ${failed} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A tier that ran nothing has failed. */
async function countsOf(tier: Tier): Promise<Counts> {
  const counts = await tier.run();
  if (counts.passed + counts.failed > 0) return counts;
  console.error(`${tier.name} ran no test.`);
  return { passed: 0, failed: 1 };
}
