// What a page does for its reader: one thing at a time, asked for first where it matters, and told of when it goes wrong.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Feilet } from './api/klient';
import { Dialog, Knapp } from './ds';
import { Feilmelding } from './feil';
import { t } from './tekst';

/** Runs one thing at a time, and keeps what went wrong with the last. */
export function useUtfoer() {
  const [feil, setFeil] = useState<Feilet>();
  const [opptatt, setOpptatt] = useState(false);
  const utfoer = async (f: () => Promise<void>) => {
    if (opptatt) return;
    setOpptatt(true);
    setFeil(undefined);
    try {
      await f();
    } catch (e) {
      setFeil(e instanceof Feilet ? e : new Feilet(0, 'UKJENT', '', ''));
    } finally {
      setOpptatt(false);
    }
  };
  return { feil, opptatt, utfoer };
}

/** What f fetches, anew when deps change or igjen is called. An answer that another has overtaken is dropped. */
export function useHent<T>(f: () => Promise<T>, deps: unknown[]) {
  const [data, setData] = useState<T>();
  const [feil, setFeil] = useState<Feilet>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let left = false;
    setFeil(undefined);
    f().then(
      (got) => !left && setData(got),
      (e) => !left && e instanceof Feilet && setFeil(e),
    );
    return () => {
      left = true;
    };
  }, [...deps, round]);
  return { data, feil, igjen: () => setRound((n) => n + 1) };
}

/** What is fetched, once it is there; until then that it is on its way, or what went wrong. */
export function Hentet<T>({ av, children }: { av: { data?: T; feil?: Feilet; igjen: () => void }; children: (data: T) => ComponentChildren }) {
  if (av.feil) return <Feilmelding feil={av.feil} igjen={av.igjen} />;
  if (av.data === undefined) return <p role="status">{t.value.laster}</p>;
  return <>{children(av.data)}</>;
}

type SpoersmaalProps = { tittel: string; etikett?: string; tekst: string; knapp?: string; farge?: string; klar?: boolean; children?: ComponentChildren; gjoer: () => Promise<void> };

/** Asks before it is done; children are what must be answered first, and etikett is the button's name where several have the same title. What went wrong is told where it was asked. */
export function Spoersmaal({ tittel, etikett, tekst, knapp = tittel, farge, klar = true, children, gjoer }: SpoersmaalProps) {
  const [open, setOpen] = useState(false);
  const { feil, opptatt, utfoer } = useUtfoer();
  return (
    <>
      <Knapp variant="secondary" farge={farge} aria-label={etikett} onClick={() => setOpen(true)}>
        {tittel}
      </Knapp>
      <Dialog aapen={open} lukk={() => setOpen(false)} tittel={tittel}>
        <form
          className="dialog"
          onSubmit={(e) => {
            e.preventDefault();
            void utfoer(async () => (await gjoer(), setOpen(false)));
          }}
        >
          <p>{tekst}</p>
          {children}
          {feil && <Feilmelding feil={feil} />}
          <div className="rad">
            <Knapp type="submit" farge={farge} disabled={opptatt || !klar}>
              {knapp}
            </Knapp>
            <Knapp variant="secondary" onClick={() => setOpen(false)}>
              {t.value.avbryt}
            </Knapp>
          </div>
        </form>
      </Dialog>
    </>
  );
}
