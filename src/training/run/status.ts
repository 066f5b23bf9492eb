import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../../models/atomicFile.ts';
import { RUN_FILES, type RunStatus } from '../../protocol/run/folder.ts';
import { readJson } from '../../protocol/run/reading.ts';

type Mine = Omit<RunStatus, 'heartbeatAt'>;

/** What changes while a trainer has the run. */
export type StatusChanges = Partial<Omit<Mine, 'host' | 'processId' | 'startedAt'>>;

/** How often the file says how far the run is, and that its trainer lives. */
const HEARTBEAT_MS = 1000;

/** status.json: replaced whole at each change of state, and about once a second in between. */
export class RunStatusFile {
  private readonly file: string;
  private status: Mine;
  private lastWrite: Promise<void> = Promise.resolve();
  private writtenAt = Number.NEGATIVE_INFINITY;

  private constructor(file: string, status: Mine) {
    this.file = file;
    this.status = status;
  }

  /** Takes a run over from whoever had it before. When it was first started stays. */
  static async open(folder: string): Promise<RunStatusFile> {
    const file = join(folder, RUN_FILES.status);
    const before = await readJson<RunStatus>(file);
    const { startedAt = new Date().toISOString(), step = 0, totalSteps = 0, device = '' } = before ?? {};
    const mine = { host: hostname(), processId: process.pid, startedAt };
    return new RunStatusFile(file, { state: 'preparing', step, totalSteps, device, ...mine });
  }

  get state(): RunStatus['state'] {
    return this.status.state;
  }

  /** To be said with the next heartbeat. */
  note(changes: StatusChanges): void {
    this.status = { ...this.status, ...changes };
  }

  /** Settles when the file says so. */
  change(changes: StatusChanges): Promise<void> {
    this.note(changes);
    return this.write();
  }

  /** A sign of life, where one is due. */
  async beat(): Promise<void> {
    if (performance.now() - this.writtenAt >= HEARTBEAT_MS) await this.write();
  }

  /** One write after the other, each of what holds when its turn has come. */
  private write(): Promise<void> {
    this.writtenAt = performance.now();
    const write = async (): Promise<void> => {
      const { preparing, ...rest } = this.status;
      const heartbeatAt = new Date().toISOString();
      const status: RunStatus = { ...rest, ...(preparing && rest.state === 'preparing' && { preparing }), heartbeatAt };
      await writeAtomically(this.file, handle => handle.writeFile(`${JSON.stringify(status, null, 2)}\n`));
    };
    this.lastWrite = this.lastWrite.then(write, write); // a write that failed was told to whoever asked for it
    return this.lastWrite;
  }
}
