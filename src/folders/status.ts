import { writeAtomically } from '../models/atomicFile.ts';

/** What every status says: who works on the folder, and when it last showed that it lives. */
export interface Sign {
  readonly host: string;
  readonly processId: number;
  readonly heartbeatAt: string;
  readonly startedAt: string;
}

type Mine<Status extends Sign> = Omit<Status, 'heartbeatAt'>;

/** What changes while one process works on the folder. */
export type Changes<Status extends Sign> = Partial<Omit<Status, keyof Sign>>;

/** How often the file says how far the work is, and that whoever does it lives. */
const HEARTBEAT_MS = 1000;

/** status.json: replaced whole at each change of state, and about once a second in between. */
export class StatusFile<Status extends Sign> {
  private readonly file: string;
  private readonly shown: (status: Mine<Status>) => Mine<Status>;
  private status: Mine<Status>;
  private lastWrite: Promise<void> = Promise.resolve();
  private writtenAt = Number.NEGATIVE_INFINITY;

  /** `shown` leaves out what does not hold in the present state. */
  constructor(file: string, status: Mine<Status>, shown: (status: Mine<Status>) => Mine<Status> = status => status) {
    this.file = file;
    this.status = status;
    this.shown = shown;
  }

  get now(): Mine<Status> {
    return this.status;
  }

  /** To be said with the next heartbeat. */
  note(changes: Changes<Status>): void {
    this.status = { ...this.status, ...changes };
  }

  /** Settles when the file says so. */
  change(changes: Changes<Status>): Promise<void> {
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
      const status = { ...this.shown(this.status), heartbeatAt: new Date().toISOString() };
      await writeAtomically(this.file, handle => handle.writeFile(`${JSON.stringify(status, null, 2)}\n`));
    };
    this.lastWrite = this.lastWrite.then(write, write); // a write that failed was told to whoever asked for it
    return this.lastWrite;
  }
}
