/**
 * The environment that a process which trains is started with, on Linux; elsewhere it means nothing. A step allocates and
 * frees gigabytes. The GNU C library returns such memory to the system at once, which then fills it with zeros anew, 4 KB
 * at a time: a third of a step's time. With these it is kept for the next step, in pages of 2 MB; an array of more than
 * 32 MB is returned all the same, since little else fits where it was. They are read when a process begins, and can't be
 * set later. (glibc manual, “Memory Allocation Tunables”)
 */
export const KEEPS_MEMORY: Readonly<Record<string, string>> =
  process.platform === 'linux'
    ? {
        GLIBC_TUNABLES:
          'glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=17179869184:glibc.malloc.hugetlb=1',
      }
    : {};
