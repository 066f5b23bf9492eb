import { openTable } from '../../../src/data/open.ts';

/** Reads the file that is named and tells its parent what was there, and the most memory that this process has had. */
const table = await openTable(process.argv[2] as string, { header: null });
const rows = table.rows.count;
process.send?.({ rows, last: table.rows.read(rows - 1), peakMegabytes: process.resourceUsage().maxRSS / 1024 });
table.rows.dispose();
process.disconnect();
