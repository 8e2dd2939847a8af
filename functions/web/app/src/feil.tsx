// What went wrong, told so that a reader knows whether it is the register, us, the net, or what they asked.
import type { Feilet } from './api/klient';
import { Knapp, Varsel } from './ds';
import { t } from './tekst';

/** hva says which part of the page is missing, where the rest is there. */
export function Feilmelding({ feil, igjen, hva }: { feil: Feilet; igjen?: () => void; hva?: string }) {
  const x = t.value.feil;
  const ours = feil.status >= 500;
  const words = feil.status === 0 ? x.nett : feil.register ? x.register : ours ? x.oss : feil.tekst || x.ukjent;
  return (
    <Varsel slag={ours || feil.status === 0 ? 'danger' : 'warning'} role="alert">
      <p>
        {hva} {words}
      </p>
      {feil.id && <p className="liten">{x.referanse(feil.id)}</p>}
      {igjen && (ours || feil.status === 0) && (
        <Knapp variant="secondary" onClick={igjen}>
          {t.value.proevIgjen}
        </Knapp>
      )}
    </Varsel>
  );
}
