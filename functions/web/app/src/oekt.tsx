// The end of a session: told two minutes before, and what is written stays when it is over.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Dialog, Knapp, Lenkeknapp } from './ds';
import { forleng, hentSesjon, sesjon, tjenerklokke, utloept } from './sesjon';
import { t } from './tekst';

const warn = 120;
const rest = signal<number | null>(null); // seconds left, when it is time to tell

const left = () => Math.ceil((new Date(sesjon.value?.slutter ?? 0).getTime() - tjenerklokke()) / 1000);

async function look() {
  if (!sesjon.value?.innlogget || utloept.value) return;
  if (rest.value === null && left() <= warn) await hentSesjon().catch(() => {}); // what was done since moved the end
  rest.value = left() <= warn ? Math.max(0, left()) : null;
  if (left() <= 0) await hentSesjon().catch(() => {});
}

export function Oekt() {
  useEffect(() => {
    const clock = setInterval(() => void look(), 1000);
    const back = () => void (sesjon.value?.innlogget && hentSesjon().catch(() => {})); // another may have logged in, in another tab
    addEventListener('focus', back);
    return () => {
      clearInterval(clock);
      removeEventListener('focus', back);
    };
  }, []);
  const x = t.value.oekt;
  const last = sesjon.value?.senest === sesjon.value?.slutter;
  const told = rest.value ?? 0;
  const extend = () => void forleng().then(look);
  return (
    <>
      <Dialog aapen={rest.value !== null && !utloept.value} lukk={extend} tittel={x.utloepTittel}>
        <p>{last ? x.senest(told) : x.utloep(told)}</p>
        <Knapp onClick={extend}>{last ? t.value.lukk : x.fortsett}</Knapp>
      </Dialog>
      <Dialog aapen={utloept.value} tittel={x.ferdigTittel}>
        <p>{x.ferdig}</p>
        <div className="rad">
          <Lenkeknapp href="/innlogging/start" target="_blank" rel="noopener">
            {x.loggInnIgjen}
          </Lenkeknapp>
          <Knapp variant="secondary" onClick={() => void hentSesjon().catch(() => {})}>
            {x.erInne}
          </Knapp>
        </div>
      </Dialog>
    </>
  );
}
