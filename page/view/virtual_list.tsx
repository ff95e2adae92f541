import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { ComponentChildren, JSX } from "preact";
import {
  useCallback,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from "preact/hooks";

type List = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** What whoever shows a list may ask of it. */
export interface ListHandle {
  toIndex(index: number): void;
}

export interface VirtualListProps<Item> {
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string | number;
  readonly render: (item: Item, index: number) => ComponentChildren;
  /** A usual row's height in pixels, before it is measured. */
  readonly rowHeight: number;
  /** "log": it grows at its end, stays there as long as its reader does, and begins there. */
  readonly kind: "list" | "log";
  readonly label: string;
  /** Its first row came into view. */
  readonly onStart?: () => void;
  /** Its last row did. */
  readonly onEnd?: () => void;
  readonly handle?: { current: ListHandle | null };
}

const OVERSCAN = 4;
/** Rows from an end at which more are wanted. */
const NEAR = 20;
/** Pixels from its end at which a log still counts as read to its end. */
const END = 80;

/** A list of any length: only the rows in view are in the document. */
export function VirtualList<Item>(props: VirtualListProps<Item>): JSX.Element {
  const { items, keyOf, render, kind, label } = props;
  const element = useRef<HTMLDivElement>(null);
  const list = useList(props, element);
  const rows = list.getVirtualItems();
  const [first] = rows;
  useLayoutEffect(() => {
    if (first !== undefined && first.index < NEAR) props.onStart?.();
    const last = rows.at(-1);
    if (last !== undefined && last.index >= items.length - NEAR) {
      props.onEnd?.();
    }
  }, [first?.index, rows.at(-1)?.index, items]);
  const isLog = kind === "log";
  const isBehind = isLog && items.length > 0 && !list.isAtEnd(END);
  const scroller = (
    <div
      class={`scroller ${kind}`}
      ref={element}
      tabIndex={0}
      role={isLog ? "log" : "region"}
      aria-live="off"
      aria-label={label}
    >
      <div
        class="rows"
        role="list"
        style={{ height: `${list.getTotalSize()}px` }}
      >
        {rows.map(({ index, start }) => {
          const item = items[index] as Item;
          return (
            <div
              key={keyOf(item)}
              class="row"
              role="listitem"
              aria-setsize={items.length}
              aria-posinset={index + 1}
              data-index={index}
              ref={list.measureElement}
              style={{ transform: `translateY(${start}px)` }}
            >
              {render(item, index)}
            </div>
          );
        })}
      </div>
    </div>
  );
  return (
    <>
      {scroller}
      {isBehind && (
        <button
          type="button"
          class="to-end"
          onClick={() => list.scrollToEnd()}
        >
          Newest ↓
        </button>
      )}
    </>
  );
}

function useList<Item>(
  { items, keyOf, rowHeight, kind, handle }: VirtualListProps<Item>,
  element: { readonly current: HTMLDivElement | null },
): List {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const isLog = kind === "log";
  // Another function is another list: all of its rows would be laid out anew.
  const getItemKey = useCallback(
    (index: number) => keyOf(items[index] as Item),
    [items],
  );
  const options: VirtualizerOptions<HTMLDivElement, HTMLDivElement> = {
    count: items.length,
    getScrollElement: () => element.current,
    estimateSize: () => rowHeight,
    getItemKey,
    overscan: OVERSCAN,
    anchorTo: isLog ? "end" : "start",
    scrollEndThreshold: END,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [list] = useState(() => new Virtualizer(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  useFollowing(element, isLog);
  useLayoutEffect(() => {
    if (handle === undefined) return;
    handle.current = {
      toIndex: (index) => list.scrollToIndex(index, { align: "center" }),
    };
  }, []);
  return list;
}

/**
 * Keeps a log at its end until its reader scrolls up, and again once he is back there. Rows are measured after they
 * are drawn, so where the end is changes with no message at all.
 */
function useFollowing(
  element: { readonly current: HTMLDivElement | null },
  isLog: boolean,
): void {
  const isFollowing = useRef(isLog);
  const last = useRef(0);
  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller === null || !isLog) return;
    const scrolled = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      if (scrollHeight - clientHeight - scrollTop <= END) {
        isFollowing.current = true;
      } else if (scrollTop < last.current) isFollowing.current = false;
      last.current = scrollTop;
    };
    // Before the list draws anew for the same event.
    scroller.addEventListener("scroll", scrolled, { capture: true });
    return () =>
      scroller.removeEventListener("scroll", scrolled, { capture: true });
  }, []);
  useLayoutEffect(() => {
    const scroller = element.current;
    if (scroller !== null && isFollowing.current) {
      scroller.scrollTop = scroller.scrollHeight;
    }
  });
}
