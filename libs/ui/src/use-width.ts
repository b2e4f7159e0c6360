import { type RefObject, useEffect, useRef, useState } from 'react';

/** The width of an element in CSS pixels, for pictures that fill it; 0 before it is known. */
export const useWidth = <Part extends Element>(): readonly [RefObject<Part | null>, number] => {
  const ref = useRef<Part>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
};
