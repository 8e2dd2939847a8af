// What every page has: a title for the window, and a heading that takes the focus when one comes to the page.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Tittel } from './ds';

let first = true; // the page that is loaded keeps the browser's own focus

/** The window's title must not tell of a person. */
export function Overskrift({ vindu, children }: { vindu: string; children: ComponentChildren }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${vindu} – Hjemmel`;
  }, [vindu]);
  useEffect(() => {
    if (!first) ref.current?.focus();
    first = false;
  }, []);
  return (
    <Tittel ref={ref} nivaa={1} stoerrelse="lg" tabIndex={-1}>
      {children}
    </Tittel>
  );
}
