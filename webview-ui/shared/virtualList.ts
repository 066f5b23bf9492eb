import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface VirtualListOptions {
  /** The element that scrolls, once it is there. */
  readonly scroller: () => HTMLElement | null;
  /** Height of an item in pixels, or a guess at it where items are measured. */
  readonly height: (index: number) => number;
  readonly overscan: number;
  /** Room that something sticky takes at the top of the scroller, in pixels. */
  readonly above?: number;
}

/** Says which items of a long list are in sight, and updates its element when they change. */
export class VirtualList implements ReactiveController {
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  readonly #options: VirtualizerOptions<HTMLElement, HTMLElement>;
  #unmount: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, { scroller, height, overscan, above = 0 }: VirtualListOptions) {
    this.#options = {
      count: 0,
      getScrollElement: scroller,
      estimateSize: height,
      overscan,
      scrollPaddingStart: above,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => host.requestUpdate(),
    };
    this.#virtualizer = new Virtualizer(this.#options);
    host.addController(this);
  }

  /** The items to draw, of so many. */
  items(count: number): VirtualItem[] {
    this.#virtualizer.setOptions({ ...this.#options, count });
    return this.#virtualizer.getVirtualItems();
  }

  /** Of all items, in pixels. */
  get totalHeight(): number {
    return this.#virtualizer.getTotalSize();
  }

  /** Of the part that is in sight, in pixels. */
  get visibleHeight(): number {
    return this.#virtualizer.scrollRect?.height ?? 0;
  }

  scrollTo(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  /** To be called with each item's element (it bears `data-index`) where heights are only guessed. */
  readonly measure = (element: Element | undefined): void =>
    this.#virtualizer.measureElement((element as HTMLElement | undefined) ?? null);

  /** Forgets the measured heights, for a list with other items. */
  reset(): void {
    this.#virtualizer.measure();
  }

  hostConnected(): void {
    this.#unmount = this.#virtualizer._didMount();
  }

  hostUpdated(): void {
    this.#virtualizer._willUpdate();
  }

  hostDisconnected(): void {
    this.#unmount?.();
  }
}
