import { patternOf } from '../../protocol/pattern.ts';
import type { PpoSpec } from '../../protocol/run/spec.ts';

/** Whether a response earns the reward; `label` is the index of its row's label. */
export type Rule = (text: string, label: number | null) => boolean;

type RuleSpec = NonNullable<PpoSpec['rewardRule']>;

/** `label`: the response begins with its row's label, which no letter or digit goes on; spaces before it do not count. */
export function ruleOf(rule: RuleSpec, labels: readonly string[]): Rule {
  if ('contains' in rule) return text => text.includes(rule.contains);
  if ('startsWith' in rule) return text => text.startsWith(rule.startsWith);
  if ('regex' in rule) {
    const pattern = patternOf(rule.regex);
    return text => pattern.test(text);
  }
  return (text, label) => {
    const wanted = label === null ? undefined : labels[label];
    const said = text.trimStart();
    return wanted !== undefined && said.startsWith(wanted) && !/^[\p{L}\p{N}]/u.test(said.slice(wanted.length));
  };
}
