import type { RunSpec } from '../protocol/run/spec.ts';

export const SHELL_SCRIPT = 'train.sh';
export const SLURM_SCRIPT = 'train.sbatch';
export const READ_ME = 'README.txt';

/** What whoever finds an exported run should know. */
export const readMe = ({ torch }: RunSpec): string => `A fine-tuning run of LM Lab, to be trained by PyTorch.

1. Make a Python environment, once:    python3 -m venv ~/lm-lab && ~/lm-lab/bin/pip install -r python/requirements.txt
2. Train:                              PYTHON=~/lm-lab/bin/python sh ${SHELL_SCRIPT}
   On a cluster with SLURM:            PYTHON=~/lm-lab/bin/python sbatch ${SLURM_SCRIPT}
   Save and stop:                      touch stop          (the same command goes on from there)

run.json asks for ${torch.processes} ${torch.processes === 1 ? 'process' : 'processes'} on ${torch.machines} ${torch.machines === 1 ? 'machine' : 'machines'}: torch.processes and torch.machines may be changed before the start.
On several machines this folder must be there on each, shared or copied; the same command is started on every machine
with --machine-rank 0, 1, … and --main-address, the name or address of the first.

To see the curves while it trains, open this folder with LM Lab: Open Run Folder…, or copy it back when it has ended.
`;

/** What starts an exported run, and goes on with it. */
export const shellScript = (): string => `#!/bin/sh
# Trains the run in this folder, or goes on with it:  sh train.sh
# PYTHON names an interpreter that has what python/requirements.txt asks for (default: python3).
# What is given is passed on, such as  --machine-rank 1 --main-address first-machine  (--help tells all).
# To save and stop:  touch stop
cd "$(dirname "$0")" || exit 1
PYTHONPATH="$PWD/python\${PYTHONPATH:+:$PYTHONPATH}" exec "\${PYTHON:-python3}" -m lm_lab_torch . "$@"
`;

/** A job that starts one command on each machine, and saves before its time is up; submitted again, it goes on. */
export function slurmScript({ torch, device }: RunSpec, name: string): string {
  const { machines, processes } = torch;
  const each = Math.ceil(processes / machines);
  return `#!/bin/bash
#SBATCH --job-name=${name.replaceAll(/[^\w.-]+/g, '-')}
#SBATCH --nodes=${machines}
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=${each}
${device === 'cpu' ? '#' : ''}#SBATCH --gpus-per-node=${each}
#SBATCH --time=24:00:00
#SBATCH --signal=B:TERM@300
#SBATCH --output=slurm-%j.txt
# sbatch ${SLURM_SCRIPT}: change the lines above to what your cluster has. PYTHON names the interpreter; it and this
# folder must be there on every machine. Submitted again, the run goes on from its newest checkpoint.

cd "$SLURM_SUBMIT_DIR" || exit 1
export MAIN=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
srun sh -c 'exec sh ${SHELL_SCRIPT} --machine-rank "$SLURM_NODEID" --main-address "$MAIN"' &
job=$!
trap 'touch stop' TERM # five minutes before the end: the run saves and stops
while kill -0 "$job" 2> /dev/null; do wait "$job"; done
wait "$job"
`;
}
