import { execFileSync, spawnSync } from 'node:child_process';

/** Where two hosts of a run meet, and how a command is started on each. */
export interface Hosts {
  readonly address: string;
  /** A command line on a host, 0 or 1. */
  on(host: number, command: readonly string[]): readonly string[];
  dispose(): void;
}

const NAMES = ['lm-lab-0', 'lm-lab-1'];
const ADDRESSES = ['10.213.7.1', '10.213.7.2'];

/** Two network namespaces with a cable between them, where this machine allows them; else this machine twice. */
export function twoHosts(): Hosts {
  remove();
  if (NAMES.every(name => spawnSync('ip', ['netns', 'add', name]).status === 0)) {
    execFileSync('ip', [
      'link',
      'add',
      'lmlab0',
      'netns',
      NAMES[0] as string,
      'type',
      'veth',
      'peer',
      'name',
      'lmlab1',
    ]);
    execFileSync('ip', ['link', 'set', 'lmlab1', 'netns', NAMES[1] as string]);
    for (const [host, name] of NAMES.entries()) {
      const ip = (...args: string[]) => execFileSync('ip', ['-n', name, ...args]);
      ip('addr', 'add', `${ADDRESSES[host]}/24`, 'dev', `lmlab${host}`);
      ip('link', 'set', `lmlab${host}`, 'up');
      ip('link', 'set', 'lo', 'up');
    }
    console.log('Two hosts: network namespaces.');
    return {
      address: ADDRESSES[0] as string,
      on: (host, command) => [
        'ip',
        'netns',
        'exec',
        NAMES[host] as string,
        'env',
        `GLOO_SOCKET_IFNAME=lmlab${host}`,
        ...command,
      ],
      dispose: remove,
    };
  }
  remove();
  console.log('Two hosts: this machine twice, as it allows no network namespaces.');
  return { address: '127.0.0.1', on: (_, command) => command, dispose: () => {} };
}

function remove(): void {
  for (const name of NAMES) spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
}
