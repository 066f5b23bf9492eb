/** From the host to a page that shows one snapshot, whole or what of it is new. */
export type FormMessage<Snapshot> =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  /** Fields of the last snapshot that are new. */
  | { readonly type: 'changes'; readonly changes: Partial<Snapshot> };
