import { Reasoned } from '../../protocol/result.ts';
import { PickleReader } from './pickleReader.ts';

/** What a pickle may hold here. Tuples are lists, and every dictionary is a map. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | Pickled[]
  | Map<Pickled, Pickled>
  | Global
  | PersistentId
  | Called;

/** A class or function by its Python name, never looked up. */
export interface Global {
  readonly type: 'global';
  readonly name: string;
}

/** What torch keeps outside of the pickle: a storage. */
export interface PersistentId {
  readonly type: 'persistent';
  readonly id: Pickled;
}

/** A call of a global, recorded and not made. */
export interface Called {
  readonly type: 'called';
  readonly name: string;
  readonly args: readonly Pickled[];
}

const MARK = Symbol('mark');
type Slot = Pickled | typeof MARK;

interface Machine {
  readonly reader: PickleReader;
  readonly stack: Slot[];
  readonly memo: Map<number, Pickled>;
  readonly allowed: ReadonlySet<string>;
}

/**
 * Reads a pickle as data. Nothing is ever imported or called: a global outside of `allowed` and an opcode outside of
 * the table below are refused by name. Opcodes: CPython, Lib/pickletools.py.
 * @throws Reasoned `pickle-refused`
 */
export function unpickle(bytes: Uint8Array, allowed: ReadonlySet<string>): Pickled {
  const machine: Machine = { reader: new PickleReader(bytes), stack: [], memo: new Map(), allowed };
  for (;;) {
    const opcode = machine.reader.byte();
    if (opcode === STOP) return pop(machine);
    const run = OPCODES[opcode];
    if (!run) throw refused(`it uses opcode 0x${opcode.toString(16)}, which weights do not need`);
    run(machine);
  }
}

const STOP = 0x2e;

const push =
  (value: (reader: PickleReader) => Slot) =>
  ({ stack, reader }: Machine): void => {
    stack.push(value(reader));
  };

const memoize =
  (key: (machine: Machine) => number) =>
  (machine: Machine): void => {
    machine.memo.set(key(machine), top(machine));
  };

const recall =
  (key: (reader: PickleReader) => number) =>
  ({ stack, memo, reader }: Machine): void => {
    const value = memo.get(key(reader));
    if (value === undefined) throw refused('it recalls a value that it never kept');
    stack.push(value);
  };

const tupleOf =
  (length: number) =>
  ({ stack }: Machine): void => {
    stack.push(pickled(stack.splice(stack.length - length, length), length));
  };

const OPCODES: Readonly<Record<number, (machine: Machine) => void>> = {
  0x80: ({ reader }) => void reader.byte(), // PROTO
  0x95: ({ reader }) => void reader.unsigned(8), // FRAME
  0x28: push(() => MARK),
  0x4e: push(() => null),
  0x88: push(() => true),
  0x89: push(() => false),
  0x4a: push(reader => reader.int32()), // BININT
  0x4b: push(reader => reader.byte()), // BININT1
  0x4d: push(reader => reader.unsigned(2)), // BININT2
  0x8a: push(reader => reader.long(reader.byte())), // LONG1
  0x47: push(reader => reader.float64()), // BINFLOAT
  0x8c: push(reader => reader.text(reader.byte())), // SHORT_BINUNICODE
  0x58: push(reader => reader.text(reader.unsigned(4))), // BINUNICODE
  0x8d: push(reader => reader.text(reader.unsigned(8))), // BINUNICODE8
  0x7d: push(() => new Map()), // EMPTY_DICT
  0x5d: push(() => []), // EMPTY_LIST
  0x29: push(() => []), // EMPTY_TUPLE
  0x85: tupleOf(1),
  0x86: tupleOf(2),
  0x87: tupleOf(3),
  0x74: machine => machine.stack.push(popToMark(machine)), // TUPLE
  0x71: memoize(({ reader }) => reader.byte()), // BINPUT
  0x72: memoize(({ reader }) => reader.unsigned(4)), // LONG_BINPUT
  0x94: memoize(({ memo }) => memo.size), // MEMOIZE
  0x68: recall(reader => reader.byte()), // BINGET
  0x6a: recall(reader => reader.unsigned(4)), // LONG_BINGET
  0x63: machine => pushGlobal(machine, machine.reader.line(), machine.reader.line()), // GLOBAL
  0x93: machine => {
    const [name, module] = [pop(machine), pop(machine)]; // STACK_GLOBAL
    pushGlobal(machine, String(module), String(name));
  },
  0x51: machine => machine.stack.push({ type: 'persistent', id: pop(machine) }), // BINPERSID
  0x52: call, // REDUCE
  0x62: build,
  0x73: machine => {
    const [value, key] = [pop(machine), pop(machine)]; // SETITEM
    mapOnTop(machine).set(key, value);
  },
  0x75: machine => {
    const items = popToMark(machine); // SETITEMS
    const map = mapOnTop(machine);
    for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i] as Pickled, items[i + 1] as Pickled);
  },
  0x61: machine => {
    const item = pop(machine); // APPEND
    listOnTop(machine).push(item);
  },
  0x65: machine => {
    const items = popToMark(machine); // APPENDS
    listOnTop(machine).push(...items);
  },
};

function pushGlobal({ stack, allowed }: Machine, module: string, qualifiedName: string): void {
  const name = `${module}.${qualifiedName}`;
  if (!allowed.has(name)) throw refused(`it asks for "${name}", which weights do not need`);
  stack.push({ type: 'global', name });
}

/** An OrderedDict becomes a map, since items are set on it afterwards; any other call is only recorded. */
function call(machine: Machine): void {
  const [args, callee] = [pop(machine), pop(machine)];
  if (!isGlobal(callee) || !Array.isArray(args)) throw refused('it calls something that is not a function by name');
  const empty = callee.name === 'collections.OrderedDict';
  machine.stack.push(empty ? new Map() : { type: 'called', name: callee.name, args });
}

/** State set on an object. A state dict carries `_metadata` (versions of its modules), which weights do not need. */
function build(machine: Machine): void {
  pop(machine);
  mapOnTop(machine);
}

function pop({ stack }: Machine): Pickled {
  return pickled(stack.splice(-1, 1), 1)[0] as Pickled;
}

function top({ stack }: Machine): Pickled {
  return pickled(stack.slice(-1), 1)[0] as Pickled;
}

function pickled(slots: readonly Slot[], length: number): Pickled[] {
  if (slots.length !== length || slots.includes(MARK)) throw refused('its stack does not hold what an opcode takes');
  return slots as Pickled[];
}

function popToMark({ stack }: Machine): Pickled[] {
  const mark = stack.lastIndexOf(MARK);
  if (mark < 0) throw refused('a mark is missing on its stack');
  return stack.splice(mark).slice(1) as Pickled[];
}

function mapOnTop(machine: Machine): Map<Pickled, Pickled> {
  const value = top(machine);
  if (!(value instanceof Map)) throw refused('it sets items or state on something that is not a dictionary');
  return value;
}

function listOnTop(machine: Machine): Pickled[] {
  const value = top(machine);
  if (!Array.isArray(value)) throw refused('it appends to something that is not a list');
  return value;
}

export const isGlobal = (value: Pickled | undefined): value is Global =>
  typeof value === 'object' && value !== null && 'type' in value && value.type === 'global';

export const refused = (what: string): Reasoned =>
  new Reasoned(
    'pickle-refused',
    `The weights were not read, since a pickle can run any program and this one is not plain weights: ${what}.`,
    'If you trust its source, load it with transformers and save it with save_pretrained, which writes model.safetensors.',
  );
