/** What can be downloaded with one click. Parameters and sizes as the hub shows them. */
export const GPT2_FAMILY = [
  { name: 'openai-community/gpt2', title: 'GPT-2', parameters: 124e6, bytes: 548e6 },
  { name: 'openai-community/gpt2-medium', title: 'GPT-2 medium', parameters: 355e6, bytes: 1.52e9 },
  { name: 'openai-community/gpt2-large', title: 'GPT-2 large', parameters: 774e6, bytes: 3.25e9 },
  { name: 'openai-community/gpt2-xl', title: 'GPT-2 XL', parameters: 1.5e9, bytes: 6.43e9 },
  { name: 'distilbert/distilgpt2', title: 'DistilGPT-2', parameters: 82e6, bytes: 353e6 },
] as const;

/**
 * What is wrong with a hub name, `owner/name[@revision][:subfolder]`, in words for whoever is typing it; undefined
 * where nothing is. The hub's own rules: letters, digits, `-`, `_` and `.`, not `..` or `--`, 96 characters at most.
 */
export function hubNameProblem(name: string): string | undefined {
  const parts = /^([^@:]*)(?:@([^:]*))?(?::(.*))?$/.exec(name);
  if (!parts) return 'Write owner/name, then @revision and :subfolder where you need them.';
  const [, repository = '', revision, subfolder] = parts;
  const [owner, repo, ...more] = repository.split('/');
  if (!owner || !repo || more.length > 0) return 'Write owner/name, such as openai-community/gpt2.';
  if (repo.length > 96 || owner.length > 96) return 'Owner and name have 96 characters at most.';
  const odd = [owner, repo].find(part => !/^\w(?:[\w.-]*\w)?$/.test(part) || /\.\.|--/.test(part));
  if (odd !== undefined) return `“${odd}” is not a name on the hub: letters, digits, “-”, “_” and “.” inside it.`;
  if (revision !== undefined && !/^[\w./-]+$/.test(revision)) return 'After @ stands a branch, a tag or a commit.';
  if (subfolder === undefined) return undefined;
  const climbs = subfolder.split('/').some(part => part === '' || part === '.' || part === '..');
  return climbs || subfolder.includes('\\')
    ? 'After : stands a folder inside the repository, such as onnx/small.'
    : undefined;
}
